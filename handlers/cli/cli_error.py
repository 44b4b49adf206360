"""Errors that end a command."""

import click

from bot.team import Mistake
from handlers.i18n import _, translate


class CliError(click.ClickException):
    """A problem that the operator can fix; its message says how."""

    exit_code = 2


class Declined(click.ClickException):
    """The operator answered no to a confirmation."""

    def __init__(self) -> None:
        super().__init__(_("Nothing was changed."))

    def show(self, file: object = None) -> None:
        click.echo(self.message, err=True)


def mistake_text(mistake: Mistake) -> str:
    """Return a mistake in a file as one line: where it is, and how to correct it."""
    line = None if mistake.line is None else _("line {number}").format(number=mistake.line)
    return ": ".join(part for part in (line, mistake.path, translate(mistake.sentence)) if part)
