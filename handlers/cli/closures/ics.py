"""Reading an iCalendar file: what its events are, in the years that are asked for.

Anybody may have written the file. Whatever is in it, the answer comes soon, and is either
entries or words that say what is wrong.
"""

import signal
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from types import FrameType

from icalendar import Calendar, Component

from bot.business_time import time_zone
from bot.business_time.closures import Entry
from handlers.cli.closures.ics_event import BadEvent, entry_of, name_of, parts

LARGEST = 2_000_000  # bytes: some ten thousand events
READ_WITHIN = 10.0  # seconds


class BadCalendar(Exception):
    """The file cannot be read; the words say why."""


class _OutOfTime(BaseException):
    """Not an Exception, so that nobody on the way takes it for an error of the file's."""


@dataclass(frozen=True)
class CalendarFile:
    entries: tuple[Entry, ...]
    unreadable: tuple[tuple[str, str], ...]  # an event's name, and why
    zone: str | None  # what the file says of its own

    def has_instants(self) -> bool:
        """Whether it takes a zone to say on which day, and when, something is."""
        return any(
            isinstance(it.begins, datetime) and it.begins.tzinfo is not None
            for entry in self.entries
            for it in entry.occurrences
        )


def read_ics(
    source: bytes, first: int, last: int | None, *, within: float = READ_WITHIN
) -> CalendarFile:
    """The events of the years ``first`` to ``last``.

    Without ``last`` they end two years after ``first``, and a day that comes back every year
    for good is one occurrence.

    Raises:
        BadCalendar: it is no calendar, or takes longer than ``within`` seconds to read.
    """
    try:
        with _at_most(within), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a zone's name guessed from a longer one
            return _read(source, first, last)
    except _OutOfTime:
        raise BadCalendar(
            f"this takes longer than {within:g} seconds to work out; is there an event in it "
            "that recurs without end, or never? Leave it out, or choose fewer years"
        ) from None


def _read(source: bytes, first: int, last: int | None) -> CalendarFile:
    calendars = _calendars(source)
    entries: list[Entry] = []
    unreadable: list[tuple[str, str]] = []
    for calendar in calendars:
        for events in _series(calendar):
            try:
                entries.append(entry_of(events, first, last))
            except BadEvent as error:
                unreadable.append((name_of(events[0]), str(error)))
            except Exception:  # noqa: BLE001  a file can break the library in any way at all
                unreadable.append((name_of(events[0]), "its dates or its recurrence make no sense"))
    return CalendarFile(tuple(entries), tuple(unreadable), _zone(calendars))


def _calendars(source: bytes) -> list[Component]:
    if len(source) > LARGEST:
        raise BadCalendar(f"this is larger than {LARGEST // 1_000_000} MB; export fewer years")
    try:
        text = source.decode("utf-8-sig")
        found: Sequence[Component] = Calendar.from_ical(text, multiple=True)
    except UnicodeDecodeError:
        raise BadCalendar("this is not UTF-8 text; save it as that") from None
    except Exception:  # noqa: BLE001  a file can break the library in any way at all
        found = []
    calendars = [component for component in found if component.name == "VCALENDAR"]
    if not calendars:
        raise BadCalendar(
            "this is no iCalendar file, or not all of one: it begins with BEGIN:VCALENDAR and "
            "ends with END:VCALENDAR. Export it again"
        )
    return calendars


def _series(calendar: Component) -> list[list[Component]]:
    """Events that belong together: one that recurs, and its exceptions after it."""
    found: dict[str | int, list[Component]] = {}
    nameless = count()
    cancelled = any(str(method).upper() == "CANCEL" for method in parts(calendar, "METHOD"))
    for event in calendar.walk("VEVENT"):
        if cancelled:
            event["STATUS"] = "CANCELLED"
        uid = event.get("UID")
        found.setdefault(next(nameless) if uid is None else str(uid), []).append(event)
    return [sorted(events, key=lambda it: "RECURRENCE-ID" in it) for events in found.values()]


def _zone(calendars: list[Component]) -> str | None:
    for calendar in calendars:
        for named in parts(calendar, "X-WR-TIMEZONE"):
            try:
                return time_zone(str(named)).key
            except ValueError:
                continue
    return None


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raises _OutOfTime, in the main thread, and again until it is heard."""

    def give_up(_: int, __: FrameType | None) -> None:
        raise _OutOfTime

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
