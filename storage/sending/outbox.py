"""Messages owed and not yet settled, and the lanes that they wait in."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.orm import Session

from bot.delivery import PICTURES, Delivery, SendQuota, State
from bot.people import CaseId, ChannelId, WorkspaceId
from storage.requests.upsert import insert_once
from storage.tables import deliveries, lanes, send_quotas
from storage.types import EPOCH

SOME = 50
OPEN = insert_once(lanes)
ONE = select(Delivery).where(
    deliveries.c.workspace == bindparam("ours"), deliveries.c.key == bindparam("one")
)
ONE_TO_ACT_ON = ONE.with_for_update()
FREE = (
    update(lanes)
    .where(lanes.c.workspace == bindparam("ours"), lanes.c.lane == bindparam("one"))
    .values(free_at=bindparam("at"))
)


class Outbox:
    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self._session, self._workspace = session, workspace

    def add(self, delivery: Delivery) -> None:
        self._session.add(delivery)

    def add_once(self, delivery: Delivery) -> None:
        """Add it, unless it was ever owed."""
        if self._session.scalar(ONE, self._named(delivery.key)) is None:
            self._session.add(delivery)

    def get(self, key: str) -> Delivery:
        """The delivery, to act on: kept from others until this transaction ends."""
        as_it_is = {"populate_existing": True}
        found = self._session.scalars(ONE_TO_ACT_ON, self._named(key), execution_options=as_it_is)
        return found.one()

    def look_up(self, key: str) -> Delivery:
        return self._session.scalars(ONE, self._named(key)).one()

    def find(self, key: str) -> Delivery | None:
        """The delivery of that name, to act on; None if nothing was ever owed by it."""
        return self._session.scalar(ONE_TO_ACT_ON, self._named(key))

    def queue_picture(self, picture: Delivery) -> None:
        """Owe a picture, or owe it again if it was ever owed."""
        if not self.request_update(picture.key, at=picture.queued_at):
            self._session.add(picture)

    def request_update(self, key: str, *, at: datetime) -> bool:
        """A picture has a newer state to show. False if it was never owed."""
        if (known := self.find(key)) is not None:
            known.request_update(at=at)
        return known is not None

    def unreachable_cards(self, channel: ChannelId | None = None) -> Sequence[Delivery]:
        """Cards that could not be posted or edited: all in one channel, or some that were not
        tried for the longest time.
        """
        query = self._ours.where(
            deliveries.c.state == State.UNREACHABLE, deliveries.c.kind.in_(PICTURES)
        )
        if channel is not None:
            query = query.where(deliveries.c.channel == channel)
        else:
            query = query.order_by(deliveries.c.tried_at).limit(SOME)
        return self._session.scalars(query.with_for_update()).all()

    def parts_of(self, key: str) -> Sequence[Delivery]:
        """The messages that were gathered into another."""
        query = self._ours.where(deliveries.c.about == key, deliveries.c.state == State.GATHERED)
        return self._session.scalars(query).all()

    def of_event(self, case: CaseId, event: int) -> Sequence[Delivery]:
        """What was owed to tell of one event of a case."""
        of_it = (deliveries.c.case == case, deliveries.c.event == event)
        return self._session.scalars(self._ours.where(*of_it)).all()

    def standing_in_channels(self, case: CaseId) -> Sequence[Delivery]:
        """What was said of a case where others than its reader see it, to act on."""
        query = self._ours.where(deliveries.c.case == case, deliveries.c.ts.is_not(None))
        found = self._session.scalars(query.with_for_update()).all()
        return [it for it in found if not it.is_for_one]

    def free_lane(self, lane: str, *, at: datetime) -> None:
        """Let the next message of this lane go, from ``at`` on."""
        self._session.connection().execute(FREE, self._named(lane) | {"at": at})

    def send_quota(self) -> SendQuota:
        """The way out to Slack, to act on."""
        query = select(SendQuota).where(send_quotas.c.workspace == self._workspace)
        return self._session.scalars(query.with_for_update()).one()

    def move(self, old: ChannelId, new: ChannelId) -> None:
        """A channel has another id now."""
        here = deliveries.c.workspace == self._workspace
        for column in (deliveries.c.channel, deliveries.c.lane):
            change = deliveries.update().where(here, column == old).values({column: new})
            self._session.execute(change)
        open_lanes_named(self._session, {new})

    def _named(self, one: str) -> dict[str, str]:
        return {"ours": self._workspace, "one": one}

    @property
    def _ours(self) -> Select[Delivery]:
        return select(Delivery).where(deliveries.c.workspace == self._workspace)


def open_lanes(session: Session, things: Iterable[object]) -> None:
    """See that each message that is about to be kept has its lanes to wait in."""
    new = [thing for thing in things if isinstance(thing, Delivery)]
    if new:
        open_lanes_named(session, {lane for one in new for lane in one.lanes})


def open_lanes_named(session: Session, named: set[str]) -> None:
    workspace = session.info["workspace"]
    rows = [{"workspace": workspace, "lane": lane, "free_at": EPOCH} for lane in sorted(named)]
    connection = session.connection()
    connection.execute(OPEN[connection.dialect.name], rows)
