"""Teams, the revisions of their documents, and their digests."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, bindparam, func, select, update
from sqlalchemy.orm import Session

from bot.errors import UnreadableTeam
from bot.people import ChannelId, TeamId, WorkspaceId
from bot.reports.digest import Digest
from bot.team.team import Revision, Team
from storage.tables import digests, revisions, teams, workspaces
from storage.types import UnreadableValue

ALL = select(Team).where(teams.c.workspace == bindparam("workspace_id")).order_by(teams.c.id)
NUMBERS = (
    select(teams.c.id).where(teams.c.workspace == bindparam("workspace_id")).order_by(teams.c.id)
)
ONE = ALL.where(teams.c.id == bindparam("team"))
IN_CHANNEL = ALL.where(teams.c.channel == bindparam("team_channel")).limit(1)


@contextmanager
def refused_if_unreadable() -> Iterator[None]:
    try:
        yield
    except UnreadableValue as error:
        raise UnreadableTeam from error


class Teams:
    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self._session, self._workspace = session, workspace

    def next_id(self) -> TeamId:
        """Return the next team number. A rollback gives it back."""
        counted = (
            update(workspaces)
            .where(workspaces.c.id == self._workspace)
            .values(teams=workspaces.c.teams + 1)
            .returning(workspaces.c.teams)
        )
        return TeamId(self._session.execute(counted).scalar_one())

    def all(self) -> Sequence[Team]:
        """Return the teams, without those whose file this version cannot read."""
        params = {"workspace_id": self._workspace}
        try:
            return self._session.scalars(ALL, params).all()
        except UnreadableValue:
            numbers = self._session.scalars(NUMBERS, params).all()
            return [it for number in numbers if (it := self._if_readable(TeamId(number)))]

    def get(self, team: TeamId) -> Team:
        """Lock and load a team for an update.

        Raises:
            UnreadableTeam: this version cannot read its file.
        """
        query = self._teams.where(teams.c.id == team).with_for_update()
        with refused_if_unreadable():
            return self._session.scalars(query).one()

    def look_up(self, team: TeamId) -> Team:
        """Load a team without locking it.

        Raises:
            UnreadableTeam: this version cannot read its file.
        """
        with refused_if_unreadable():
            return self._session.scalars(ONE, {"workspace_id": self._workspace, "team": team}).one()

    def named(self, name: str) -> Team | None:
        """Lock and load the team with this name, or return None.

        Raises:
            UnreadableTeam: this version cannot read its file.
        """
        with refused_if_unreadable():
            return self._session.scalar(self._teams.where(teams.c.name == name).with_for_update())

    def in_channel(self, channel: ChannelId) -> Team | None:
        """Return the team whose cards go to this channel, the oldest one of several, or None.

        Raises:
            UnreadableTeam: this version cannot read its file.
        """
        params = {"workspace_id": self._workspace, "team_channel": channel}
        with refused_if_unreadable():
            return self._session.scalar(IN_CHANNEL, params)

    def keep(self, team: Team, revision: Revision) -> None:
        """Store a team and a new revision of its document."""
        self._session.add(team)
        self._session.flush()  # the revision has a foreign key to the team
        self._session.add(revision)

    def source(self, team: Team) -> str:
        """Return the source text of the team's current document."""
        query = select(revisions.c.source).where(
            revisions.c.workspace == self._workspace,
            revisions.c.team == team.id,
            revisions.c.number == team.revision,
        )
        return self._session.scalars(query).one()

    def add_digest(self, digest: Digest) -> None:
        self._session.add(digest)

    def digest(self, delivery: str) -> Digest:
        """Return the digest that a message, given by its delivery key, contains."""
        return self._session.scalars(self._digest(delivery)).one()

    def get_digest(self, delivery: str) -> Digest:
        """Lock and load the same digest for an update."""
        return self._session.scalars(self._digest(delivery).with_for_update()).one()

    def _digest(self, delivery: str) -> Select[Digest]:
        return select(Digest).where(
            digests.c.workspace == self._workspace, digests.c.delivery == delivery
        )

    def digests_after(self, team: Team, at: datetime) -> Sequence[Digest]:
        """Return the digests that were made later than ``at``, oldest first."""
        query = select(Digest).where(*self._of(team)).where(digests.c.until > at)
        return self._session.scalars(query.order_by(digests.c.until)).all()

    def last_digest_date(self, team: Team) -> date | None:
        """Return the local date of the team's last digest, or None if it has none."""
        query = select(func.max(digests.c.local_date)).where(*self._of(team))
        return self._session.scalar(query)

    def remove_digest(self, digest: Digest) -> None:
        self._session.delete(digest)
        self._session.flush()

    def _of(self, team: Team) -> tuple[ColumnElement[bool], ...]:
        return digests.c.workspace == self._workspace, digests.c.team == team.id

    def _if_readable(self, team: TeamId) -> Team | None:
        with suppress(UnreadableTeam):
            return self.look_up(team)
        return None

    @property
    def _teams(self) -> Select[Team]:
        return select(Team).where(teams.c.workspace == self._workspace).order_by(teams.c.id)
