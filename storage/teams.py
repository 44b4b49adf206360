"""The teams, and every revision of their documents."""

from collections.abc import Sequence

from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.orm import Session

from bot.people import ChannelId, TeamId, WorkspaceId
from bot.reports.digest import Digest
from bot.team.team import Revision, Team
from storage.tables import digests, revisions, teams, workspaces

OURS = select(Team).where(teams.c.workspace == bindparam("ours")).order_by(teams.c.id)
ONE = OURS.where(teams.c.id == bindparam("one"))
IN_CHANNEL = OURS.where(teams.c.channel == bindparam("one")).limit(1)


class Teams:
    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self._session, self._workspace = session, workspace

    def next_id(self) -> TeamId:
        counted = (
            update(workspaces)
            .where(workspaces.c.id == self._workspace)
            .values(teams=workspaces.c.teams + 1)
            .returning(workspaces.c.teams)
        )
        return TeamId(self._session.execute(counted).scalar_one())

    def all(self) -> Sequence[Team]:
        return self._session.scalars(OURS, {"ours": self._workspace}).all()

    def get(self, team: TeamId) -> Team:
        """The team, to act on: kept from others until this transaction ends."""
        return self._session.scalars(self._ours.where(teams.c.id == team).with_for_update()).one()

    def look_up(self, team: TeamId) -> Team:
        """The team, to show."""
        return self._session.scalars(ONE, {"ours": self._workspace, "one": team}).one()

    def named(self, name: str) -> Team | None:
        return self._session.scalar(self._ours.where(teams.c.name == name).with_for_update())

    def in_channel(self, channel: ChannelId) -> Team | None:
        """The team whose cards go to this channel; the first of several."""
        return self._session.scalar(IN_CHANNEL, {"ours": self._workspace, "one": channel})

    def keep(self, team: Team, revision: Revision) -> None:
        """Keep a team, and its document as it was written."""
        self._session.add(team)
        self._session.flush()  # the revision refers to it
        self._session.add(revision)

    def source(self, team: Team) -> str:
        """The document in force, as it was written."""
        query = select(revisions.c.source).where(
            revisions.c.workspace == self._workspace,
            revisions.c.team == team.id,
            revisions.c.number == team.revision,
        )
        return self._session.scalars(query).one()

    def add_digest(self, digest: Digest) -> None:
        self._session.add(digest)

    def digest(self, delivery: str) -> Digest:
        """The digest that a message is to tell."""
        query = select(Digest).where(
            digests.c.workspace == self._workspace, digests.c.delivery == delivery
        )
        return self._session.scalars(query).one()

    @property
    def _ours(self) -> Select[Team]:
        return select(Team).where(teams.c.workspace == self._workspace).order_by(teams.c.id)
