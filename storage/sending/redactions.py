"""What Slack shows of a restricted case follows its restriction and its readers."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, inspect, or_, select
from sqlalchemy.orm import Session

from bot.case import Case
from bot.case.permissions import sees_all
from bot.case.redaction import is_hidden_from, is_outdated
from bot.case.state import ENDS, HANDOFF_EVENTS
from bot.delivery import EDITS, REDACTIONS, Delivery, DeliveryKind, State
from bot.people import ChannelId, Person, UserId, is_person
from bot.reports.digest import Digest
from storage.directory.people import People
from storage.sending.outbox import open_lanes_named
from storage.tables import deliveries, digests, teams

MAY_BE_IN_SLACK = or_(deliveries.c.ts.is_not(None), deliveries.c.due_at.is_not(None))
MOVES = HANDOFF_EVENTS | ENDS


def update_redactions(session: Session, things: Iterable[object]) -> None:
    """Queue edits of what shows a changed case, if it is or was restricted."""
    for case in [thing for thing in things if isinstance(thing, Case)]:
        switched = inspect(case).attrs.restricted.history.has_changes()
        if case.restricted or switched:
            Redactions(session, case).update(switched=switched)


class Redactions:
    """Brings all messages that may show a case up to date."""

    def __init__(self, session: Session, case: Case) -> None:
        self._session, self._case = session, case
        self._now: datetime = session.info["now"]
        self._people = People(session, session.info["workspace"], self._now)
        self._readers: dict[ChannelId, Person | None] = {}

    def update(self, *, switched: bool) -> None:
        added = inspect(self._case).attrs.history.history.added
        moved = any(event.kind in MOVES for event in added)
        if switched:
            self._lock_team()
        self._redact(switched=switched, moved=moved)
        if switched or moved:
            self._update_homes(switched=switched)

    def _lock_team(self) -> None:
        """Let digests and copies of undelivered messages wait, so that they show the new state."""
        team = teams.c.workspace == self._workspace, teams.c.id == self._case.team.id
        self._session.execute(select(teams.c.id).where(*team).with_for_update())

    def _redact(self, *, switched: bool, moved: bool) -> None:
        # A worker may be combining reminders: they are locked before their messages are looked up.
        messages = [*self._about_the_case(), *self._that_list_it()]
        outdated = [
            message
            for message in messages
            if is_outdated(
                message, self._case, self._reader(message.channel), switched=switched, moved=moved
            )
        ]
        if outdated:  # messages of an earlier release opened no lanes for edits
            open_lanes_named(self._session, {EDITS, REDACTIONS})
        for message in outdated:
            hides_another = message.case is None and message.redacted
            hidden = is_hidden_from(self._reader(message.channel), self._case)
            message.redact(hidden=hidden or hides_another, at=self._now)

    def _about_the_case(self) -> list[Delivery]:
        says_nothing = deliveries.c.kind == DeliveryKind.REPLIES
        return self._find(deliveries.c.case == self._case.id, ~says_nothing, MAY_BE_IN_SLACK)

    def _that_list_it(self) -> list[Delivery]:
        """Return the digests and combined reminders with this case, and copies of them."""
        of_case = and_(deliveries.c.case == self._case.id, deliveries.c.state == State.GATHERED)
        gathered = select(deliveries.c.about).where(self._here, of_case).distinct()
        keys = {*self._session.scalars(gathered), *self._digests()}
        copies = and_(deliveries.c.kind == DeliveryKind.INSTEAD, deliveries.c.about.in_(keys))
        return self._find(or_(deliveries.c.key.in_(keys), copies), MAY_BE_IN_SLACK) if keys else []

    def _digests(self) -> list[str]:
        of_team = (
            select(Digest)
            .join(
                deliveries,
                and_(
                    deliveries.c.workspace == digests.c.workspace,
                    deliveries.c.key == digests.c.delivery,
                ),
            )
            .where(self._here, digests.c.team == self._case.team.id, self._since_it_was_opened)
        )
        found = self._session.scalars(of_team)
        return [it.delivery for it in found if it.rows is None or self._case.id in it.rows]

    def _update_homes(self, *, switched: bool) -> None:
        """Publish the Home tabs again on which a manager sees the cases of the whole team."""
        homes = self._find(deliveries.c.kind == DeliveryKind.HOME, self._since_it_was_opened)
        for home in homes:
            person = self._people.last_known(UserId(home.channel))
            if sees_all(person, self._case.team) and (
                switched or is_hidden_from(person, self._case)
            ):
                home.request_update(at=self._now)

    @property
    def _workspace(self) -> str:
        return str(self._session.info["workspace"])

    @property
    def _here(self) -> ColumnElement[bool]:
        return deliveries.c.workspace == self._workspace

    @property
    def _since_it_was_opened(self) -> ColumnElement[bool]:
        """A condition: Baton tried to send it since the case was opened."""
        return deliveries.c.tried_at >= self._case.opened_at

    def _find(self, *conditions: ColumnElement[bool]) -> list[Delivery]:
        """Lock and load messages, in one order for all transactions."""
        query = select(Delivery).where(self._here, *conditions).order_by(deliveries.c.key)
        return list(self._session.scalars(query.with_for_update()))

    def _reader(self, channel: ChannelId) -> Person | None:
        """Return the one person who reads a DM; None for a channel."""
        if not is_person(channel):
            return None
        if channel not in self._readers:
            self._readers[channel] = self._people.last_known(UserId(channel))
        return self._readers[channel]
