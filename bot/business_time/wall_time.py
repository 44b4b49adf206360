"""Convert local times to instants. No other module does."""

import difflib
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from bot.messages import N_, InvalidInput, Sentence

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)


def at_wall_time(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the first instant, in UTC, at which the clocks of ``zone`` show or have passed a time.

    A time that the clocks skip becomes the instant of the skip; a time that they show twice
    becomes the first of the two. See https://peps.python.org/pep-0495/
    """
    local = datetime.combine(day, at)
    instant = local.replace(tzinfo=zone).astimezone(UTC)
    if _shown(instant, zone) == local:
        return instant
    return _skip_over(local, zone)


def _skip_over(local: datetime, zone: ZoneInfo) -> datetime:
    """Find the instant of a skip by bisection between the offsets on both sides."""
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
    """Return the zone with this IANA name, from the pinned ``tzdata`` package.

    ``ZoneInfo(name)`` prefers the machine's own files, which may be years old: two workers could
    then disagree about when a case is due.

    Raises:
        InvalidInput: there is no such zone; the message suggests the nearest one.
    """
    if name not in zone_names():
        sentence = _unknown_zone(name)
        raise InvalidInput(sentence.message, **sentence.params)
    source = resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
    with source.open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


@cache
def zone_names() -> frozenset[str]:
    return frozenset(resources.files("tzdata").joinpath("zones").read_text("ascii").split())


def _unknown_zone(name: str) -> Sentence:
    by_spelling = {known.casefold(): known for known in sorted(zone_names())}
    by_spelling |= {known.split("/")[-1].casefold(): known for known in sorted(zone_names())}
    wanted = name[:80].strip().replace(" ", "_").casefold()
    near = difflib.get_close_matches(wanted, by_spelling, n=1, cutoff=0.6)
    if near:
        return Sentence.of(
            N_('there is no time zone "{zone}"; did you mean "{meant}"?'),
            zone=name[:80],
            meant=by_spelling[near[0]],
        )
    return Sentence.of(
        N_('there is no time zone "{zone}"; write one such as "Europe/Berlin"'), zone=name[:80]
    )
