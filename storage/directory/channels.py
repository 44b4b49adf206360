"""Channels that people of another company can read, as last reported by Slack."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.orm import Session

from bot.case import OVER
from bot.delivery import EDITED_IN_PLACE, Delivery
from bot.people import ChannelId, WorkspaceId
from storage.requests.upsert import insert_once
from storage.tables import cases, deliveries
from storage.tables import shared_channels as channels

CASES_AT_ONCE = 100
ADD = insert_once(channels)


class SharedChannels:
    def __init__(self, session: Session, workspace: WorkspaceId, now: datetime) -> None:
        self._session, self._workspace, self._now = session, workspace, now

    def has(self, channel: str) -> bool:
        """Return whether people of another company can read the channel."""
        found = self._session.scalar(select(channels.c.shared).where(self._is(channel)))
        return bool(found)

    def note(self, channel: ChannelId, *, shared: bool) -> bool:
        """Store whether a channel is shared. Return whether that is news.

        Its cards are then to be updated: see ``next_cards``.
        """
        connection = self._session.connection()
        key = {"workspace": self._workspace, "channel": channel}
        unshared = {"shared": False, "since": self._now, "cards_above": 0, "updated": True}
        connection.execute(ADD[connection.dialect.name], key | unshared)
        query = select(channels.c.shared).where(self._is(channel)).with_for_update()
        if self._session.scalars(query).one() is shared:
            return False
        news = unshared | {"shared": shared, "updated": False}
        self._session.execute(update(channels).where(self._is(channel)).values(news))
        return True

    def move(self, old: ChannelId, new: ChannelId) -> None:
        """Follow a channel to its new id."""
        self._session.execute(delete(channels).where(self._is(new)))
        self._session.execute(update(channels).where(self._is(old)).values(channel=new))

    def outdated(self) -> list[ChannelId]:
        """Return the channels where cards still show too much, or too little."""
        query = select(channels.c.channel).where(
            channels.c.workspace == self._workspace, ~channels.c.updated
        )
        return [ChannelId(channel) for channel in self._session.scalars(query)]

    def next_cards(self, channel: ChannelId) -> Sequence[tuple[Delivery, bool]]:
        """Lock the next cards to update, each with whether its case is open."""
        query = select(channels.c.cards_above).where(self._is(channel)).with_for_update()
        above = self._session.scalars(query).one()
        here = and_(
            deliveries.c.workspace == self._workspace,
            deliveries.c.channel == channel,
            deliveries.c.kind.in_(EDITED_IN_PLACE),
        )
        ids = select(deliveries.c.case).distinct().where(here, deliveries.c.case > above)
        batch = self._session.scalars(ids.order_by(deliveries.c.case).limit(CASES_AT_ONCE)).all()
        last = max((case for case in batch if case is not None), default=above)
        progress = {"cards_above": last, "updated": not batch}
        self._session.execute(update(channels).where(self._is(channel)).values(progress))
        of_case = and_(cases.c.workspace == deliveries.c.workspace, cases.c.id == deliveries.c.case)
        cards = (
            select(Delivery, cases.c.status.not_in(OVER))
            .join(cases, of_case)
            .where(here, deliveries.c.case.in_(batch))
            .order_by(deliveries.c.case, deliveries.c.key)  # one lock order for all
            .with_for_update(of=deliveries)
        )
        return [(card, is_open) for card, is_open in self._session.execute(cards)]

    def _is(self, channel: str) -> ColumnElement[bool]:
        return and_(channels.c.workspace == self._workspace, channels.c.channel == channel)
