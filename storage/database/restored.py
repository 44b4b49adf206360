"""Preparing a database that was restored from a backup, which misses the latest changes."""

from datetime import datetime

from sqlalchemy import Connection, func, update

from bot.delivery import LOOKS_NEEDED, DeliveryKind, State
from storage.tables import deliveries, workspaces

LEFT_OUT = 1_000
"""Case numbers to skip: more than were assigned since the backup.

A number used twice would point the old card in Slack at a different case.
"""


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
