"""A case and its lifecycle."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.delivery import Delivery
from bot.errors import AlreadyClaimed, AlreadyResolved, NotResolved, TooLateToReopen
from bot.escalation import who_to_tell
from bot.events import Event, EventKind
from bot.people import CaseId, Person, UserId, reference
from bot.priority import Priority
from bot.roles import Step, permit
from bot.sla import Clock, ClockState, Metric
from bot.team import Policy
from bot.teams import Team

REOPEN_WITHIN = timedelta(days=7)


class Status(StrEnum):
    OPEN = "open"
    CLAIMED = "claimed"
    RESOLVED = "resolved"


class Reason(StrEnum):
    """Why a case needs a manager."""

    RISK = "risk"
    COMPLEXITY = "complexity"
    DISSATISFACTION = "dissatisfaction"


class Source(StrEnum):
    """Where the customer came from."""

    PHONE = "phone"
    CHAT = "chat"
    EMAIL = "e-mail"
    SOCIAL = "social"
    STORE = "store"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class NewCase:
    """What a reporter tells of a case; texts are cleaned, and not empty where required."""

    customer: str
    summary: str
    reasons: tuple[Reason, ...]
    priority: Priority
    category: str = ""
    ticket_link: str = ""
    source: Source | None = None
    wish: str = ""


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """What its owner says of a case at its end."""

    outcome: str
    root_cause: str
    prevention: str


@dataclass(eq=False, kw_only=True)
class Case:
    """One customer problem under escalation: one row, one card, one thread."""

    id: CaseId
    team: Team
    team_revision: int  # of the document that it was opened under
    customer: str
    summary: str
    reasons: tuple[Reason, ...]
    priority: Priority
    category: str
    ticket_link: str
    source: Source | None
    wish: str
    reporter: UserId
    opened_at: datetime
    card: Delivery
    status: Status = Status.OPEN
    owner: UserId | None = None
    resolved_at: datetime | None = None
    outcome: str = ""
    root_cause: str = ""
    prevention: str = ""
    next_check_at: datetime | None = None  # when a clock next has something to say
    clocks: list[Clock] = field(default_factory=list)
    history: list[Event] = field(default_factory=list)

    @classmethod
    def open(cls, wanted: NewCase, team: Team, *, id_: CaseId, by: Person, at: datetime) -> "Case":
        permit(Step.ESCALATE, by, team, reporter=by.user, owner=None)
        case = cls(
            **vars(wanted),
            id=id_,
            team=team,
            team_revision=team.revision,
            reporter=by.user,
            opened_at=at,
            card=Delivery.of_card(id_, team.channel, at=at),
        )
        case._start_clock(Metric.CLAIM, at=at)
        case._record(EventKind.OPENED, at=at, by=by.user)
        return case

    @property
    def reference(self) -> str:
        return reference(self.id)

    @property
    def claim_clock(self) -> Clock | None:
        """The newest clock that waits, or waited, for somebody to claim the case."""
        return max(self.clocks, key=lambda clock: clock.cycle, default=None)

    @property
    def policy(self) -> Policy:
        """What is promised for a case like this."""
        return self.team.document.policy_for(
            priority=self.priority,
            category=self.category or None,
            source=self.source,
            customer=self.customer,
        )

    def claim(self, *, by: Person, at: datetime) -> None:
        """Take the case. Its owner answers for it from now on; to claim one's own is harmless."""
        self._permit(Step.CLAIM, by)
        if self.status is Status.RESOLVED:
            raise AlreadyResolved(self.id)
        if self.owner == by.user:
            return
        if self.owner is not None:
            raise AlreadyClaimed(self.id, self.owner)
        self.status, self.owner = Status.CLAIMED, by.user
        for clock in self._running():
            clock.fulfil(at=at)
        self._record(EventKind.CLAIMED, at=at, by=by.user)

    def may_resolve(self, person: Person) -> None:
        """Raises what ``resolve`` would, so that nobody fills a form in vain."""
        if self.status is Status.RESOLVED:
            raise AlreadyResolved(self.id)
        self._permit(Step.RESOLVE, person)

    def resolve(self, resolution: Resolution, *, by: Person, at: datetime) -> None:
        self.may_resolve(by)
        self.status, self.resolved_at = Status.RESOLVED, at
        self.outcome = resolution.outcome
        self.root_cause = resolution.root_cause
        self.prevention = resolution.prevention
        for clock in self._running():
            clock.cancel(at=at)
        self._record(EventKind.RESOLVED, at=at, by=by.user)

    def may_reopen(self, person: Person, *, at: datetime) -> None:
        """Raises what ``reopen`` would."""
        if self.status is not Status.RESOLVED or self.resolved_at is None:
            raise NotResolved(self.id)
        self._permit(Step.REOPEN, person)
        if at > self.resolved_at + REOPEN_WITHIN:
            raise TooLateToReopen(self.id, REOPEN_WITHIN.days)

    def reopen(self, why: str, *, by: Person, at: datetime) -> None:
        """Find that the resolution was not the end. The last owner has the case again."""
        self.may_reopen(by, at=at)
        self.resolved_at = None
        self.status = Status.OPEN if self.owner is None else Status.CLAIMED
        if self.owner is None:
            self._start_clock(Metric.CLAIM, at=at)
        self._record(EventKind.REOPENED, at=at, by=by.user, note=why)

    def tick(self, *, at: datetime) -> None:
        """Let time pass: record what the clocks have crossed. Harmless if nothing."""
        crossed = {clock.tick(at=at) for clock in self._running()}
        if ClockState.BREACHING in crossed:
            self._record(EventKind.BREACHED, at=at)
        elif ClockState.AT_RISK in crossed:
            self._record(EventKind.AT_RISK, at=at)
        else:
            self._plan()

    def _permit(self, step: Step, person: Person) -> None:
        permit(step, person, self.team, reporter=self.reporter, owner=self.owner)

    def _running(self) -> list[Clock]:
        return [clock for clock in self.clocks if clock.running]

    def _start_clock(self, metric: Metric, *, at: datetime) -> None:
        target = self.policy.target(self.priority, metric)
        if target is None:
            return
        cycle = 1 + sum(clock.metric is metric for clock in self.clocks)
        clock = Clock.start(metric, target, self.policy, priority=self.priority, cycle=cycle, at=at)
        self.clocks.append(clock)

    def _record(
        self, kind: EventKind, *, at: datetime, by: UserId | None = None, note: str = ""
    ) -> None:
        """Write history, owe it to whoever must hear of it, and show it on the card."""
        event = Event(len(self.history) + 1, kind, at, by, note)
        event.tells = who_to_tell(self, event)
        self.history.append(event)
        if kind is not EventKind.OPENED:
            self.card.owe_again(at=at)
        self._plan()

    def _plan(self) -> None:
        due = [clock.next_at for clock in self._running() if clock.next_at is not None]
        self.next_check_at = min(due, default=None)
