"""baton config closures: the closed days of a calendar file, to be looked at and copied."""

import json
from collections.abc import Iterator
from typing import BinaryIO

import click

from bot.business_time import time_zone
from bot.business_time.closures import MOST, ClosurePreview, NoSuchEntry, names, preview
from bot.business_time.years import FIRST_YEAR, LAST_YEAR
from handlers.cli.cli_error import CliError
from handlers.cli.closures.ics import LARGEST, BadCalendar, CalendarFile, read_ics
from storage.store import wall_clock

YEAR = click.IntRange(FIRST_YEAR, LAST_YEAR - 2)


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--timezone", metavar="ZONE", help="The calendar's zone. [default: the file's]")
@click.option("--from", "first", type=YEAR, metavar="YEAR", help="[default: this year]")
@click.option("--until", "last", type=YEAR, metavar="YEAR", help="[default: two years later]")
@click.option(
    "--drop",
    "drops",
    multiple=True,
    metavar="NUMBER|WORDS",
    help="Leave out the entry of that number, or all with these words in their name. Repeatable.",
)
def closures(
    file: BinaryIO,
    timezone: str | None,
    first: int | None,
    last: int | None,
    drops: tuple[str, ...],
) -> None:
    """Turn the holidays and closures of an iCalendar FILE (- for standard input) into a line for
    [calendars.NAME] of a team's document. What it makes of each entry is shown beside it.

    Without --until, a day that comes back every year is written once, for every year.
    """
    name = getattr(file, "name", "<stdin>")
    first = wall_clock().year if first is None else first
    if last is not None and last < first:
        raise CliError(f"--until {last} is before --from {first}.")
    if any(not words.strip() for words in drops):
        raise CliError("--drop needs a number, or words of a name.")
    try:
        reading = read_ics(file.read(LARGEST + 1), first, last)
    except BadCalendar as error:
        raise CliError(f"{name}: {error}.") from None
    except OSError as error:
        raise CliError(f"{name}: {error.strerror}") from None
    zone = _zone(reading, timezone)
    _refuse_what_is_unreadable(name, reading, drops)
    found = preview(reading.entries, zone, first, first + 2 if last is None else last)
    found = _without(found, reading, drops)
    _show(found, reading)
    click.echo(_toml(name, found))


def _zone(reading: CalendarFile, wanted: str | None) -> str:
    if wanted is not None:
        try:
            return time_zone(wanted).key
        except ValueError as error:
            raise CliError(f"--timezone: {error}") from None
    if not reading.has_instants():
        return "UTC"  # days, and times that are the same in each zone, need none
    if reading.zone is None:
        raise CliError(
            "There are times in it, and they depend on the zone of the team's calendar. "
            "Name that: --timezone Europe/Berlin"
        )
    told = f"Times are those of {reading.zone}, as the file says; --timezone names another."
    click.echo(told, err=True)
    return reading.zone


def _refuse_what_is_unreadable(file: str, reading: CalendarFile, drops: tuple[str, ...]) -> None:
    """A closure that went missing without a word would be found out by a customer."""
    mistakes = [
        f"{file}: {name}: {why}."
        for name, why in reading.unreadable
        if not any(names(words, name) for words in drops)
    ]
    if mistakes:
        cure = 'Mend it, or leave it out by words of its name: --drop "…"'
        raise CliError("\n".join([*mistakes[:20], *_more(mistakes), cure]))


def _more(mistakes: list[str]) -> list[str]:
    return [f"… and {len(mistakes) - 20} more."] if len(mistakes) > 20 else []


def _without(
    found: ClosurePreview, reading: CalendarFile, drops: tuple[str, ...]
) -> ClosurePreview:
    left_out = [*(name for name, _ in reading.unreadable), *(it.name for it in reading.entries)]
    for words in drops:
        try:
            found = found.without(words)
        except NoSuchEntry:
            if not any(names(words, name) for name in left_out):
                _show(found, reading)
                raise CliError(f'--drop: there is no "{words[:80]}" among these.') from None
    return found


def _show(found: ClosurePreview, reading: CalendarFile) -> None:
    click.echo("\n".join(_shown(found, reading)), err=True)


def _shown(found: ClosurePreview, reading: CalendarFile) -> Iterator[str]:
    width = max((len(closure.when()) for closure in found.closures), default=0)
    digits = len(str(len(found.closures)))
    for number, closure in found.numbered():
        dropped = ": dropped" if number in found.dropped else ""
        yield f"{number:>{digits}}  {closure.when():<{width}}  {closure.name}{dropped}"
    if len(found.dropped) == len(found.closures):
        yield "Nothing of it would close the desk."
    unreadable = [f"{name}: dropped; {why}" for name, why in reading.unreadable]
    if left_out := [*found.left_out, *unreadable]:
        yield "Left out:"
        yield from (f"{'':>{digits}}  {line}" for line in left_out)


def _toml(file: str, found: ClosurePreview) -> str:
    entries = len(found.kept())
    texts = found.texts() if entries <= MOST else []  # soon told, not first worked out
    if max(entries, len(texts)) > MOST:
        raise CliError(
            f"{file}: that is {max(entries, len(texts))} closures, and a calendar takes {MOST}. "
            "Choose fewer years with --from and --until, or drop some with --drop."
        )
    return f"closed = {json.dumps(texts)}"  # plain texts: JSON and TOML write them alike
