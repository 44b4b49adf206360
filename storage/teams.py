"""Teams, the revisions of their documents, and their digests."""

from collections.abc import Sequence

from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.orm import Session

from bot.people import ChannelId, TeamId, WorkspaceId
from bot.reports.digest import Digest
from bot.team.team import Revision, Team
from storage.tables import digests, revisions, teams, workspaces

ALL = select(Team).where(teams.c.workspace == bindparam("workspace_id")).order_by(teams.c.id)
ONE = ALL.where(teams.c.id == bindparam("team"))
IN_CHANNEL = ALL.where(teams.c.channel == bindparam("team_channel")).limit(1)


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
        return self._session.scalars(ALL, {"workspace_id": self._workspace}).all()

    def get(self, team: TeamId) -> Team:
        """Lock and load a team for an update."""
        return self._session.scalars(self._teams.where(teams.c.id == team).with_for_update()).one()

    def look_up(self, team: TeamId) -> Team:
        """Load a team without locking it."""
        return self._session.scalars(ONE, {"workspace_id": self._workspace, "team": team}).one()

    def named(self, name: str) -> Team | None:
        """Lock and load the team with this name, or return None."""
        return self._session.scalar(self._teams.where(teams.c.name == name).with_for_update())

    def in_channel(self, channel: ChannelId) -> Team | None:
        """Return the team whose cards go to this channel, the oldest one of several, or None."""
        params = {"workspace_id": self._workspace, "team_channel": channel}
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

    @property
    def _teams(self) -> Select[Team]:
        return select(Team).where(teams.c.workspace == self._workspace).order_by(teams.c.id)
