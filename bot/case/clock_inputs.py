"""The inputs of a case's clocks: the facts that choose its policy, and its clock events."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.case.facts import Source
from bot.people import CaseId
from bot.priority import Priority
from bot.sla import ClockEvent, ClockEventKind, Lasted, Reading, WaitsOn, readings, waits
from bot.team import Policy, TeamDocument


class PolicyFacts:
    """The facts of a case that decide which policy applies."""

    customer: str
    opened_tier: str
    category: str
    source: Source | None
    opened_priority: Priority

    def policy_in(self, document: TeamDocument) -> Policy:
        """Return the policy of a document for a case like this."""
        return document.policy_for(
            priority=self.opened_priority,
            category=self.category or None,
            source=self.source,
            tier=self.opened_tier or None,
            customer=self.customer,
        )


@dataclass(frozen=True, kw_only=True)
class ClockInputs(PolicyFacts):
    """Everything the clocks of a case depend on, except the policy.

    So the same case can be evaluated under several policies: see ``bot/reports/preview.py``.
    """

    id: CaseId
    customer: str
    opened_tier: str
    category: str
    source: Source | None
    priority: Priority  # the current one
    opened_priority: Priority
    opened_at: datetime
    over_at: datetime | None
    clock_events: tuple[ClockEvent, ...]

    def clocks(self, policy: Policy, *, at: datetime) -> list[Reading]:
        """Return the reading of each clock at an instant, with its explanation."""
        return readings(
            policy,
            priority=self.opened_priority,
            opened_at=self.opened_at,
            clock_events=self.clock_events,
            now=at,
        )

    def waits(self, policy: Policy, *, until: datetime) -> dict[WaitsOn, Lasted]:
        """Return how long the case waited up to ``until``, by what it waited for."""
        return waits(policy, opened_at=self.opened_at, clock_events=self.clock_events, until=until)

    def with_priority(self, to: Priority, *, at: datetime) -> "ClockInputs":
        """Return a copy with a priority change at ``at``, after all other events."""
        changed = self._then(ClockEvent(ClockEventKind.PRIORITY_CHANGED, at, to=to))
        return replace(changed, priority=to)

    def with_resolution(self, *, at: datetime) -> "ClockInputs":
        """Return a copy with the case resolved at ``at``."""
        return self._then(ClockEvent(ClockEventKind.RESOLVED, at))

    def _then(self, clock_event: ClockEvent) -> "ClockInputs":
        return replace(self, clock_events=(*self.clock_events, clock_event))
