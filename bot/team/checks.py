"""What no section of a team's document can see by itself: whether the whole makes sense."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from bot.business_time import ALWAYS, WEEKDAYS, Calendar, DatedHours, Hours, Region, overlaps
from bot.priority import Priority
from bot.team.document import ALWAYS_NAME, OFFICE_NAME, built, calendar_of
from bot.team.mistakes import Path
from bot.team.partial import Parts
from bot.team.sections import (
    OFFICE,
    CalendarSection,
    EscalationSection,
    PolicySection,
    TeamSection,
)
from bot.team.wording import nearest

Found = tuple[Path, str]

YEAR = timedelta(days=366)
MOST_WEEKS = 260  # of open time that a target may take: half of how far a calendar looks


def check_whole(parts: Parts, *, whole: bool) -> Iterator[Found]:
    """Every mistake, with its path. Only a ``whole`` document must be ready to be applied."""
    if whole:
        yield from _team(parts)
        yield from _matrix(parts)
        yield from _never_reached(parts)
    for name, calendar in parts.calendars.items():
        yield from _calendar(name, calendar, parts.team)
    yield from _policies(parts)
    yield from _levels(parts)
    for position, policy in enumerate(parts.policies):
        if policy is not None:
            yield from _targets(policy, ("policies", position, "targets"), parts)


def _team(parts: Parts) -> Iterator[Found]:
    if (team := parts.team) is None:
        return
    if team.channel is None:
        yield ("team", "channel"), 'the cards need a channel; write channel = "C0SUPPORT"'
    if not team.managers:
        yield ("team", "managers"), 'somebody must claim cases; write managers = ["U0MAYA"]'
    if team.deputies_up_to and not team.deputies:
        words = 'this is about nobody; write deputies = ["U0ANA"], the agents who may claim'
        yield ("team", "deputies_up_to"), words
    for position, level in enumerate(parts.escalation):
        if level is not None:
            yield from _tells(team, level, ("escalation", position, "notify"))


def _tells(team: TeamSection, level: EscalationSection, path: Path) -> Iterator[Found]:
    if "leads" in level.notify and not team.leads:
        yield path, 'this tells the leads, and there are none; write leads = ["U0LEO"] under [team]'
    if set(level.notify) == {"backup"}:
        yield path, 'this tells nobody, for nobody is a backup yet; write notify = ["channel"]'


def _levels(parts: Parts) -> Iterator[Found]:
    known = _known_calendars(parts)
    for position, level in enumerate(parts.escalation):
        if level is not None and level.hours is not None and level.hours not in known:
            words = _no_such_calendar(level.hours, level.hours, known)
            yield ("escalation", position, "hours"), words


def _calendar(
    name: str, section: CalendarSection | None, team: TeamSection | None
) -> Iterator[Found]:
    path: Path = ("calendars", name)
    if name == ALWAYS_NAME:
        yield path, "24x7 is there always and cannot be changed; give this one another name"
    if section is None:
        return
    week = tuple(tuple(map(Hours.read, hours)) for hours in section.week().values())
    unsound = [
        ((*path, WEEKDAYS[weekday], position), words) for weekday, position, words in overlaps(week)
    ]
    if section.holidays is not None:
        region = Region(section.holidays.country, section.holidays.subdivision)
        if mistake := region.mistake():
            unsound.append(((*path, "holidays", mistake[0]), mistake[1]))
    yield from unsound
    if not any(week):
        yield path, 'this is open on no weekday; write hours, such as mon = ["09:00-18:00"]'
    elif not unsound and (since := _closed_for_a_year(section, team)):
        words = f"from {since} this is closed for a year or more; leave some of these days open"
        yield (*path, "closed"), words


def _closed_for_a_year(section: CalendarSection, team: TeamSection | None) -> date | None:
    """When a year begins in which the desk never opens. Only closed days can make one."""
    calendar = built(section, team.timezone if team else "UTC")
    entries = [DatedHours.read(text) for text in section.closed]
    years = {entry.year for entry in entries if entry.year and 1970 <= entry.year <= 2090}
    years = years or ({2026} if entries else set())  # all of them yearly: any year will do
    instants = {datetime(year, 1, 1, tzinfo=UTC) for year in years}
    instants |= {
        datetime(entry.year, entry.month, entry.day, tzinfo=UTC)
        for entry in entries
        if entry.year in years
    }
    for at in sorted(instants):
        if calendar.between(at, at + YEAR) == timedelta(0):
            return at.date()
    return None


def _policies(parts: Parts) -> Iterator[Found]:
    if not parts.policies:
        return
    known = _known_calendars(parts)
    names = Counter(policy.name for policy in parts.policies if policy is not None)
    for position, policy in enumerate(parts.policies):
        if policy is None:
            continue
        path: Path = ("policies", position)
        if names[policy.name] > 1:
            yield (*path, "name"), f'two policies are called "{policy.name}"; rename one'
        for key, text in (
            ("stale_after", policy.stale_after),
            ("release_after", policy.release_after),
        ):
            yield from _too_long(text, (*path, key), _calendar_of_policy(policy, parts))
        if (calendar := calendar_of(policy, parts.calendars.keys())) not in known:
            yield (*path, "calendar"), _no_such_calendar(policy.calendar, calendar, known)
    if (last := parts.policies[-1]) is not None and last.when.conditions():
        path = ("policies", len(parts.policies) - 1, "when")
        yield path, "the last policy is for every case that is left; leave its when out"


def _known_calendars(parts: Parts) -> list[str]:
    return [*(parts.calendars or [OFFICE_NAME]), ALWAYS_NAME]


def _no_such_calendar(written: str | None, calendar: str, known: list[str]) -> str:
    if written is None:
        return f"there are several calendars, so this must say which: {', '.join(known)}"
    meant = nearest(calendar, known)
    cure = f'did you mean "{meant}"?' if meant else f"there are {', '.join(known)}"
    return f'no calendar is called "{calendar}"; {cure}'


def _targets(policy: PolicySection, path: Path, parts: Parts) -> Iterator[Found]:
    calendar = _calendar_of_policy(policy, parts)
    for priority in Priority:
        if calendar is None or (row := policy.targets.of(priority)) is None:
            continue
        lengths = {clock: calendar.duration(text) for clock, text in row.named().items()}
        for clock, text in row.named().items():
            yield from _too_long(text, (*path, priority.value, clock), calendar)
        first, last = lengths.get("first_response"), lengths.get("resolution")
        if first is not None and last is not None and first > last:
            words = (
                f"the first response, {row.first_response}, is due after the resolution, "
                f"{row.resolution}; make it {row.resolution} or less"
            )
            yield (*path, priority.value, "first_response"), words


def _too_long(text: str | None, path: Path, calendar: Calendar | None) -> Iterator[Found]:
    """What takes more open time than a calendar looks ahead."""
    if text is None or calendar is None or not calendar.weekly:
        return
    if calendar.duration(text) > MOST_WEEKS * calendar.weekly:
        words = f"the desk is open {_hours(calendar.weekly)} a week; this takes over 5 years"
        yield path, f"{words}; shorten it, or open longer"


def _calendar_of_policy(policy: PolicySection, parts: Parts) -> Calendar | None:
    """None if there is none, or it has mistakes of its own."""
    name = calendar_of(policy, parts.calendars.keys())
    if name == ALWAYS_NAME:
        return ALWAYS
    section = parts.calendars.get(name) if parts.calendars else OFFICE
    if section is None:
        return None
    try:
        return built(section, parts.team.timezone if parts.team else "UTC")
    except ValueError:
        return None


def _matrix(parts: Parts) -> Iterator[Found]:
    for position, policy in enumerate(parts.policies):
        for priority in Priority if policy else ():
            if policy is not None and policy.targets.of(priority) is None:
                path = ("policies", position, "targets")
                words = f"nothing is said of {priority} cases; write targets.{priority} = "
                yield path, words + '{ claim = "15m" } and so on, or {} for no clocks'


def _never_reached(parts: Parts) -> Iterator[Found]:
    for position, policy in enumerate(parts.policies[:-1]):
        if policy is not None and not policy.when.conditions():
            words = f'"{policy.name}" is for every case, so that those below never count'
            yield ("policies", position), f"{words}; give it a when, or move it to the end"


def _hours(length: timedelta) -> str:
    return f"{length / timedelta(hours=1):g} h"
