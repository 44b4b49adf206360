"""What a clock on the wall means: the only place where a local time becomes an instant."""

import difflib
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)


def at_wall_time(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The first instant at which the clocks of ``zone`` show that time or have passed it.

    A time that the clocks skip is therefore the instant of the skip; one that they show
    twice is the first of the two. UTC. See https://peps.python.org/pep-0495/
    """
    local = datetime.combine(day, at)
    instant = local.replace(tzinfo=zone).astimezone(UTC)
    if _shown(instant, zone) == local:
        return instant
    return _skip_over(local, zone)


def _skip_over(local: datetime, zone: ZoneInfo) -> datetime:
    """Close in on the instant of a skip, from the offsets on its two sides."""
    before = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    while after - before > SECOND:
        middle = before + (after - before) // SECOND // 2 * SECOND
        if _shown(middle, zone) < local:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def _shown(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


@cache
def time_zone(name: str) -> ZoneInfo:
    """The zone of that IANA name, from the pinned ``tzdata`` package.

    ``ZoneInfo(name)`` would prefer the machine's own files, and those may be years old:
    two workers could then disagree about when a case is due.

    Raises:
        ValueError: there is no such zone; the words name the nearest one.
    """
    if name not in zone_names():
        raise ValueError(_no_such_zone(name))
    source = resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
    with source.open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


@cache
def zone_names() -> frozenset[str]:
    return frozenset(resources.files("tzdata").joinpath("zones").read_text("ascii").split())


def _no_such_zone(name: str) -> str:
    by_spelling = {known.casefold(): known for known in sorted(zone_names())}
    by_spelling |= {known.split("/")[-1].casefold(): known for known in sorted(zone_names())}
    wanted = name[:80].strip().replace(" ", "_").casefold()
    near = difflib.get_close_matches(wanted, by_spelling, n=1, cutoff=0.6)
    cure = (
        f'did you mean "{by_spelling[near[0]]}"?' if near else 'write one such as "Europe/Berlin"'
    )
    return f'there is no time zone "{name[:80]}"; {cure}'
