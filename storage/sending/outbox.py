"""The outbox: messages to be sent, and the lanes in which they wait."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Select, bindparam, or_, select, update
from sqlalchemy.orm import Session

from bot.delivery import EDITED_IN_PLACE, REDACTIONS, Delivery, SendQuota, State, card_key
from bot.errors import UnreadableCase
from bot.people import CaseId, ChannelId, WorkspaceId
from storage.requests.upsert import insert_once
from storage.tables import deliveries, lanes, send_quotas
from storage.types import EPOCH, UnreadableValue

CARDS_AT_ONCE = 50
OPEN_LANE = insert_once(lanes)
ONE = select(Delivery).where(
    deliveries.c.workspace == bindparam("workspace_id"), deliveries.c.key == bindparam("name")
)
LOCK_ONE = ONE.with_for_update()
FREE = (
    update(lanes)
    .where(lanes.c.workspace == bindparam("workspace_id"), lanes.c.lane == bindparam("name"))
    .values(free_at=bindparam("at"))
)


class Outbox:
    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self._session, self._workspace = session, workspace

    def add(self, delivery: Delivery) -> None:
        self._session.add(delivery)

    def add_once(self, delivery: Delivery) -> None:
        """Add a message unless its key exists, be it queued, sent or failed."""
        if self._session.scalar(ONE, self._named(delivery.key)) is None:
            self._session.add(delivery)

    def get(self, key: str) -> Delivery:
        """Lock and load a message for an update, as it is once the lock is granted."""
        refresh = {"populate_existing": True}
        found = self._session.scalars(LOCK_ONE, self._named(key), execution_options=refresh)
        return found.one()

    def look_up(self, key: str) -> Delivery:
        """Load a message without locking it."""
        return self._session.scalars(ONE, self._named(key)).one()

    def card_of(self, case: CaseId) -> Delivery:
        """Load the card of a case without locking it.

        Raises:
            UnreadableCase: this version cannot read the card.
        """
        try:
            return self.look_up(card_key(case))
        except UnreadableValue as error:
            raise UnreadableCase(case) from error

    def find(self, key: str) -> Delivery | None:
        """Lock and load a message for an update; return None if the key was never used."""
        return self._session.scalar(LOCK_ONE, self._named(key))

    def queue_or_refresh(self, picture: Delivery) -> None:
        """Queue a card or Home tab; if it exists, request an update instead."""
        if not self.request_update(picture.key, at=picture.queued_at):
            self._session.add(picture)

    def request_update(self, key: str, *, at: datetime) -> bool:
        """Queue an edit of a card or Home tab. Return False if it was never queued."""
        if (known := self.find(key)) is not None:
            known.request_update(at=at)
        return known is not None

    def unreachable_cards(self, channel: ChannelId | None = None) -> Sequence[Delivery]:
        """Lock and load cards, and redacted messages, that could not be posted or edited.

        With ``channel``, all of them in that channel; otherwise the 50 whose last try is the
        longest ago.
        """
        query = self._deliveries.where(
            deliveries.c.state == State.UNREACHABLE,
            or_(deliveries.c.kind.in_(EDITED_IN_PLACE), deliveries.c.lane == REDACTIONS),
        )
        if channel is not None:
            query = query.where(deliveries.c.channel == channel)
        else:
            query = query.order_by(deliveries.c.tried_at).limit(CARDS_AT_ONCE)
        return self._session.scalars(query.with_for_update()).all()

    def parts_of(self, key: str) -> Sequence[Delivery]:
        """Return the messages that were combined into this one."""
        gathered = deliveries.c.state == State.GATHERED
        query = self._deliveries.where(deliveries.c.about == key, gathered)
        return self._session.scalars(query).all()

    def of_event(self, case: CaseId, event: int) -> Sequence[Delivery]:
        """Return the messages that announce an event of a case."""
        query = self._deliveries.where(deliveries.c.case == case, deliveries.c.event == event)
        return self._session.scalars(query).all()

    def free_lane(self, lane: str, *, at: datetime) -> None:
        """Free a lane, so that its next message can be sent from ``at`` on."""
        self._session.connection().execute(FREE, self._named(lane) | {"at": at})

    def send_quota(self) -> SendQuota:
        """Lock and load the workspace's send quota."""
        query = select(SendQuota).where(send_quotas.c.workspace == self._workspace)
        return self._session.scalars(query.with_for_update()).one()

    def move(self, old: ChannelId, new: ChannelId) -> None:
        """Move messages and lanes to a channel's new id.

        Slack changes the id of a channel when it is converted, for example to a shared one.
        """
        here = deliveries.c.workspace == self._workspace
        for column in (deliveries.c.channel, deliveries.c.lane):
            change = deliveries.update().where(here, column == old).values({column: new})
            self._session.execute(change)
        open_lanes_named(self._session, {new})

    def _named(self, name: str) -> dict[str, str]:
        return {"workspace_id": self._workspace, "name": name}

    @property
    def _deliveries(self) -> Select[Delivery]:
        return select(Delivery).where(deliveries.c.workspace == self._workspace)


def open_lanes(session: Session, things: Iterable[object]) -> None:
    """Create the missing lanes of messages that are about to be inserted."""
    new = [thing for thing in things if isinstance(thing, Delivery)]
    if new:
        open_lanes_named(session, {lane for one in new for lane in one.lanes})


def open_lanes_named(session: Session, named: set[str]) -> None:
    workspace = session.info["workspace"]
    rows = [{"workspace": workspace, "lane": lane, "free_at": EPOCH} for lane in sorted(named)]
    connection = session.connection()
    connection.execute(OPEN_LANE[connection.dialect.name], rows)
