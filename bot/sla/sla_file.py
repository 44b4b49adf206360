"""The SLA file: one case, its history and its team's document, to be answered with no database."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from bot.business_time.years import FIRST_YEAR, LAST_YEAR, REACH
from bot.priority import Priority
from bot.sla.clock_event import ClockEvent, ClockEventKind
from bot.sla.engine import Reading, readings
from bot.team import BadDocument, Policy, TeamDocument, Waiting, team_from_json
from bot.team.texts import Text

MOST_EVENTS = 1000  # of one case; far beyond any
LAST = LAST_YEAR - REACH  # so that what is due later still lies in a year that calendars know


def _instant(written: object) -> datetime:
    """UTC, and whole seconds, so that what is printed adds up: a fraction is dropped."""
    if not isinstance(written, str):
        raise ValueError('this is no text in quotes; write "2026-03-06T16:50:00Z"')  # noqa: TRY004
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        at = None
    if at is None or at.utcoffset() is None:
        right = 'write it with its offset: "2026-03-06T16:50:00Z"'
        raise ValueError(f'"{written[:40]}" is no instant; {right}')
    if FIRST_YEAR < at.year < LAST:  # any offset leaves it in a year that is known
        return at.astimezone(UTC).replace(microsecond=0)
    raise ValueError(f'"{written[:40]}" is too far away; write a year from 1971 to {LAST - 1}')


def _team(written: object) -> TeamDocument:
    try:
        return team_from_json(written)
    except BadDocument as bad:
        raise PydanticCustomError("team", "{mistakes}", {"mistakes": bad.mistakes}) from None


Instant: TypeAlias = Annotated[datetime, BeforeValidator(_instant)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CustomerPart(_Part):
    name: Text
    tier: Text | None = None


class CasePart(_Part):
    """As the case was when it was opened."""

    priority: Priority
    opened_at: Instant
    customer: CustomerPart | None = None
    category: Text | None = None
    source: Text | None = None


class PlainEvent(_Part):
    at: Instant
    kind: Literal[
        ClockEventKind.CLAIMED,
        ClockEventKind.RELEASED,
        ClockEventKind.HANDED_OFF,
        ClockEventKind.CUSTOMER_CONTACTED,
        ClockEventKind.CUSTOMER_REPLIED,
        ClockEventKind.UPDATED,
        ClockEventKind.RESUMED,
        ClockEventKind.RESOLVED,
        ClockEventKind.DECLINED,
        ClockEventKind.REOPENED,
    ]

    def clock_event(self) -> ClockEvent:
        return ClockEvent(self.kind, self.at)


class WaitingEvent(_Part):
    at: Instant
    kind: Literal[ClockEventKind.WAITING]
    on: Waiting
    resume_by: Instant

    def clock_event(self) -> ClockEvent:
        return ClockEvent(self.kind, self.at, on=self.on, resume_by=self.resume_by)


class PriorityChangedEvent(_Part):
    at: Instant
    kind: Literal[ClockEventKind.PRIORITY_CHANGED]
    to: Priority

    def clock_event(self) -> ClockEvent:
        return ClockEvent(self.kind, self.at, to=self.to)


SlaEvent = Annotated[PlainEvent | WaitingEvent | PriorityChangedEvent, Field(discriminator="kind")]


class SlaFile(_Part):
    """Comes from ``read_sla_file``, which also checks the order of time."""

    team: Annotated[TeamDocument, BeforeValidator(_team)]
    case: CasePart
    events: tuple[SlaEvent, ...] = Field(max_length=MOST_EVENTS)
    now: Instant

    @property
    def policy(self) -> Policy:
        customer = self.case.customer
        return self.team.policy_for(
            priority=self.case.priority,
            category=self.case.category,
            source=self.case.source,
            tier=customer.tier if customer else None,
            customer=customer.name if customer else None,
        )

    def readings(self) -> list[Reading]:
        return readings(
            self.policy,
            priority=self.case.priority,
            opened_at=self.case.opened_at,
            clock_events=(event.clock_event() for event in self.events),
            now=self.now,
        )


def answer(file: SlaFile) -> dict[str, Any]:
    """What is printed: the policy, and each clock in each of its cycles."""
    return {"policy": file.policy.name, "clocks": [_told(it) for it in file.readings()]}


def schema() -> dict[str, Any]:
    """The JSON schema of the file."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return dialect | SlaFile.model_json_schema()


def _told(reading: Reading) -> dict[str, Any]:
    return {
        "clock": reading.clock,
        "cycle": reading.cycle,
        "state": reading.state,
        "target_seconds": reading.target_seconds,
        "elapsed_seconds": reading.elapsed_seconds,
        "remaining_seconds": reading.remaining_seconds,
        "started_at": _z(reading.started_at),
        "due_at": _z(reading.due_at),
        "ended_at": _z(reading.ended_at),
        "paused_by": reading.paused_by,
        "account": reading.explanation,
    }


def _z(at: datetime | None) -> str | None:
    return None if at is None else f"{at:%Y-%m-%dT%H:%M:%SZ}"
