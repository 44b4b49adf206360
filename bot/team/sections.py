"""The sections of a team file, in the format of the file."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from bot.business_time import WEEKDAYS, Calendar
from bot.priority import Priority
from bot.team.texts import (
    Channel,
    ChannelIdText,
    ClosedText,
    HoursText,
    LengthText,
    Member,
    OffsetText,
    OpenText,
    Person,
    PositiveLength,
    Recipient,
    StartText,
    Text,
    ThresholdText,
    WallTime,
    Zone,
)

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Whole = Annotated[int, Field(strict=True)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _everyone_or_some(value: Any) -> str:
    return "everyone" if isinstance(value, str) else "some"


Agents = Annotated[
    Annotated[Literal["everyone"], Tag("everyone")]
    | Annotated[tuple[Member, ...], Field(max_length=1000), Tag("some")],
    Discriminator(_everyone_or_some),
]


class TeamSection(Section):
    """The team's name, channel and people."""

    name: Text
    timezone: Zone
    channel: Channel | None = None
    fallback_channel: ChannelIdText | None = None  # used if the channel rejects a message
    managers: tuple[Member, ...] = Field(default=(), max_length=1000)
    leads: tuple[Member, ...] = Field(default=(), max_length=1000)
    admins: tuple[Member, ...] = Field(default=(), max_length=1000)
    agents: Agents = "everyone"
    accept_within: PositiveLength = "30m"  # open time to answer a hand-off
    reopen_days: Whole = Field(default=7, ge=0, le=365)  # after that, a follow-up case is opened
    deputies: tuple[Member, ...] = Field(default=(), max_length=1000)  # agents who may claim
    deputies_up_to: Priority | None = None  # None: up to normal
    customers_visible_to: tuple[Member, ...] = Field(default=(), max_length=1000)  # and managers
    reactions: Annotated[bool, Field(strict=True)] = False  # emoji on a card act like its buttons


class HolidaysSection(Section):
    """The country, and optionally the subdivision, whose public holidays are closed."""

    country: Text
    subdivision: Text | None = None


DayHours = Annotated[tuple[HoursText, ...], Field(max_length=48)]


class CalendarSection(Section):
    """A calendar. Weekdays that are not listed are closed."""

    timezone: Zone | None = None  # None: the team's
    mon: DayHours = ()
    tue: DayHours = ()
    wed: DayHours = ()
    thu: DayHours = ()
    fri: DayHours = ()
    sat: DayHours = ()
    sun: DayHours = ()
    holidays: HolidaysSection | None = None
    closed: tuple[ClosedText, ...] = Field(default=(), max_length=2000)
    open: tuple[OpenText, ...] = Field(default=(), max_length=2000)
    day_hours: Number = Field(default=8, gt=0, le=24)

    def week(self) -> dict[str, tuple[str, ...]]:
        return {day: getattr(self, day) for day in WEEKDAYS}

    def calendar(self, zone: str) -> Calendar:
        """Build the calendar; ``zone`` is used if the section has no time zone of its own.

        Raises:
            InvalidInput: the zone or the region is unknown, or windows overlap.
        """
        holidays = self.holidays
        region = None if holidays is None else (holidays.country, holidays.subdivision)
        return Calendar.of(
            self.timezone or zone,
            self.week(),
            holidays=region,
            closed=self.closed,
            open=self.open,
            day_hours=self.day_hours,
        )


class TargetsSection(Section):
    """The targets of one priority. A clock without a target does not run."""

    claim: PositiveLength | None = None
    first_response: PositiveLength | None = None
    next_response: PositiveLength | None = None
    update: PositiveLength | None = None
    resolution: PositiveLength | None = None
    total_resolution: PositiveLength | None = None
    ownership: PositiveLength | None = None

    def named(self) -> dict[str, str]:
        return self.model_dump(exclude_none=True)


STARTER_TARGETS = {
    "urgent": TargetsSection(claim="15m", first_response="30m", update="1h", resolution="4h"),
    "high": TargetsSection(claim="30m", first_response="1h", update="4h", resolution="1d"),
    "normal": TargetsSection(claim="2h", first_response="4h", update="1d", resolution="3d"),
    "low": TargetsSection(claim="4h", first_response="1d", update="2d", resolution="5d"),
}


class MatrixSection(Section):
    """The targets of each priority."""

    urgent: TargetsSection | None = None
    high: TargetsSection | None = None
    normal: TargetsSection | None = None
    low: TargetsSection | None = None

    def of(self, priority: Priority) -> TargetsSection | None:
        row: TargetsSection | None = getattr(self, priority.value)
        return row


Words = Annotated[tuple[Text, ...], Field(min_length=1, max_length=1000)]


class WhenSection(Section):
    """The conditions of a policy. A case must match one of the words of each condition."""

    priority: Annotated[tuple[Priority, ...], Field(min_length=1)] | None = None
    tier: Words | None = None
    customer: Words | None = None
    team: Words | None = None
    category: Words | None = None
    source: Words | None = None

    def conditions(self) -> dict[str, frozenset[str]]:
        """Return the conditions in lower case; empty if every case fits."""
        written = self.model_dump(exclude_none=True)
        return {name: frozenset(w.casefold() for w in words) for name, words in written.items()}


class Waiting(StrEnum):
    """The party that a case waits on."""

    CUSTOMER = "customer"
    THIRD_PARTY = "third_party"


class PauseSection(Section):
    """Which waits pause which clock.

    The claim clock never pauses; total resolution pauses with resolution.
    """

    first_response: tuple[Waiting, ...] = ()
    next_response: tuple[Waiting, ...] = ()
    update: tuple[Waiting, ...] = ()
    resolution: tuple[Waiting, ...] = ()
    ownership: tuple[Waiting, ...] = ()


class OnPriorityChange(StrEnum):
    """How the clocks count after a change of priority."""

    RECOMPUTE = "recompute"  # the new target counts from the start of the clock
    FORWARD = "forward"  # the new target counts from the change
    RESTART = "restart"  # the clock starts again at the change


class UpdateMode(StrEnum):
    """Whether the update clock pauses while the case waits on the customer."""

    ALWAYS = "always"
    NOT_WHILE_WAITING_ON_CUSTOMER = "not_while_waiting_on_customer"


class PolicySection(Section):
    """An SLA policy: the cases it fits, its targets, and how its clocks behave."""

    name: Text
    when: WhenSection = WhenSection()
    calendar: Text | None = None  # None: "office", or the only one there is
    targets: MatrixSection = MatrixSection(**STARTER_TARGETS)
    warn_at: tuple[ThresholdText, ...] = Field(default=("50%", "80%"), max_length=10)
    on_priority_change: OnPriorityChange = OnPriorityChange.RECOMPUTE
    pause_on: PauseSection = PauseSection(resolution=tuple(Waiting))
    update_mode: UpdateMode = UpdateMode.ALWAYS
    grace: LengthText = "0m"
    enforce_from: StartText | None = None
    stale_after: PositiveLength | None = None  # silence before the owner is reminded; None: never
    release_after: PositiveLength = "4h"  # silence after the reminder before the case is released


class EscalateWhen(StrEnum):
    """What a level watches: each value stands for one or more clocks."""

    UNCLAIMED = "unclaimed"
    NO_RESPONSE = "no_response"
    NO_UPDATE = "no_update"
    UNRESOLVED = "unresolved"


class IfNobody(StrEnum):
    """What happens when a level is reached outside its hours."""

    NEXT = "next"  # notify the next level now
    HOLD = "hold"  # wait until its hours open


class IfNobodySection(Section):
    """The choice for each priority. A single word applies to all of them."""

    urgent: IfNobody = IfNobody.NEXT
    high: IfNobody = IfNobody.NEXT
    normal: IfNobody = IfNobody.HOLD
    low: IfNobody = IfNobody.HOLD

    @model_validator(mode="before")
    @classmethod
    def _of_each(cls, value: Any) -> Any:
        return {it.value: value for it in Priority} if isinstance(value, str) else value

    def of(self, priority: Priority) -> IfNobody:
        choice: IfNobody = getattr(self, priority.value)
        return choice


class EscalationSection(Section):
    """One escalation level: its recipients, its delay after a due time, and its repeats."""

    when: EscalateWhen
    after: OffsetText = "0m"  # open time after the due time; negative is before it
    notify: tuple[Recipient, ...] = Field(min_length=1, max_length=50)
    repeat: Whole = Field(default=0, ge=0, le=5)
    every: PositiveLength = "1h"  # open time between repeats
    hours: Text | None = None  # the calendar in which the level is active; None: always
    if_nobody: IfNobodySection = IfNobodySection()
    assign: Person | None = None  # the new owner of the case

    def offset(self, calendar: Calendar) -> timedelta:
        length = calendar.duration(self.after.removeprefix("-"))
        return -length if self.after.startswith("-") else length


class QuestionSection(Section):
    """A question for the reporter before a case of this category is opened."""

    category: Text
    ask: Text
    otherwise: Text | None = Field(default=None, alias="or")


class DigestSection(Section):
    """When the daily digest is posted, in the team's time zone."""

    at: WallTime = "09:00"
    days: Annotated[tuple[Weekday, ...], Field(min_length=1, max_length=7)] = (
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
    )


class DepartmentSection(Section):
    """Another department that an owner can ask, and how soon it answers."""

    channel: ChannelIdText
    answer_within: PositiveLength = "4h"  # open time


class GoodwillSection(Section):
    """The goodwill that an owner may offer without a lead's approval."""

    limit: Whole = Field(default=0, ge=0)
    currency: Text = "EUR"


_NINE_TO_SIX = ("09:00-18:00",)
OFFICE = CalendarSection(
    mon=_NINE_TO_SIX, tue=_NINE_TO_SIX, wed=_NINE_TO_SIX, thu=_NINE_TO_SIX, fri=_NINE_TO_SIX
)
STARTER_ESCALATION = (
    EscalationSection(when=EscalateWhen.UNCLAIMED, notify=("on_duty", "channel")),
    EscalationSection(when=EscalateWhen.UNRESOLVED, after="60m", notify=("managers",)),
)
