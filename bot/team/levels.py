"""A level in force: when it speaks up about which clock, and whom it tells."""

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
    number: int  # counted from 1, in the order of the document
    when: EscalateWhen
    offsets: tuple[timedelta, ...]  # open time from due: when it first speaks up, then each repeat
    notify: tuple[str, ...]
    hours: Calendar | None  # None: it is always active
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
        """Whether somebody is on duty for it. At the closing of its hours they still are."""
        instants = (at, at - INSTANT_BEFORE)
        return self.hours is None or any(map(self.hours.is_open, instants))

    def speaks_at(self, reached_at: datetime, priority: Priority) -> datetime:
        """When it is told what was reached: at once, or when its hours open."""
        if self.hours is None or self.is_active(reached_at):
            return reached_at
        if self.if_nobody.of(priority) is IfNobody.NEXT:
            return reached_at
        return self.hours.next_opening(reached_at)


def _offsets(section: EscalationSection, calendar: Calendar) -> Iterator[timedelta]:
    first, every = section.offset(calendar), calendar.duration(section.every)
    return (first + every * repeat for repeat in range(section.repeat + 1))
