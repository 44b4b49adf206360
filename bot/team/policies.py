"""An SLA policy: its targets, warnings and pauses, in open time of its calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType
from typing import Self

from bot.business_time import Calendar, at_wall_time, time_zone
from bot.priority import Priority
from bot.team.sections import OnPriorityChange, PolicySection, UpdateMode, Waiting

NO_TARGETS: Mapping[str, timedelta] = MappingProxyType({})


@dataclass(frozen=True)
class Threshold:
    """When a clock warns: at a percentage of its target, or some open time before it is due."""

    percent: int | None = None
    before_due: timedelta | None = None

    @classmethod
    def read(cls, text: str, calendar: Calendar) -> Self:
        if text.endswith("%"):
            return cls(percent=int(text[:-1]))
        return cls(before_due=calendar.duration(text))

    def reached_after(self, target: timedelta) -> timedelta:
        """Return how much open time a clock runs before it warns; zero if it warns at once."""
        if self.percent is not None:
            return target * self.percent / 100
        return max(target - (self.before_due or timedelta(0)), timedelta(0))


@dataclass(frozen=True)
class Policy:
    """An SLA policy, with all its times resolved to open time of its calendar."""

    name: str
    calendar_name: str
    calendar: Calendar
    conditions: Mapping[str, frozenset[str]]
    targets: Mapping[Priority, Mapping[str, timedelta]]
    warn_at: tuple[Threshold, ...]
    on_priority_change: OnPriorityChange
    pause_on: Mapping[str, frozenset[Waiting]]
    update_mode: UpdateMode
    grace: timedelta
    enforce_from: datetime | None  # a case opened earlier has no clocks
    stale_after: timedelta | None  # silence of the owner before a reminder; None: no reminders
    release_after: timedelta  # silence after the reminder before the case returns to the queue

    @classmethod
    def of(
        cls, section: PolicySection, *, calendar_name: str, calendar: Calendar, zone: str
    ) -> Self:
        return cls(
            name=section.name,
            calendar_name=calendar_name,
            calendar=calendar,
            conditions=section.when.conditions(),
            targets={priority: _row(section, priority, calendar) for priority in Priority},
            warn_at=tuple(Threshold.read(text, calendar) for text in section.warn_at),
            on_priority_change=section.on_priority_change,
            pause_on=_pauses(section),
            update_mode=section.update_mode,
            grace=calendar.duration(section.grace),
            enforce_from=_start(section.enforce_from, zone),
            stale_after=calendar.duration(section.stale_after) if section.stale_after else None,
            release_after=calendar.duration(section.release_after),
        )

    def target(self, priority: Priority, clock: str) -> timedelta | None:
        """Return a target in open time, or None if this clock does not run."""
        return self.targets[priority].get(clock)

    def pauses(self, clock: str, waiting_on: str) -> bool:
        return waiting_on in self.pause_on.get(clock, frozenset())

    def fits(self, facts: Mapping[str, str | None]) -> bool:
        """Say whether a case fits; ``facts`` are keyed by condition, and None never fits."""
        return all(
            (fact := facts.get(name)) is not None and fact.casefold() in words
            for name, words in self.conditions.items()
        )


def _row(section: PolicySection, priority: Priority, calendar: Calendar) -> Mapping[str, timedelta]:
    row = section.targets.of(priority)
    if row is None:
        return NO_TARGETS
    return MappingProxyType({clock: calendar.duration(t) for clock, t in row.named().items()})


def _pauses(section: PolicySection) -> Mapping[str, frozenset[Waiting]]:
    pause_on = section.pause_on
    return MappingProxyType(
        {
            "first_response": frozenset(pause_on.first_response),
            "next_response": frozenset(pause_on.next_response),
            "update": frozenset(pause_on.update),
            "resolution": frozenset(pause_on.resolution),
            "total_resolution": frozenset(pause_on.resolution),
            "ownership": frozenset(pause_on.ownership),
        }
    )


def _start(text: str | None, zone: str) -> datetime | None:
    """Return the start of enforcement; a date without a time means midnight in ``zone``."""
    if text is None:
        return None
    begins = datetime.fromisoformat(text)
    if begins.tzinfo is not None:
        return begins.astimezone(UTC)
    return at_wall_time(begins.date(), time(0), time_zone(zone))
