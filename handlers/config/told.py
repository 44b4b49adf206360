"""An error of the shell, in words that say how to mend it."""

import click


class Told(click.ClickException):
    """What an operator can mend."""

    exit_code = 2
