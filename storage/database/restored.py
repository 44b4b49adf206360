"""What a database that was put back from a backup does not know: all that happened since."""

from datetime import datetime

from sqlalchemy import Connection, func, update

from bot.delivery import LOOKS_NEEDED, DeliveryKind, State
from storage.tables import deliveries, workspaces

LEFT_OUT = 1_000
"""Case numbers, more than were given since: the card of a lost case never becomes another's."""


def distrust(connection: Connection, *, at: datetime) -> int:
    """Send nothing that is owed without having looked for it, and give no number once more.

    One look is enough: what was sent in the meantime is there by now. Returns how many messages
    are to be looked for.
    """
    connection.execute(update(workspaces).values(cases=workspaces.c.cases + LEFT_OUT))
    may_be_there = (
        deliveries.c.state == State.QUEUED,
        deliveries.c.kind != DeliveryKind.HOME,
        deliveries.c.ts.is_(None),  # an edit may be made twice
    )
    since = func.coalesce(deliveries.c.lost_at, deliveries.c.tried_at, deliveries.c.queued_at)
    doubted = {"state": State.IN_DOUBT, "looks": LOOKS_NEEDED - 1, "tried_at": at, "lost_at": since}
    return connection.execute(update(deliveries).where(*may_be_there).values(doubted)).rowcount
