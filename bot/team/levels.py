"""An escalation level: which clocks it watches, when it is reached, and its recipients."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from bot.business_time import Calendar
from bot.people import UserId
from bot.priority import Priority
from bot.team.sections import EscalateWhen, EscalationSection, IfNobody, IfNobodySection

INSTANT_BEFORE = timedelta(microseconds=1)

CLOCKS = {
    EscalateWhen.UNCLAIMED: frozenset({"claim"}),
    EscalateWhen.NO_RESPONSE: frozenset({"first_response", "next_response"}),
    EscalateWhen.NO_UPDATE: frozenset({"update"}),
    EscalateWhen.UNRESOLVED: frozenset({"resolution"}),
}


@dataclass(frozen=True)
class Level:
    """An escalation level, with its times resolved to open time of a policy's calendar."""

    number: int  # from 1, in the order of the document
    when: EscalateWhen
    offsets: tuple[timedelta, ...]  # open time after the due time: first notice, then the repeats
    notify: tuple[str, ...]
    hours: Calendar | None  # None: always active
    if_nobody: IfNobodySection
    assign: UserId | None

    @classmethod
    def of(
        cls, section: EscalationSection, number: int, calendar: Calendar, hours: Calendar | None
    ) -> Self:
        return cls(
            number,
            section.when,
            tuple(_offsets(section, calendar)),
            section.notify,
            hours,
            section.if_nobody,
            UserId(section.assign) if section.assign is not None else None,
        )

    def watches(self, clock: str) -> bool:
        return clock in CLOCKS[self.when]

    def is_active(self, at: datetime) -> bool:
        """Say whether the level's hours are open; closing time still counts as open."""
        instants = (at, at - INSTANT_BEFORE)
        return self.hours is None or any(map(self.hours.is_open, instants))

    def notify_at(self, reached_at: datetime, priority: Priority) -> datetime:
        """Return when to notify a level reached at an instant: then, or when its hours open."""
        if self.hours is None or self.is_active(reached_at):
            return reached_at
        if self.if_nobody.of(priority) is IfNobody.NEXT:
            return reached_at
        return self.hours.next_opening(reached_at)


def _offsets(section: EscalationSection, calendar: Calendar) -> Iterator[timedelta]:
    first, every = section.offset(calendar), calendar.duration(section.every)
    return (first + every * repeat for repeat in range(section.repeat + 1))
