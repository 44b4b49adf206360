"""baton restored: prepare a database that was restored from a backup."""

from collections.abc import Callable
from datetime import datetime

import click
from sqlalchemy.orm import Session

from handlers.cli.cli_error import CliError
from handlers.cli.session import migrate_database, read_settings
from handlers.i18n import _, ngettext
from storage import connect
from storage.database.bad_database import BadDatabase
from storage.database.engines import read_url
from storage.database.restored import LEFT_OUT, allow_sending, mark_in_doubt
from storage.database.sqlite_file import file_of
from storage.database.sqlite_lock import sqlite_lock


@click.command()
def restored() -> None:
    """Prepare a database restored from a backup. Run it once, before Baton starts."""
    settings = read_settings()
    url = settings.database_url
    if (file := file_of(read_url(url))) is not None and not file.exists():
        raise CliError(_("{file} does not exist. Put your backup there first.").format(file=file))
    try:
        with sqlite_lock(url, adopt=True):
            migrate_database(settings)
            doubted = mark_restored(url)
    except BadDatabase as error:
        raise CliError(str(error)) from None
    click.echo(
        ngettext(
            "Baton will look for {count} queued message in Slack before sending it.",
            "Baton will look for {count} queued messages in Slack before sending them.",
            doubted,
        ).format(count=f"{doubted:,}")
    )
    click.echo(
        _(
            "The next {count} case numbers are skipped: cards of cases that the backup does not "
            "have may still show them in Slack."
        ).format(count=f"{LEFT_OUT:,}")
    )


def mark_restored(url: str, clock: Callable[[], datetime] | None = None) -> int:
    """Mark queued messages as possibly sent, skip case numbers, and allow sending again.

    Returns how many messages were marked.
    """
    with connect(url, clock) as store, Session(store.database.writing) as session, session.begin():
        allow_sending(session.connection())
        return mark_in_doubt(session.connection(), at=store.now(session))
