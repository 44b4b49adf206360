"""Turn the entries of a calendar file into closures for a team's calendar."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from bot.business_time import DatedHours, Hours, at_wall_time, time_zone
from bot.messages import N_, Sentence

MOST = 2000  # closures that one calendar of a team file may have
LONGEST = timedelta(days=366)  # a longer entry is a project or a membership, not a closure

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


class NoSuchEntry(ValueError):
    """No closure has this number or name."""


@dataclass(frozen=True)
class Occurrence:
    """One time that an entry takes place.

    ``begins`` and ``ends`` are dates, datetimes with a zone, or floating datetimes, which mean
    the same wall time in every zone. ``ends`` is excluded.
    """

    name: str
    begins: date
    ends: date
    cancelled: bool = False
    every_year: bool = False  # repeats on the same date every year


@dataclass(frozen=True)
class Entry:
    """An event of the file, with all its occurrences in the chosen years."""

    name: str
    occurrences: tuple[Occurrence, ...]


@dataclass(frozen=True)
class Closure:
    """A stretch of closed time, in local time of the calendar's zone."""

    begins: datetime
    ends: datetime
    name: str
    every_year: bool = False

    def texts(self) -> Iterator[str]:
        """Yield the entries for a team file: one a day, since the format has no ranges."""
        day = datetime.combine(self.begins, time())
        while day < self.ends:
            opens, closes = max(self.begins, day) - day, min(self.ends, day + _DAY) - day
            hours = Hours(opens // _MINUTE, closes // _MINUTE)
            year = None if self.every_year else day.year
            yield str(DatedHours(year, day.month, day.day, hours))
            day += _DAY

    def when(self) -> Sentence:
        """Describe the time of the closure for an operator."""
        if self.every_year:
            return Sentence.of(N_("every {date}"), date=f"{self.begins.day} {self.begins:%b}")
        begins, ends = _date_text(self.begins), _date_text(self.ends)
        if self.begins.time() == self.ends.time() == time():
            last = _date_text(self.ends - _DAY)
            if begins == last:
                return Sentence.of("{date}", date=begins)
            return Sentence.of(N_("{first} to {last}"), first=begins, last=last)
        if begins == ends:
            hours = f"{self.begins:%H:%M}-{self.ends:%H:%M}"
            return Sentence.of("{date} {hours}", date=begins, hours=hours)
        return Sentence.of(
            N_("{first} to {last}"),
            first=f"{begins} {self.begins:%H:%M}",
            last=f"{ends} {self.ends:%H:%M}",
        )


@dataclass(frozen=True)
class ClosurePreview:
    """The closures found in a file, numbered from 1, and the entries that were left out.

    Dropping a closure does not change the other numbers.
    """

    closures: tuple[Closure, ...]
    left_out: tuple[Sentence, ...]
    dropped: frozenset[int] = frozenset()

    def without(self, words: str) -> Self:
        """Drop the closure with this number, or every closure whose name contains the words.

        Raises:
            NoSuchEntry: nothing matches.
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
        """Return the entries for a team file, without duplicates, yearly ones first."""
        return sorted({text for closure in self.kept() for text in closure.texts()})


def preview(entries: Iterable[Entry], zone: str, first: int, last: int) -> ClosurePreview:
    """Return the closures that touch the years ``first`` to ``last``.

    A closure that crosses the edge of these years is kept whole, so that a shutdown over New
    Year is not cut in half.
    """
    closures: list[Closure] = []
    left_out: list[Sentence] = []
    for entry in entries:
        kept, refused = _closures_of(entry, time_zone(zone), range(first, last + 1))
        closures += kept
        left_out += refused
    closures.sort(key=lambda it: (it.begins, it.ends, it.name))
    return ClosurePreview(tuple(closures), tuple(left_out))


def names(words: str, name: str) -> bool:
    """Say whether ``words`` select this name: case-insensitive, and never a bare number."""
    words = words.strip().casefold()
    return not words.isdecimal() and words in name.casefold()


def _closures_of(
    entry: Entry, zone: ZoneInfo, years: range
) -> tuple[list[Closure], list[Sentence]]:
    """Return the closures of one entry, and a message for everything that was left out."""
    too_long = Sentence.of(N_("{name}: longer than a year"), name=entry.name)
    short = [it for it in entry.occurrences if it.ends - it.begins <= LONGEST]
    if entry.occurrences and not short:
        return [], [too_long]
    found = [(it, closure) for it in short if _touches(closure := _closure(it, zone), years)]
    if not found:
        return [], [_not_in(years, entry.name)]
    if all(occurrence.cancelled for occurrence, _ in found):
        return [], [Sentence.of(N_("{name}: cancelled"), name=entry.name)]
    checked = [(closure, _refusal(it, closure)) for it, closure in found]
    kept = [closure for closure, refusal in checked if refusal is None]
    refused = [refusal for _, refusal in checked if refusal is not None]
    if len(short) < len(entry.occurrences):
        refused.append(too_long)
    return kept, refused


def _not_in(years: range, name: str) -> Sentence:
    if len(years) == 1:
        return Sentence.of(N_("{name}: not in {year}"), name=name, year=years[0])
    return Sentence.of(
        N_("{name}: not in {first} to {last}"), name=name, first=years[0], last=years[-1]
    )


def _touches(closure: Closure, years: range) -> bool:
    last = max(closure.begins, closure.ends - _MINUTE)
    return closure.begins.year in years or last.year in years


def _refusal(occurrence: Occurrence, closure: Closure) -> Sentence | None:
    begins = _date_text(closure.begins)
    if occurrence.cancelled:
        return Sentence.of(N_("{name}, {date}: cancelled"), name=closure.name, date=begins)
    if closure.ends <= closure.begins:
        return Sentence.of(N_("{name}, {date}: takes no time"), name=closure.name, date=begins)
    return None


def _closure(occurrence: Occurrence, zone: ZoneInfo) -> Closure:
    begins, ends = _begins(occurrence.begins, zone), _ends(occurrence.ends, zone)
    if not isinstance(occurrence.begins, datetime) and ends <= begins:
        ends = begins + _DAY  # some programs write the day itself as the end of an all-day event
    if occurrence.begins == occurrence.ends and isinstance(occurrence.begins, datetime):
        ends = begins
    return Closure(begins, ends, occurrence.name, occurrence.every_year)


def _begins(at: date, zone: ZoneInfo) -> datetime:
    return _wall(at, zone).replace(second=0, microsecond=0)


def _ends(at: date, zone: ZoneInfo) -> datetime:
    """Return the local end, rounded up to a minute.

    An end within the hour that the clocks show twice moves to the end of that hour: a closing
    time there means the first of the two, so the calendar would open too early.
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


def _date_text(at: datetime) -> str:
    return f"{at:%a} {at.day} {at:%b} {at.year}"
