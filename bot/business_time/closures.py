"""What the entries of somebody's calendar become as closures of a team's own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from bot.business_time import DatedHours, Hours, at_wall_time, time_zone

MOST = 2000  # closures that a team's document takes in one calendar
LONGEST = timedelta(days=366)  # what lasts longer is a membership or a project, no closure

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


class NoSuchEntry(ValueError):
    """What was to be dropped is not there."""


@dataclass(frozen=True)
class Occurrence:
    """An entry takes place once: on days; at times without a zone, which are those of whichever
    clock one looks at; or at instants. ``ends`` is the first day or instant after it.
    """

    name: str
    begins: date
    ends: date
    cancelled: bool = False
    every_year: bool = False  # this and each year's like it


@dataclass(frozen=True)
class Entry:
    name: str
    occurrences: tuple[Occurrence, ...]


@dataclass(frozen=True)
class Closure:
    """A stretch of closed time, as the clocks of the calendar's zone show it."""

    begins: datetime
    ends: datetime
    name: str
    every_year: bool = False

    def texts(self) -> Iterator[str]:
        """One for each day, as a team's document has them: the format knows no longer ones."""
        day = datetime.combine(self.begins, time())
        while day < self.ends:
            opens, closes = max(self.begins, day) - day, min(self.ends, day + _DAY) - day
            hours = Hours(opens // _MINUTE, closes // _MINUTE)
            year = None if self.every_year else day.year
            yield str(DatedHours(year, day.month, day.day, hours))
            day += _DAY

    def when(self) -> str:
        if self.every_year:
            return f"every {self.begins.day} {self.begins:%b}"
        begins, ends = _shown(self.begins), _shown(self.ends)
        if self.begins.time() == self.ends.time() == time():
            last = _shown(self.ends - _DAY)
            return begins if begins == last else f"{begins} to {last}"
        if begins == ends:
            return f"{begins} {self.begins:%H:%M}-{self.ends:%H:%M}"
        return f"{begins} {self.begins:%H:%M} to {ends} {self.ends:%H:%M}"


@dataclass(frozen=True)
class ClosurePreview:
    """What would be closed, numbered from 1, and what would not. No number moves for a drop."""

    closures: tuple[Closure, ...]
    left_out: tuple[str, ...]
    dropped: frozenset[int] = frozenset()

    def without(self, words: str) -> Self:
        """Drop the closure of that number, or all that have the words in their names.

        Raises:
            NoSuchEntry: there is none.
        """
        found = {
            number
            for number, closure in self.numbered()
            if words.strip() == str(number) or names(words, closure.name)
        }
        if not found:
            raise NoSuchEntry(words)
        return replace(self, dropped=self.dropped | found)

    def numbered(self) -> Iterator[tuple[int, Closure]]:
        return enumerate(self.closures, start=1)

    def kept(self) -> list[Closure]:
        return [closure for number, closure in self.numbered() if number not in self.dropped]

    def texts(self) -> list[str]:
        """What a team's document says of it: each day once, the yearly ones first."""
        return sorted({text for closure in self.kept() for text in closure.texts()})


def preview(entries: Iterable[Entry], zone: str, first: int, last: int) -> ClosurePreview:
    """What touches one of the years ``first`` to ``last`` closes the desk whole, past their edge
    too: half a shutdown would be a surprise.
    """
    closures: list[Closure] = []
    left_out: list[str] = []
    for entry in entries:
        kept, refused = _of(entry, time_zone(zone), range(first, last + 1))
        closures += kept
        left_out += refused
    closures.sort(key=lambda it: (it.begins, it.ends, it.name))
    return ClosurePreview(tuple(closures), tuple(left_out))


def names(words: str, name: str) -> bool:
    """Upper and lower case are the same, and a number is no name."""
    words = words.strip().casefold()
    return not words.isdecimal() and words in name.casefold()


def _of(entry: Entry, zone: ZoneInfo, years: range) -> tuple[list[Closure], list[str]]:
    short = [it for it in entry.occurrences if it.ends - it.begins <= LONGEST]
    if entry.occurrences and not short:
        return [], [f"{entry.name}: it is longer than a year"]
    found = [(it, closure) for it in short if _touches(closure := _closure(it, zone), years)]
    if not found:
        return [], [f"{entry.name}: nothing of it lies in {_said(years)}"]
    if all(occurrence.cancelled for occurrence, _ in found):
        return [], [f"{entry.name}: cancelled"]
    kept = [closure for it, closure in found if not _refusal(it, closure)]
    refused = [
        f"{closure.name}, {_shown(closure.begins)}: {reason}"
        for it, closure in found
        if (reason := _refusal(it, closure))
    ]
    if len(short) < len(entry.occurrences):
        refused.append(f"{entry.name}: it is longer than a year")
    return kept, refused


def _touches(closure: Closure, years: range) -> bool:
    last = max(closure.begins, closure.ends - _MINUTE)
    return closure.begins.year in years or last.year in years


def _refusal(occurrence: Occurrence, closure: Closure) -> str | None:
    if occurrence.cancelled:
        return "cancelled"
    return "it takes no time" if closure.ends <= closure.begins else None


def _closure(occurrence: Occurrence, zone: ZoneInfo) -> Closure:
    begins, ends = _begins(occurrence.begins, zone), _ends(occurrence.ends, zone)
    if not isinstance(occurrence.begins, datetime) and ends <= begins:
        ends = begins + _DAY  # some programs write a day's own date as its end
    if occurrence.begins == occurrence.ends and isinstance(occurrence.begins, datetime):
        ends = begins
    return Closure(begins, ends, occurrence.name, occurrence.every_year)


def _begins(at: date, zone: ZoneInfo) -> datetime:
    return _wall(at, zone).replace(second=0, microsecond=0)


def _ends(at: date, zone: ZoneInfo) -> datetime:
    """Never too early: up to a whole minute, and out of an hour that the clocks show twice.

    A closing time in that hour would mean the first of the two, and end before its time.
    """
    ends = _up_to_a_minute(_wall(at, zone))
    if not isinstance(at, datetime) or at.tzinfo is None:
        return ends
    while at_wall_time(ends.date(), ends.time(), zone) < at:
        ends += _MINUTE
    return ends


def _up_to_a_minute(at: datetime) -> datetime:
    whole = at.replace(second=0, microsecond=0)
    return whole if whole == at else whole + _MINUTE


def _wall(at: date, zone: ZoneInfo) -> datetime:
    if not isinstance(at, datetime):
        return datetime.combine(at, time())
    if at.tzinfo is None:
        return at
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def _said(years: range) -> str:
    return f"{years[0]}" if len(years) == 1 else f"{years[0]} to {years[-1]}"


def _shown(at: datetime) -> str:
    return f"{at:%a} {at.day} {at:%b} {at.year}"
