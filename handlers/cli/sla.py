"""baton sla: explain the clocks of a case described in JSON, without a database."""

import json
from typing import BinaryIO

import click

from bot.sla.sla_file import answer
from bot.sla.sla_file_reading import LONGEST, read_sla_file
from bot.team import BadDocument
from handlers.cli.cli_error import CliError, mistake_text


@click.command()
@click.argument("file", type=click.File("rb"))
def sla(file: BinaryIO) -> None:
    """Explain the clocks of a case.

    FILE is the case in JSON; - reads standard input.
    """
    name = getattr(file, "name", "<stdin>")
    try:
        clocks = answer(read_sla_file(file.read(LONGEST + 1)))
    except BadDocument as error:
        raise CliError(
            "\n".join(f"{name}: {mistake_text(mistake)}" for mistake in error.mistakes)
        ) from None
    except OSError as error:
        raise CliError(f"{name}: {error.strerror}") from None
    click.echo(json.dumps(clocks, ensure_ascii=False, indent=2).encode())
