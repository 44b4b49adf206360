"""The SLA file: one case, its events and its team file, read without a database."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from bot.business_time.years import FIRST_YEAR, LAST_YEAR, REACH
from bot.messages import N_, InvalidInput
from bot.priority import Priority
from bot.sla.clock_event import ClockEvent, ClockEventKind
from bot.sla.engine import Reading, readings
from bot.team import BadDocument, Policy, TeamDocument, Waiting, team_from_json
from bot.team.texts import Text

MOST_EVENTS = 1000  # far more than any real case has
LAST = LAST_YEAR - REACH  # so that later due times stay within the years of a calendar


def _instant(written: object) -> datetime:
    """Read an instant as UTC, without fractions of a second, so that printed seconds add up."""
    if not isinstance(written, str):
        raise InvalidInput(N_('this must be text in quotes; write "2026-03-06T16:50:00Z"'))
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        at = None
    if at is None or at.utcoffset() is None:
        raise InvalidInput(
            N_('"{text}" is not a time with an offset; write it like "2026-03-06T16:50:00Z"'),
            text=written[:40],
        )
    if FIRST_YEAR < at.year < LAST:  # strict, so that no offset moves it to an unknown year
        return at.astimezone(UTC).replace(microsecond=0)
    raise InvalidInput(
        N_('"{text}" is out of range; write a year from {first} to {last}'),
        text=written[:40],
        first=FIRST_YEAR + 1,
        last=LAST - 1,
    )


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
    """The case when it was opened."""

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
    """The content of an SLA file. Read one with ``read_sla_file``, which checks the order too."""

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
    """Return the JSON output: the policy, and every cycle of every clock."""
    return {"policy": file.policy.name, "clocks": [_clock(it) for it in file.readings()]}


def schema() -> dict[str, Any]:
    """Return the JSON schema of the file."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return dialect | SlaFile.model_json_schema()


def _clock(reading: Reading) -> dict[str, Any]:
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
