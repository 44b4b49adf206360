"""Loading cases: to change them, to show them, and in lists."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, and_, bindparam, or_, select, update
from sqlalchemy.orm import Session

from bot.case import OVER, Case
from bot.delivery import EDITED_IN_PLACE, DeliveryKind
from bot.errors import NoSuchCase, UnreadableCase
from bot.people import CaseId, ChannelId, TeamId, UserId, WorkspaceId
from bot.rate_limit import Escalated
from storage.cases.bulk_insert import insert_new
from storage.cases.eager_load import IDS, LATER, load_related
from storage.tables import cases, deliveries, workspaces
from storage.types import UnreadableValue

# Built once: building a statement for each transaction costs more than running it.
TAKE_NUMBER = (
    update(workspaces)
    .where(workspaces.c.id == bindparam("workspace_id"))
    .values(cases=workspaces.c.cases + 1)
    .returning(workspaces.c.cases)
)
IN_WORKSPACE = select(Case).where(cases.c.workspace == bindparam("workspace_id"))
ONE = IN_WORKSPACE.where(cases.c.id == bindparam("value"))
MANY = IN_WORKSPACE.where(cases.c.id.in_(IDS)).order_by(cases.c.id).options(*LATER)
REFRESH_MANY = MANY.execution_options(populate_existing=True)
LOCK_CASES_AND_CARDS = (
    select(cases.c.id)
    .join(
        deliveries,
        and_(deliveries.c.workspace == cases.c.workspace, deliveries.c.case == cases.c.id),
    )
    .where(cases.c.workspace == bindparam("workspace_id"), cases.c.id.in_(IDS))
    .where(deliveries.c.kind.in_(EDITED_IN_PLACE))
    .order_by(cases.c.id, deliveries.c.key)  # one lock order for all, so no deadlocks
    .with_for_update()
)
NOT_OVER = cases.c.status.not_in(OVER)
RECENT = (
    select(cases.c.id, cases.c.customer, cases.c.summary)
    .where(cases.c.workspace == bindparam("workspace_id"), cases.c.reporter == bindparam("value"))
    .where(cases.c.opened_at > bindparam("since"))
    .order_by(cases.c.opened_at.desc())
    .limit(bindparam("most"))
)
RUNNING = IN_WORKSPACE.where(NOT_OVER).options(*LATER)
OPEN_IN, OWNED_BY, REPORTED_BY = (
    RUNNING.where(column == bindparam("value"))
    for column in (cases.c.team_id, cases.c.owner, cases.c.reporter)
)
OPEN_AT = (
    IN_WORKSPACE.where(cases.c.team_id == bindparam("value"))
    .where(cases.c.opened_at <= bindparam("instant"))
    .where(or_(NOT_OVER, cases.c.over_at > bindparam("instant")))
    .options(*LATER)
)
OPENED_AT = select(cases.c.opened_at).where(
    cases.c.workspace == bindparam("workspace_id"), cases.c.id == bindparam("value")
)


class Cases:
    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self._session, self._workspace = session, workspace
        self.unreadable: set[CaseId] = set()  # left out of the lists of this transaction

    def next_id(self) -> CaseId:
        """Return the next case number. A rollback gives it back, so numbers have no gaps."""
        counted = self._session.connection().execute(TAKE_NUMBER, {"workspace_id": self._workspace})
        return CaseId(counted.scalar_one())

    def add(self, case: Case) -> None:
        insert_new(self._session, case)

    def get(self, case_id: CaseId) -> Case:
        """Lock and load a case and its card for an update.

        The rows are locked before they are read, and objects already in the session are
        refreshed, so the result shows what other transactions committed before the lock was
        granted: the card as its sender left it, and the team's newest document.

        Raises:
            NoSuchCase: the id is unknown in this workspace.
            UnreadableCase: this version cannot read the case.
        """
        [case] = self.get_all([case_id])
        return case

    def get_all(self, numbers: Collection[CaseId]) -> Sequence[Case]:
        """Lock and load several cases for an update, in id order, in as many statements as one.

        Raises:
            NoSuchCase: one of the ids is unknown in this workspace.
            UnreadableCase: this version cannot read one of the cases.
        """
        self._lock(numbers)
        try:
            return self._find_all(REFRESH_MANY, numbers)
        except UnreadableValue as error:
            self._readable(sorted(numbers))
            raise UnreadableCase(min(self.unreadable, default=min(numbers))) from error

    def look_up(self, case_id: CaseId) -> Case:
        """Load a case without locking it, to show it.

        Raises:
            NoSuchCase: the id is unknown in this workspace.
            UnreadableCase: this version cannot read the case.
        """
        wanted = {"workspace_id": self._workspace, "value": case_id}
        try:
            case = self._session.scalar(ONE, wanted)
        except UnreadableValue as error:
            raise UnreadableCase(case_id) from error
        if case is None:
            raise NoSuchCase(case_id)
        return case

    def look_up_all(self, numbers: Collection[CaseId]) -> Sequence[Case]:
        """Load several cases without locking them, in the order of ``numbers``.

        Leaves out those that this version cannot read, and adds them to ``unreadable``.

        Raises:
            NoSuchCase: one of the ids is unknown in this workspace.
        """
        found = {case.id: case for case in self._readable(list(numbers))}
        return [found[number] for number in numbers if number in found]

    def owners(self, among: Collection[UserId]) -> list[UserId]:
        """Return those of the people who own an open case. Pass a few hundred at most."""
        query = select(cases.c.owner).distinct().order_by(cases.c.owner)
        owned = query.where(cases.c.workspace == self._workspace, cases.c.owner.in_(among))
        return [UserId(owner) for owner in self._session.scalars(owned.where(NOT_OVER)) if owner]

    def merged_into_last(self, case_id: CaseId) -> CaseId:
        """Follow the merges of a case and return the id of the last one; its own if unmerged.

        Raises:
            NoSuchCase: the id is unknown in this workspace.
        """
        while (into := self.look_up(case_id).merged_into) is not None:
            case_id = into
        return case_id

    def get_pair(self, one: CaseId, other: CaseId) -> tuple[Case, Case]:
        """Lock and load two cases for an update, and return them in the order of the arguments."""
        found = {case.id: case for case in self.get_all({one, other})}
        return found[one], found[other]

    def with_card(self, channel: ChannelId, ts: str) -> CaseId | None:
        """Return the id of the case whose card is this message, or None."""
        found = self._session.scalar(
            select(deliveries.c.case).where(
                deliveries.c.workspace == self._workspace,
                deliveries.c.kind == DeliveryKind.CARD,
                deliveries.c.channel == channel,
                deliveries.c.ts == ts,
            )
        )
        return None if found is None else CaseId(found)

    def open_in(self, team: TeamId) -> Sequence[Case]:
        """Return the team's open cases."""
        return self._list(OPEN_IN, value=team)

    def open_at(self, team: TeamId, instant: datetime) -> Sequence[Case]:
        """Return the team's cases that were open at an instant, and those reopened since."""
        params = {"workspace_id": self._workspace, "value": team, "instant": instant}
        return self._with_related(self._session.scalars(OPEN_AT, params).all())

    def owned_by(self, person: UserId) -> Sequence[Case]:
        """Return the open cases that this person owns."""
        return self._list(OWNED_BY, value=person)

    def reported_by(self, person: UserId) -> Sequence[Case]:
        """Return the open cases that this person reported."""
        return self._list(REPORTED_BY, value=person)

    def of_customer(
        self, key: str, *, teams: Collection[TeamId], or_of: UserId, limit: int
    ) -> Sequence[Case]:
        """Return a customer's newest cases in ``teams``, or reported or owned by ``or_of``."""
        seen = or_(cases.c.team_id.in_(teams), cases.c.reporter == or_of, cases.c.owner == or_of)
        query = (
            IN_WORKSPACE.where(cases.c.customer_key == key, seen)
            .order_by(cases.c.id.desc())
            .limit(limit)
        )
        return self._list(query.options(*LATER))

    def recently_reported_by(
        self, person: UserId, *, since: datetime, most: int
    ) -> Sequence[Escalated]:
        """Return what this person reported after ``since``, the newest first, up to ``most``."""
        params = {"workspace_id": self._workspace, "value": person, "since": since, "most": most}
        found = self._session.connection().execute(RECENT, params)
        return [Escalated(CaseId(it.id), it.customer, it.summary) for it in found]

    def opened_at(self, number: int) -> datetime | None:
        params = {"workspace_id": self._workspace, "value": number}
        return self._session.connection().scalar(OPENED_AT, params)

    def schedule_checks(self, team: TeamId, *, at: datetime) -> None:
        """Schedule a check of all open cases of a team, because its document has changed.

        The versions are incremented, so that a transaction that still uses the old document
        fails on its version check and is retried.
        """
        self._session.execute(
            update(cases)
            .where(cases.c.workspace == self._workspace, cases.c.team_id == team)
            .where(NOT_OVER)
            .values(next_check_at=at, version=cases.c.version + 1)
            .execution_options(synchronize_session=False)
        )

    def _lock(self, numbers: Collection[CaseId]) -> None:
        params = {"workspace_id": self._workspace, "ids": list(numbers)}
        self._session.connection().execute(LOCK_CASES_AND_CARDS, params)

    def _find_all(self, query: Select[Case], numbers: Collection[CaseId]) -> Sequence[Case]:
        if not numbers:
            return []
        params = {"workspace_id": self._workspace, "ids": list(numbers)}
        found = self._session.scalars(query, params).all()
        if missing := set(numbers) - {case.id for case in found}:
            raise NoSuchCase(min(missing))
        return self._with_related(found)

    def _list(self, query: Select[Case], **params: object) -> Sequence[Case]:
        """Load the cases of a query without those that this version cannot read."""
        params["workspace_id"] = self._workspace
        try:
            return self._with_related(self._session.scalars(query, params).all())
        except UnreadableValue:
            numbers = query.with_only_columns(cases.c.id)
            return self._readable([CaseId(it) for it in self._session.scalars(numbers, params)])

    def _readable(self, numbers: Sequence[CaseId]) -> Sequence[Case]:
        """Load those of the cases that this version can read, and note the others.

        Halves the cases until the unreadable ones are found, to load the others together.
        """
        try:
            return self._find_all(MANY, numbers)
        except UnreadableValue:
            if len(numbers) == 1:
                self.unreadable.update(numbers)
                return []
            middle = len(numbers) // 2
            return [*self._readable(numbers[:middle]), *self._readable(numbers[middle:])]

    def _with_related(self, found: Sequence[Case]) -> Sequence[Case]:
        load_related(self._session, self._workspace, found)
        return found
