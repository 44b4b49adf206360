"""Messages owed and not yet settled, and the lanes that they wait in."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.delivery import Delivery
from bot.people import WorkspaceId
from storage.once import insert_once
from storage.tables import deliveries, lanes
from storage.types import EPOCH

OPEN = insert_once(lanes)


class Outbox:
    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self._session, self._workspace = session, workspace

    def add(self, delivery: Delivery) -> None:
        self._session.add(delivery)

    def get(self, key: str) -> Delivery:
        """The delivery, to act on: kept from others until this transaction ends."""
        query = self._ours.where(deliveries.c.key == key).with_for_update()
        return self._session.scalars(query).one()

    def look_up(self, key: str) -> Delivery:
        return self._session.scalars(self._ours.where(deliveries.c.key == key)).one()

    def owe_picture(self, picture: Delivery) -> None:
        """Owe a picture, or owe it again if it was ever owed."""
        if not self.owe_again(picture.key, at=picture.owed_at):
            self._session.add(picture)

    def owe_again(self, key: str, *, at: datetime) -> bool:
        """A picture has a newer state to show. False if it was never owed."""
        query = self._ours.where(deliveries.c.key == key).with_for_update()
        if (known := self._session.scalar(query)) is not None:
            known.owe_again(at=at)
        return known is not None

    def free_lane(self, delivery: Delivery, *, at: datetime) -> None:
        """Let the next message of this lane go, from ``at`` on."""
        self._session.execute(
            lanes.update()
            .where(lanes.c.workspace == self._workspace, lanes.c.channel == delivery.channel)
            .values(free_at=at)
        )

    @property
    def _ours(self) -> Select[Delivery]:
        return select(Delivery).where(deliveries.c.workspace == self._workspace)


def open_lanes(session: Session, things: Iterable[object]) -> None:
    """See that each message that is about to be kept has a lane to wait in."""
    wanted = {thing.channel for thing in things if isinstance(thing, Delivery)}
    if not wanted:
        return
    workspace = session.info["workspace"]
    rows = [{"workspace": workspace, "channel": it, "free_at": EPOCH} for it in sorted(wanted)]
    connection = session.connection()
    connection.execute(OPEN[connection.dialect.name], rows)
