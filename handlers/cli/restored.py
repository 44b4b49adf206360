"""baton restored: begin again on a database that was put back from a backup."""

from collections.abc import Callable
from datetime import datetime

import click
from sqlalchemy.orm import Session

from handlers.cli.cli_error import CliError
from handlers.cli.session import bring_up_to_date, read_settings
from handlers.slack.render import plural
from storage import connect
from storage.database.restored import LEFT_OUT, distrust
from storage.database.sqlite_lock import BadDatabase, sqlite_lock


@click.command()
def restored() -> None:
    """Say that the database is a backup that was put back. Run it once, before Baton starts."""
    settings = read_settings()
    url = settings.database_url
    try:
        with sqlite_lock(url, restored=True):
            bring_up_to_date(settings)
            queued = begin_again(url)
    except BadDatabase as error:
        raise CliError(str(error)) from None
    click.echo(
        "Before anything is sent that it owes, Baton looks whether Slack has it: "
        f"{plural(queued, 'message')}. "
        f"{LEFT_OUT:,} case numbers are left out, for those of lost cases stand on cards in Slack."
    )


def begin_again(url: str, clock: Callable[[], datetime] | None = None) -> int:
    with connect(url, clock) as store, Session(store.database.writing) as session, session.begin():
        return distrust(session.connection(), at=store.now(session))
