"""The ``baton config closures`` command: print the closed days of a calendar file."""

import json
from collections.abc import Iterator
from typing import BinaryIO

import click

from bot.business_time import time_zone
from bot.business_time.closures import MOST, ClosurePreview, NoSuchEntry, names, preview
from bot.business_time.years import FIRST_YEAR, LAST_YEAR
from bot.messages import InvalidInput
from handlers.cli.cli_error import CliError
from handlers.cli.closures.ics import LARGEST, BadCalendar, CalendarFile, read_ics
from handlers.i18n import _, translate
from storage.store import wall_clock

YEAR = click.IntRange(FIRST_YEAR, LAST_YEAR - 2)
MOST_SHOWN = 20  # unreadable entries


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option(
    "--timezone",
    metavar="ZONE",
    help="Time zone of the team's calendar. [default: the zone named in FILE]",
)
@click.option("--from", "first", type=YEAR, metavar="YEAR", help="First year. [default: this year]")
@click.option(
    "--until",
    "last",
    type=YEAR,
    metavar="YEAR",
    help="Last year. [default: two years after --from]",
)
@click.option(
    "--drop",
    "drops",
    multiple=True,
    metavar="NUMBER|WORDS",
    help="Leave out the entry with this number, or all entries with these words in their name."
    " Repeatable.",
)
def closures(
    file: BinaryIO,
    timezone: str | None,
    first: int | None,
    last: int | None,
    drops: tuple[str, ...],
) -> None:
    """Convert the events of an iCalendar FILE into closures for a team file.

    Prints one line for [calendars.NAME] on standard output, and a list of the events on standard
    error. FILE may be - for standard input.

    Without --until, an event that repeats every year becomes one yearly entry.
    """
    name = getattr(file, "name", "<stdin>")
    first = wall_clock().year if first is None else first
    if last is not None and last < first:
        raise CliError(_("--until {last} is before --from {first}.").format(last=last, first=first))
    if any(not words.strip() for words in drops):
        raise CliError(_("--drop needs a number or part of a name."))
    try:
        reading = read_ics(file.read(LARGEST + 1), first, last)
    except BadCalendar as error:
        raise CliError(f"{name}: {error}.") from None
    except OSError as error:
        raise CliError(f"{name}: {error.strerror}") from None
    zone = _zone(reading, timezone)
    _refuse_unreadable(name, reading, drops)
    found = preview(reading.entries, zone, first, first + 2 if last is None else last)
    found = _drop(found, reading, drops)
    _show(found, reading)
    click.echo(_toml(name, found))


def _zone(reading: CalendarFile, wanted: str | None) -> str:
    if wanted is not None:
        try:
            return time_zone(wanted).key
        except InvalidInput as error:
            mistake = translate(error.sentence)
            raise CliError(_("--timezone: {mistake}").format(mistake=mistake)) from None
    if not reading.has_instants():
        return "UTC"  # dates and floating times are the same in every zone
    if reading.zone is None:
        raise CliError(
            _(
                "The file has times that depend on the time zone of the team's calendar. "
                "Add it: --timezone Europe/Berlin"
            )
        )
    note = _("Times are in {zone}, the zone named in the file; --timezone overrides it.")
    click.echo(note.format(zone=reading.zone), err=True)
    return reading.zone


def _refuse_unreadable(file: str, reading: CalendarFile, drops: tuple[str, ...]) -> None:
    """Fail if an entry cannot be read and was not dropped.

    If it were skipped silently, the calendar would promise to be open on a closed day.
    """
    mistakes = [
        f"{file}: {name}: {reason}."
        for name, reason in reading.unreadable
        if not any(names(words, name) for words in drops)
    ]
    if not mistakes:
        return
    lines = mistakes[:MOST_SHOWN]
    if more := len(mistakes) - len(lines):
        lines.append(_("… and {count} more.").format(count=more))
    lines.append(_('Fix it, or leave it out by part of its name: --drop "…"'))
    raise CliError("\n".join(lines))


def _drop(found: ClosurePreview, reading: CalendarFile, drops: tuple[str, ...]) -> ClosurePreview:
    left_out = [*(name for name, _ in reading.unreadable), *(it.name for it in reading.entries)]
    for words in drops:
        try:
            found = found.without(words)
        except NoSuchEntry:
            if not any(names(words, name) for name in left_out):
                _show(found, reading)
                raise CliError(
                    _('--drop: no entry matches "{words}".').format(words=words[:80])
                ) from None
    return found


def _show(found: ClosurePreview, reading: CalendarFile) -> None:
    click.echo("\n".join(_lines(found, reading)), err=True)


def _lines(found: ClosurePreview, reading: CalendarFile) -> Iterator[str]:
    times = [translate(closure.when()) for closure in found.closures]
    width = max(map(len, times), default=0)
    digits = len(str(len(times)))
    for (number, closure), when in zip(found.numbered(), times, strict=True):
        name = closure.name
        if number in found.dropped:
            name = _("{name}: dropped").format(name=name)
        yield f"{number:>{digits}}  {when:<{width}}  {name}"
    if len(found.dropped) == len(found.closures):
        yield _("No entry would close the calendar.")
    unreadable = [
        _("{name}: dropped; {reason}").format(name=name, reason=reason)
        for name, reason in reading.unreadable
    ]
    if left_out := [*map(translate, found.left_out), *unreadable]:
        yield _("Left out:")
        yield from (f"{'':>{digits}}  {line}" for line in left_out)


def _toml(file: str, found: ClosurePreview) -> str:
    entries = len(found.kept())
    texts = found.texts() if entries <= MOST else []  # too many already: do not expand them
    if (count := max(entries, len(texts))) > MOST:
        raise CliError(
            _(
                "{file}: {count} closures exceed the limit of {limit} for a calendar. "
                "Choose fewer years with --from and --until, or leave some out with --drop."
            ).format(file=file, count=count, limit=MOST)
        )
    return f"closed = {json.dumps(texts)}"  # valid TOML: the texts are plain ASCII
