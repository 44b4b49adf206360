"""What the clocks of a case are made from: its facts, and what happened since it was opened."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.case.facts import Source
from bot.people import CaseId
from bot.priority import Priority
from bot.sla import ClockEvent, ClockEventKind, Lasted, Reading, WaitsOn, readings, waits
from bot.team import Policy, TeamDocument


class PolicyFacts:
    """What a promise is chosen by."""

    customer: str
    opened_tier: str
    category: str
    source: Source | None
    opened_priority: Priority

    def policy_in(self, document: TeamDocument) -> Policy:
        """What a document promises for a case like this."""
        return document.policy_for(
            priority=self.opened_priority,
            category=self.category or None,
            source=self.source,
            tier=self.opened_tier or None,
            customer=self.customer,
        )


@dataclass(frozen=True, kw_only=True)
class ClockInputs(PolicyFacts):
    """It says nothing of any promise, so that each document can be asked what it would promise."""

    id: CaseId
    customer: str
    opened_tier: str
    category: str
    source: Source | None
    priority: Priority  # as it is now
    opened_priority: Priority
    opened_at: datetime
    over_at: datetime | None
    clock_events: tuple[ClockEvent, ...]

    def clocks(self, policy: Policy, *, at: datetime) -> list[Reading]:
        """How each clock stands at an instant, with the account of how that came about."""
        return readings(
            policy,
            priority=self.opened_priority,
            opened_at=self.opened_at,
            clock_events=self.clock_events,
            now=at,
        )

    def waits(self, policy: Policy, *, until: datetime) -> dict[WaitsOn, Lasted]:
        """On whom the case waited, and for how long."""
        return waits(policy, opened_at=self.opened_at, clock_events=self.clock_events, until=until)

    def with_priority(self, to: Priority, *, at: datetime) -> "ClockInputs":
        """The same, if the priority were changed at that instant, the last of all."""
        changed = self._then(ClockEvent(ClockEventKind.PRIORITY_CHANGED, at, to=to))
        return replace(changed, priority=to)

    def with_resolution(self, *, at: datetime) -> "ClockInputs":
        """The same, if the case were resolved at that instant."""
        return self._then(ClockEvent(ClockEventKind.RESOLVED, at))

    def _then(self, clock_event: ClockEvent) -> "ClockInputs":
        return replace(self, clock_events=(*self.clock_events, clock_event))
