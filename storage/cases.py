"""Finding cases."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.case import Case, Status
from bot.errors import NoSuchCase
from bot.people import CaseId, TeamId, UserId, WorkspaceId
from storage.tables import cases, workspaces


class Cases:
    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self._session, self._workspace = session, workspace
        self._ours = select(Case).where(cases.c.workspace == workspace)
        self._unresolved = self._ours.where(cases.c.status != Status.RESOLVED)

    def next_id(self) -> CaseId:
        """The number of the next case; nobody else gets it, and none is left out."""
        counted = (
            update(workspaces)
            .where(workspaces.c.id == self._workspace)
            .values(cases=workspaces.c.cases + 1)
            .returning(workspaces.c.cases)
        )
        return CaseId(self._session.execute(counted).scalar_one())

    def add(self, case: Case) -> None:
        self._session.add(case)

    def get(self, case_id: CaseId) -> Case:
        """The case, to act on: kept from others until this transaction ends.

        Raises:
            NoSuchCase: this workspace has no such case.
        """
        return self._one(case_id, lock=True)

    def look_up(self, case_id: CaseId) -> Case:
        """The case, to show.

        Raises:
            NoSuchCase: this workspace has no such case.
        """
        return self._one(case_id, lock=False)

    def open_in(self, team: TeamId) -> Sequence[Case]:
        """All that are not resolved."""
        return self._session.scalars(self._unresolved.where(cases.c.team_id == team)).all()

    def owned_by(self, person: UserId) -> Sequence[Case]:
        """What somebody has in hand."""
        return self._session.scalars(self._unresolved.where(cases.c.owner == person)).all()

    def reported_by(self, person: UserId) -> Sequence[Case]:
        """What somebody has escalated and is not resolved yet."""
        return self._session.scalars(self._unresolved.where(cases.c.reporter == person)).all()

    def look_again(self, team: TeamId, *, at: datetime) -> None:
        """Have every unresolved case of a team looked at anew: its document says something else.

        The version goes up with it, so that nobody who began before settles on the old one.
        """
        self._session.execute(
            update(cases)
            .where(cases.c.workspace == self._workspace, cases.c.team_id == team)
            .where(cases.c.status != Status.RESOLVED)
            .values(next_check_at=at, version=cases.c.version + 1)
            .execution_options(synchronize_session=False)
        )

    def _one(self, case_id: CaseId, *, lock: bool) -> Case:
        query = self._ours.where(cases.c.id == case_id)
        if lock:
            query = query.with_for_update(of=cases)
        if (case := self._session.scalar(query)) is None:
            raise NoSuchCase(case_id)
        return case
