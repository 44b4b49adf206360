"""Check a team file as a whole, across its sections."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from bot.business_time import ALWAYS, WEEKDAYS, Calendar, DatedHours, Hours, Region, overlaps
from bot.messages import N_, Sentence
from bot.priority import Priority
from bot.team.document import ALWAYS_NAME, OFFICE_NAME, build_calendar, calendar_of
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

Found = tuple[Path, Sentence]

YEAR = timedelta(days=366)
MOST_WEEKS = 260  # of open time for one target: half of the ten years that a calendar covers


def check_whole(parts: Parts, *, whole: bool) -> Iterator[Found]:
    """Yield every mistake with its path. Only a ``whole`` document must be ready to apply."""
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
        yield (
            ("team", "channel"),
            Sentence.of(N_('cards need a channel; write channel = "C0SUPPORT"')),
        )
    if not team.managers:
        yield (
            ("team", "managers"),
            Sentence.of(N_('a team needs managers to claim cases; write managers = ["U0MAYA"]')),
        )
    if team.deputies_up_to and not team.deputies:
        yield (
            ("team", "deputies_up_to"),
            Sentence.of(
                N_('this needs deputies, the agents who may claim; write deputies = ["U0ANA"]')
            ),
        )
    for position, level in enumerate(parts.escalation):
        if level is not None:
            yield from _recipients(team, level, ("escalation", position, "notify"))


def _recipients(team: TeamSection, level: EscalationSection, path: Path) -> Iterator[Found]:
    if "leads" in level.notify and not team.leads:
        yield (
            path,
            Sentence.of(
                N_(
                    "this notifies the leads, but the team has none; "
                    'write leads = ["U0LEO"] under [team]'
                )
            ),
        )
    if set(level.notify) == {"backup"}:
        yield (
            path,
            Sentence.of(
                N_(
                    "backups are not supported yet, so this level has no recipients; "
                    'write notify = ["channel"]'
                )
            ),
        )


def _levels(parts: Parts) -> Iterator[Found]:
    known = _known_calendars(parts)
    for position, level in enumerate(parts.escalation):
        if level is not None and level.hours is not None and level.hours not in known:
            yield ("escalation", position, "hours"), _no_such_calendar(level.hours, known)


def _calendar(
    name: str, section: CalendarSection | None, team: TeamSection | None
) -> Iterator[Found]:
    path: Path = ("calendars", name)
    if name == ALWAYS_NAME:
        yield (
            path,
            Sentence.of(
                N_('"24x7" is built in and cannot be changed; give this calendar another name')
            ),
        )
    if section is None:
        return
    week = tuple(tuple(map(Hours.read, hours)) for hours in section.week().values())
    mistakes: list[Found] = [
        ((*path, WEEKDAYS[weekday], position), words) for weekday, position, words in overlaps(week)
    ]
    if section.holidays is not None:
        region = Region(section.holidays.country, section.holidays.subdivision)
        if mistake := region.mistake():
            field, words = mistake
            mistakes.append(((*path, "holidays", field), words))
    yield from mistakes
    if not any(week):
        yield (
            path,
            Sentence.of(N_('this has no opening hours; write some, such as mon = ["09:00-18:00"]')),
        )
    elif not mistakes and (since := _closed_for_a_year(section, team)):
        yield (
            (*path, "closed"),
            Sentence.of(
                N_(
                    "the calendar is closed for a year or more from {date}; "
                    "leave some of these days open"
                ),
                date=str(since),
            ),
        )


def _closed_for_a_year(section: CalendarSection, team: TeamSection | None) -> date | None:
    """Return the first day of a year without any opening, or None.

    Only closed days can cause one, so it begins with a closed day or with the year of one.
    """
    calendar = build_calendar(section, team.timezone if team else "UTC")
    entries = [DatedHours.read(text) for text in section.closed]
    years = {entry.year for entry in entries if entry.year and 1970 <= entry.year <= 2090}
    years = years or ({2026} if entries else set())  # only yearly entries: any year will do
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
            yield (
                (*path, "name"),
                Sentence.of(N_('two policies are called "{name}"; rename one'), name=policy.name),
            )
        for key, text in (
            ("stale_after", policy.stale_after),
            ("release_after", policy.release_after),
        ):
            yield from _too_long(text, (*path, key), _calendar_of_policy(policy, parts))
        if (calendar := calendar_of(policy, parts.calendars.keys())) not in known:
            if policy.calendar is None:
                words = _ambiguous_calendar(known)
            else:
                words = _no_such_calendar(calendar, known)
            yield (*path, "calendar"), words
    if (last := parts.policies[-1]) is not None and last.when.conditions():
        path = ("policies", len(parts.policies) - 1, "when")
        yield (
            path,
            Sentence.of(N_("the last policy must fit every remaining case; remove its when")),
        )


def _known_calendars(parts: Parts) -> list[str]:
    return [*(parts.calendars or [OFFICE_NAME]), ALWAYS_NAME]


def _ambiguous_calendar(known: list[str]) -> Sentence:
    return Sentence.of(
        N_("there are several calendars; choose one of {known}"), known=", ".join(known)
    )


def _no_such_calendar(name: str, known: list[str]) -> Sentence:
    if meant := nearest(name, known):
        return Sentence.of(
            N_('there is no calendar "{name}"; did you mean "{meant}"?'), name=name, meant=meant
        )
    return Sentence.of(
        N_('there is no calendar "{name}"; choose one of {known}'),
        name=name,
        known=", ".join(known),
    )


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
            words = Sentence.of(
                N_(
                    "the first response ({first}) would be due after the resolution ({last}); "
                    "make it {last} or less"
                ),
                first=row.first_response or "",
                last=row.resolution or "",
            )
            yield (*path, priority.value, "first_response"), words


def _too_long(text: str | None, path: Path, calendar: Calendar | None) -> Iterator[Found]:
    """Yield a mistake if a length takes more open time than a calendar can look ahead."""
    if text is None or calendar is None or not calendar.weekly:
        return
    if calendar.duration(text) > MOST_WEEKS * calendar.weekly:
        words = Sentence.of(
            N_(
                "this takes over 5 years, because the calendar is open {hours} h a week; "
                "shorten it, or open longer"
            ),
            hours=f"{calendar.weekly / timedelta(hours=1):g}",
        )
        yield path, words


def _calendar_of_policy(policy: PolicySection, parts: Parts) -> Calendar | None:
    """Return a policy's calendar, or None if it is missing or has mistakes."""
    name = calendar_of(policy, parts.calendars.keys())
    if name == ALWAYS_NAME:
        return ALWAYS
    section = parts.calendars.get(name) if parts.calendars else OFFICE
    if section is None:
        return None
    try:
        return build_calendar(section, parts.team.timezone if parts.team else "UTC")
    except ValueError:
        return None


def _matrix(parts: Parts) -> Iterator[Found]:
    for position, policy in enumerate(parts.policies):
        for priority in Priority if policy else ():
            if policy is not None and policy.targets.of(priority) is None:
                path = ("policies", position, "targets")
                words = Sentence.of(
                    N_(
                        "{priority} cases have no targets; write "
                        'targets.{priority} = {{ claim = "15m" }}, or {{}} for no clocks'
                    ),
                    priority=priority.value,
                )
                yield path, words


def _never_reached(parts: Parts) -> Iterator[Found]:
    for position, policy in enumerate(parts.policies[:-1]):
        if policy is not None and not policy.when.conditions():
            words = Sentence.of(
                N_(
                    '"{name}" fits every case, so the policies below it never apply; '
                    "give it a when, or move it to the end"
                ),
                name=policy.name,
            )
            yield ("policies", position), words
