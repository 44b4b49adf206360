"""The sections of a team's document, as they are written."""

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
    Hearer,
    HoursText,
    LengthText,
    Member,
    MemberAlone,
    OffsetText,
    OpenText,
    Promise,
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
    name: Text
    timezone: Zone
    channel: Channel | None = None
    fallback_channel: ChannelIdText | None = None  # for what its channel does not take
    managers: tuple[Member, ...] = Field(default=(), max_length=1000)
    leads: tuple[Member, ...] = Field(default=(), max_length=1000)
    admins: tuple[Member, ...] = Field(default=(), max_length=1000)
    agents: Agents = "everyone"
    accept_within: Promise = "30m"  # of open time, to answer a hand-off
    reopen_days: Whole = Field(default=7, ge=0, le=365)  # later, a new case follows the old one
    deputies: tuple[Member, ...] = Field(default=(), max_length=1000)  # agents who may claim
    deputies_up_to: Priority | None = None  # normal
    reactions: Annotated[bool, Field(strict=True)] = False  # a card may be acted on by an emoji


class HolidaysSection(Section):
    country: Text
    subdivision: Text | None = None


DayHours = Annotated[tuple[HoursText, ...], Field(max_length=48)]


class CalendarSection(Section):
    """A weekday that is not named is closed."""

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
        """``zone`` is the team's, if the calendar names none of its own."""
        named = self.holidays
        region = None if named is None else (named.country, named.subdivision)
        return Calendar.of(
            self.timezone or zone,
            self.week(),
            holidays=region,
            closed=self.closed,
            open=self.open,
            day_hours=self.day_hours,
        )


class TargetsSection(Section):
    """The targets of one priority; what is not named has no clock."""

    claim: Promise | None = None
    first_response: Promise | None = None
    next_response: Promise | None = None
    update: Promise | None = None
    resolution: Promise | None = None
    total_resolution: Promise | None = None
    ownership: Promise | None = None

    def named(self) -> dict[str, str]:
        return self.model_dump(exclude_none=True)


STARTER_TARGETS = {
    "urgent": TargetsSection(claim="15m", first_response="30m", update="1h", resolution="4h"),
    "high": TargetsSection(claim="30m", first_response="1h", update="4h", resolution="1d"),
    "normal": TargetsSection(claim="2h", first_response="4h", update="1d", resolution="3d"),
    "low": TargetsSection(claim="4h", first_response="1d", update="2d", resolution="5d"),
}


class MatrixSection(Section):
    """The starter targets, if none at all are written."""

    urgent: TargetsSection | None = None
    high: TargetsSection | None = None
    normal: TargetsSection | None = None
    low: TargetsSection | None = None

    def of(self, priority: Priority) -> TargetsSection | None:
        row: TargetsSection | None = getattr(self, priority.value)
        return row


Words = Annotated[tuple[Text, ...], Field(min_length=1, max_length=1000)]


class WhenSection(Section):
    """A case fits if it has one of the words of every condition that is written."""

    priority: Annotated[tuple[Priority, ...], Field(min_length=1)] | None = None
    tier: Words | None = None
    customer: Words | None = None
    team: Words | None = None
    category: Words | None = None
    source: Words | None = None

    def conditions(self) -> dict[str, frozenset[str]]:
        """Empty if every case fits. Upper and lower case are the same."""
        written = self.model_dump(exclude_none=True)
        return {name: frozenset(w.casefold() for w in words) for name, words in written.items()}


class Waiting(StrEnum):
    """On whom a case waits."""

    CUSTOMER = "customer"
    THIRD_PARTY = "third_party"


class PauseSection(Section):
    """Which waits pause which clock. A claim never pauses; total resolution follows resolution."""

    first_response: tuple[Waiting, ...] = ()
    next_response: tuple[Waiting, ...] = ()
    update: tuple[Waiting, ...] = ()
    resolution: tuple[Waiting, ...] = ()
    ownership: tuple[Waiting, ...] = ()


class OnPriorityChange(StrEnum):
    RECOMPUTE = "recompute"  # the new target from the old start
    FORWARD = "forward"  # the new target from the change
    RESTART = "restart"


class UpdateMode(StrEnum):
    ALWAYS = "always"
    NOT_WHILE_WAITING_ON_CUSTOMER = "not_while_waiting_on_customer"


class PolicySection(Section):
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
    stale_after: Promise | None = None  # without a word from its owner; None: nobody is asked
    release_after: Promise = "4h"  # once they were asked


class EscalateWhen(StrEnum):
    UNCLAIMED = "unclaimed"
    NO_RESPONSE = "no_response"
    NO_UPDATE = "no_update"
    UNRESOLVED = "unresolved"


class IfNobody(StrEnum):
    """What becomes of a level outside its hours."""

    NEXT = "next"  # the next level hears of it now
    HOLD = "hold"  # until its hours open


class IfNobodySection(Section):
    """By priority. A single word says the same of each."""

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
    """One level: who is told, how long after a due time, and how often again."""

    when: EscalateWhen
    after: OffsetText = "0m"  # of open time; negative is before it is due
    notify: tuple[Hearer, ...] = Field(min_length=1, max_length=50)
    repeat: Whole = Field(default=0, ge=0, le=5)
    every: Promise = "1h"  # of open time, between repeats
    hours: Text | None = None  # the calendar in which it is active; None: it always is
    if_nobody: IfNobodySection = IfNobodySection()
    assign: MemberAlone | None = None  # who is handed the case

    def offset(self, calendar: Calendar) -> timedelta:
        length = calendar.duration(self.after.removeprefix("-"))
        return -length if self.after.startswith("-") else length


class QuestionSection(Section):
    """What a reporter is asked before a case of a category is opened."""

    category: Text
    ask: Text
    otherwise: Text | None = Field(default=None, alias="or")


class DigestSection(Section):
    at: WallTime = "09:00"
    days: Annotated[tuple[Weekday, ...], Field(min_length=1, max_length=7)] = (
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
    )


class DepartmentSection(Section):
    """Who else can be asked, and how soon they answer."""

    channel: ChannelIdText
    answer_within: Promise = "4h"  # of open time


class GoodwillSection(Section):
    """How much an owner may give without asking; above it a lead approves."""

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
