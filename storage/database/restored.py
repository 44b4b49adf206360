"""Preparing a database that was restored from a backup, which misses the latest changes."""

import secrets
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from bot.delivery import LOOKS_NEEDED, RESTORED, DeliveryKind, State
from storage.tables import deliveries, send_quotas, workspaces

LEFT_OUT = 1_000
"""Case numbers to skip: more than were assigned since the backup.

A number used twice would point the old card in Slack at a different case.
"""


def allow_sending(connection: Connection) -> None:
    """Begin new series of stamps, so that the messages after the backup no longer count."""
    this = send_quotas.c
    for workspace in connection.scalars(select(this.workspace)).all():
        new = update(send_quotas).where(this.workspace == workspace)
        connection.execute(new.values(series=secrets.token_hex(4), number=0))
    held = update(send_quotas).where(this.shut_for == RESTORED)
    connection.execute(held.values(shut_for=""))


def mark_in_doubt(connection: Connection, *, at: datetime) -> int:
    """Mark all queued messages as in doubt and skip ``LEFT_OUT`` case numbers.

    Messages in doubt are searched for in Slack before they are sent. One search is enough: what
    was sent after the backup has long arrived. Returns the number of messages in doubt.
    """
    connection.execute(update(workspaces).values(cases=workspaces.c.cases + LEFT_OUT))
    may_be_there = (
        deliveries.c.state == State.QUEUED,
        deliveries.c.kind != DeliveryKind.HOME,
        deliveries.c.ts.is_(None),  # with a ts it is an edit, which may be repeated
    )
    since = func.coalesce(deliveries.c.lost_at, deliveries.c.tried_at, deliveries.c.queued_at)
    doubted = {"state": State.IN_DOUBT, "looks": LOOKS_NEEDED - 1, "tried_at": at, "lost_at": since}
    return connection.execute(update(deliveries).where(*may_be_there).values(doubted)).rowcount
