"""Read the events of an iCalendar file in a range of years.

The file is untrusted input. Reading is limited in size and time, and always ends with entries or
with a message that says what is wrong.
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
from handlers.i18n import _

LARGEST = 2_000_000  # bytes: about ten thousand events
READ_WITHIN = 10.0  # seconds


class BadCalendar(Exception):
    """The file cannot be read; the message says why."""


class _OutOfTime(BaseException):
    """Reading takes too long.

    A BaseException, so that no ``except Exception`` takes it for an error in the file.
    """


@dataclass(frozen=True)
class CalendarFile:
    """The entries of a file, and the events that could not be read."""

    entries: tuple[Entry, ...]
    unreadable: tuple[tuple[str, str], ...]  # the name of the event, and the reason
    zone: str | None  # as named by the file

    def has_instants(self) -> bool:
        """Say whether any occurrence has a time zone, so that its local time needs one too."""
        return any(
            isinstance(it.begins, datetime) and it.begins.tzinfo is not None
            for entry in self.entries
            for it in entry.occurrences
        )


def read_ics(
    source: bytes, first: int, last: int | None, *, within: float = READ_WITHIN
) -> CalendarFile:
    """Return the events of the years ``first`` to ``last``.

    Without ``last``, the range ends two years after ``first``, and an all-day event that repeats
    every year without end becomes a single yearly occurrence.

    Raises:
        BadCalendar: the file is not a calendar, or takes longer than ``within`` seconds.
    """
    try:
        with _at_most(within), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the library warns when it guesses a zone
            return _read(source, first, last)
    except _OutOfTime:
        raise BadCalendar(
            _(
                "reading this takes longer than {seconds} seconds; an event may recur without "
                "end, or never. Remove it, or choose fewer years"
            ).format(seconds=f"{within:g}")
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
            except Exception:  # noqa: BLE001  a bad file may make the library raise anything
                reason = _("its dates or its recurrence make no sense")
                unreadable.append((name_of(events[0]), reason))
    return CalendarFile(tuple(entries), tuple(unreadable), _zone(calendars))


def _calendars(source: bytes) -> list[Component]:
    if len(source) > LARGEST:
        raise BadCalendar(
            _("this is larger than {limit} MB; export fewer years").format(
                limit=LARGEST // 1_000_000
            )
        )
    try:
        text = source.decode("utf-8-sig")
        found: Sequence[Component] = Calendar.from_ical(text, multiple=True)
    except UnicodeDecodeError:
        raise BadCalendar(_("this is not UTF-8 text; save it as UTF-8")) from None
    except Exception:  # noqa: BLE001  a bad file may make the library raise anything
        found = []
    calendars = [component for component in found if component.name == "VCALENDAR"]
    if not calendars:
        raise BadCalendar(
            _(
                "this is not a complete iCalendar file, which begins with BEGIN:VCALENDAR and "
                "ends with END:VCALENDAR. Export it again"
            )
        )
    return calendars


def _series(calendar: Component) -> list[list[Component]]:
    """Group the events by UID: a recurring event first, then its exceptions."""
    found: dict[str | int, list[Component]] = {}
    without_uid = count()
    cancelled = any(str(method).upper() == "CANCEL" for method in parts(calendar, "METHOD"))
    for event in calendar.walk("VEVENT"):
        if cancelled:
            event["STATUS"] = "CANCELLED"
        uid = event.get("UID")
        found.setdefault(next(without_uid) if uid is None else str(uid), []).append(event)
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
    """Raise _OutOfTime after so many seconds; works in the main thread only.

    The timer fires again each second, in case the library swallows the first exception.
    """

    def give_up(_signal: int, _frame: FrameType | None) -> None:
        raise _OutOfTime

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
