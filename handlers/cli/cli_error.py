"""Errors that end a command."""

import click

from handlers.i18n import _


class CliError(click.ClickException):
    """A problem that the operator can fix; its message says how."""

    exit_code = 2


class Declined(click.ClickException):
    """The operator answered no to a confirmation."""

    def __init__(self) -> None:
        super().__init__(_("Nothing was changed."))

    def show(self, file: object = None) -> None:
        click.echo(self.message, err=True)
