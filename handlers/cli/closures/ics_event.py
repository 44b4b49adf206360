"""Check one event of an iCalendar file and expand its recurrence.

Input that the library would guess at, or fail on without a usable message, is refused here.
"""

from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Component
from recurring_ical_events import CalendarQuery

from bot.business_time.closures import Entry, Occurrence
from bot.text import cleaned, one_line, shortened
from handlers.i18n import _

_DAY = timedelta(days=1)
_MARGIN = 2 * _DAY  # more than the difference between any two time zones
_RECURRENCE = ("RRULE", "RDATE", "EXDATE")
_READ = ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", *_RECURRENCE)
_ALLOWED_FREQUENCIES = {"YEARLY", "MONTHLY", "WEEKLY", "DAILY"}
_WITHIN_A_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")


class BadEvent(Exception):
    """The event cannot be read; the message says why."""


def entry_of(events: list[Component], first: int, last: int | None) -> Entry:
    """Return the occurrences of an event, with its exceptions, in the years asked for.

    Raises:
        BadEvent: one of the events cannot be read.
    """
    for event in events:
        _check(event)
    name = name_of(events[0])
    if last is None and len(events) == 1 and _comes_every_year(events[0], first):
        return Entry(name, (_every_year(events[0], first),))
    series = Calendar()
    for event in events:
        series.add_component(event)
    begins = date(first, 1, 1) - _MARGIN
    ends = date((first + 2 if last is None else last) + 1, 1, 1) + _MARGIN
    return Entry(name, tuple(map(_occurrence, CalendarQuery(series).between(begins, ends))))


def name_of(event: Component) -> str:
    for summary in parts(event, "SUMMARY"):
        if name := one_line(cleaned(str(summary))):
            return shortened(name, 80)
    return _("(no name)")


def parts(component: Component, name: str) -> list[Any]:
    """Return all values of a property, which may occur once, several times or not at all."""
    found: Any = component.get(name, [])
    return found if isinstance(found, list) else [found]


def _occurrence(event: Component) -> Occurrence:
    begins, ends = _date(event, "DTSTART"), _date(event, "DTEND")
    return Occurrence(name_of(event), begins, ends, _is_cancelled(event))


def _check(event: Component) -> None:
    broken = {name for name, _error in event.errors}
    for name in _READ:
        if name in broken:
            raise BadEvent(_("its {name} cannot be read").format(name=name))
        for part in parts(event, name):
            _check_zone(part)
    _check_length(event)
    for rule in parts(event, "RRULE"):
        _check_rule(rule)


def _check_rule(rule: Any) -> None:
    """Refuse a rule that recurs within a day: it could fill the memory before the time limit."""
    frequencies = {str(frequency).upper() for frequency in rule.get("FREQ", ())}
    allowed = frequencies <= _ALLOWED_FREQUENCIES
    if not allowed or any(len(rule.get(name, ())) > 1 for name in _WITHIN_A_DAY):
        raise BadEvent(_("it recurs more often than once a day"))


def _check_zone(part: Any) -> None:
    zone = getattr(part, "params", {}).get("TZID")
    for moment in (part, *getattr(part, "dts", ())):
        at = getattr(moment, "dt", None)
        if zone and isinstance(at, datetime) and at.tzinfo is None:
            name = shortened(one_line(cleaned(str(zone))), 80)
            raise BadEvent(
                _('there is no time zone "{zone}", and the file does not define it').format(
                    zone=name
                )
            )


def _check_length(event: Component) -> None:
    begins = _date(event, "DTSTART")
    ends = _date(event, "DTEND") if "DTEND" in event else begins
    if isinstance(begins, datetime) is not isinstance(ends, datetime):
        raise BadEvent(_("its start and end must both be dates, or both be times"))
    if _has_zone(begins) is not _has_zone(ends):
        raise BadEvent(_("only one of its start and end has a time zone"))
    if ends < begins or any(length.dt < timedelta(0) for length in parts(event, "DURATION")):
        raise BadEvent(_("it ends before it begins"))


def _has_zone(at: date) -> bool:
    return isinstance(at, datetime) and at.tzinfo is not None


def _comes_every_year(event: Component, first: int) -> bool:
    """Say whether this is an all-day event of one day that repeats every year without end."""
    begins, rules = _date(event, "DTSTART"), parts(event, "RRULE")
    if len(rules) != 1 or isinstance(begins, datetime) or begins.year > first:
        return False
    if {"RDATE", "EXDATE", "EXRULE", "DURATION", "RECURRENCE-ID"} & set(event):
        return False
    if "DTEND" in event and _date(event, "DTEND") - begins > _DAY:
        return False
    usual = {"FREQ": ["YEARLY"], "INTERVAL": [1], "WKST": rules[0].get("WKST")}
    usual |= {"BYMONTH": [begins.month], "BYMONTHDAY": [begins.day]}
    return all(usual.get(name) == value for name, value in rules[0].items())


def _every_year(event: Component, first: int) -> Occurrence:
    begins = _date(event, "DTSTART")
    leap = first + -first % 4 if (begins.month, begins.day) == (2, 29) else first
    day = begins.replace(year=leap)
    return Occurrence(name_of(event), day, day + _DAY, _is_cancelled(event), every_year=True)


def _is_cancelled(event: Component) -> bool:
    return any(str(status).upper() == "CANCELLED" for status in parts(event, "STATUS"))


def _date(event: Component, name: str) -> date:
    found = [getattr(part, "dt", None) for part in parts(event, name)]
    if not found:
        raise BadEvent(_("it has no {name}").format(name=name))
    if len(found) > 1 or not isinstance(found[0], date):
        raise BadEvent(_("its {name} cannot be read").format(name=name))
    return found[0]
