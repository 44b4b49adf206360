"""How a command of the shell ends early, in words that say what to do."""

import click


class CliError(click.ClickException):
    """What an operator can mend."""

    exit_code = 2


class Declined(click.ClickException):
    """An operator has seen what would happen, and does not want it."""

    def __init__(self) -> None:
        super().__init__("Nothing was changed.")

    def show(self, file: object = None) -> None:
        click.echo(self.message, err=True)
