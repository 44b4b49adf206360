"""Finding cases."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, and_, bindparam, or_, select, update
from sqlalchemy.orm import Session

from bot.case import OVER, Case
from bot.delivery import PICTURES, DeliveryKind
from bot.errors import NoSuchCase
from bot.people import CaseId, ChannelId, TeamId, UserId, WorkspaceId
from bot.rate_limit import Escalated
from storage.cases.bulk_insert import insert_new
from storage.cases.eager_load import LATER, SOME, load_related
from storage.tables import cases, deliveries, workspaces

# Made once: to make a statement anew for each transaction costs more than to run it.
COUNT_ONE = (
    update(workspaces)
    .where(workspaces.c.id == bindparam("ours"))
    .values(cases=workspaces.c.cases + 1)
    .returning(workspaces.c.cases)
)
OURS = select(Case).where(cases.c.workspace == bindparam("ours"))
ONE = OURS.where(cases.c.id == bindparam("one"))
THESE = OURS.where(cases.c.id.in_(SOME)).order_by(cases.c.id).options(*LATER)
THESE_AS_THEY_ARE = THESE.execution_options(populate_existing=True)
KEEP_FROM_OTHERS = (
    select(cases.c.id)
    .join(
        deliveries,
        and_(deliveries.c.workspace == cases.c.workspace, deliveries.c.case == cases.c.id),
    )
    .where(cases.c.workspace == bindparam("ours"), cases.c.id.in_(SOME))
    .where(deliveries.c.kind.in_(PICTURES))
    .order_by(cases.c.id, deliveries.c.key)
    .with_for_update()
)
NOT_OVER = cases.c.status.not_in(OVER)
LATELY = (
    select(cases.c.id, cases.c.customer, cases.c.summary)
    .where(cases.c.workspace == bindparam("ours"), cases.c.reporter == bindparam("one"))
    .where(cases.c.opened_at > bindparam("since"))
    .order_by(cases.c.opened_at.desc())
    .limit(bindparam("most"))
)
RUNNING = OURS.where(NOT_OVER).options(*LATER)
OPEN_IN, OWNED_BY, REPORTED_BY = (
    RUNNING.where(column == bindparam("one"))
    for column in (cases.c.team_id, cases.c.owner, cases.c.reporter)
)
OPENED_AT = select(cases.c.opened_at).where(
    cases.c.workspace == bindparam("ours"), cases.c.id == bindparam("one")
)


class Cases:
    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self._session, self._workspace = session, workspace

    def next_id(self) -> CaseId:
        """The number of the next case: nobody else gets it, and what fails leaves none out."""
        counted = self._session.connection().execute(COUNT_ONE, {"ours": self._workspace})
        return CaseId(counted.scalar_one())

    def add(self, case: Case) -> None:
        insert_new(self._session, case)

    def get(self, case_id: CaseId) -> Case:
        """The case and its card, to act on: kept from others until this transaction ends.

        They are locked first and read then, whatever of them was seen before, so that what is
        read is what is in force once the lock has come: the card as its sender left it, and the
        team's newest document.

        Raises:
            NoSuchCase: this workspace has no such case.
        """
        [case] = self.get_all([case_id])
        return case

    def get_all(self, numbers: Collection[CaseId]) -> Sequence[Case]:
        """The same of several, in as many statements as of one, and in their order: all take
        them in that order, so that nobody waits in a ring.

        Raises:
            NoSuchCase: this workspace has not all of them.
        """
        self._keep_from_others(numbers)
        return self._find_all(THESE_AS_THEY_ARE, numbers)

    def look_up(self, case_id: CaseId) -> Case:
        """The case, to show.

        Raises:
            NoSuchCase: this workspace has no such case.
        """
        wanted = {"ours": self._workspace, "one": case_id}
        if (case := self._session.scalar(ONE, wanted)) is None:
            raise NoSuchCase(case_id)
        return case

    def look_up_all(self, numbers: Collection[CaseId]) -> Sequence[Case]:
        """Several cases, to show, in the order in which they are asked for.

        Raises:
            NoSuchCase: this workspace has not all of them.
        """
        found = {case.id: case for case in self._find_all(THESE, numbers)}
        return [found[number] for number in numbers]

    def goes_on_in(self, case_id: CaseId) -> CaseId:
        """The case itself; if it was merged, the one that it goes on in, however often.

        Raises:
            NoSuchCase: this workspace has no such case.
        """
        while (into := self.look_up(case_id).merged_into) is not None:
            case_id = into
        return case_id

    def get_both(self, one: CaseId, other: CaseId) -> tuple[Case, Case]:
        """Two cases, to act on: taken in one order by all, so that nobody waits in a ring."""
        found = {case.id: case for case in self.get_all({one, other})}
        return found[one], found[other]

    def with_card(self, channel: ChannelId, ts: str) -> CaseId | None:
        """The case whose card is this message, if it is one."""
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
        """All that are not over."""
        return self._list(OPEN_IN, team)

    def owned_by(self, person: UserId) -> Sequence[Case]:
        """What somebody has in hand."""
        return self._list(OWNED_BY, person)

    def reported_by(self, person: UserId) -> Sequence[Case]:
        """What somebody has escalated and is not over yet."""
        return self._list(REPORTED_BY, person)

    def of_customer(
        self, key: str, *, teams: Collection[TeamId], or_of: UserId, limit: int
    ) -> Sequence[Case]:
        """A customer's newest cases with these teams, and those that concern this person."""
        seen = or_(cases.c.team_id.in_(teams), cases.c.reporter == or_of, cases.c.owner == or_of)
        query = (
            OURS.where(cases.c.customer_key == key, seen).order_by(cases.c.id.desc()).limit(limit)
        )
        found = self._session.scalars(query.options(*LATER), {"ours": self._workspace}).all()
        return self._with_related(found)

    def lately(self, person: UserId, *, since: datetime, most: int) -> Sequence[Escalated]:
        """What somebody escalated after that instant, the newest first."""
        asked = {"ours": self._workspace, "one": person, "since": since, "most": most}
        found = self._session.connection().execute(LATELY, asked)
        return [Escalated(CaseId(it.id), it.customer, it.summary) for it in found]

    def opened_at(self, number: int) -> datetime | None:
        asked = {"ours": self._workspace, "one": number}
        return self._session.connection().scalar(OPENED_AT, asked)

    def look_again(self, team: TeamId, *, at: datetime) -> None:
        """Have every running case of a team looked at anew: its document says something else.

        The version goes up with it, so that nobody who began before settles on the old one.
        """
        self._session.execute(
            update(cases)
            .where(cases.c.workspace == self._workspace, cases.c.team_id == team)
            .where(NOT_OVER)
            .values(next_check_at=at, version=cases.c.version + 1)
            .execution_options(synchronize_session=False)
        )

    def _keep_from_others(self, numbers: Collection[CaseId]) -> None:
        asked = {"ours": self._workspace, "some": list(numbers)}
        self._session.connection().execute(KEEP_FROM_OTHERS, asked)

    def _find_all(self, query: Select[Case], numbers: Collection[CaseId]) -> Sequence[Case]:
        if not numbers:
            return []
        asked = {"ours": self._workspace, "some": list(numbers)}
        found = self._session.scalars(query, asked).all()
        if missing := set(numbers) - {case.id for case in found}:
            raise NoSuchCase(min(missing))
        return self._with_related(found)

    def _list(self, query: Select[Case], of: TeamId | UserId) -> Sequence[Case]:
        found = self._session.scalars(query, {"ours": self._workspace, "one": of}).all()
        return self._with_related(found)

    def _with_related(self, found: Sequence[Case]) -> Sequence[Case]:
        load_related(self._session, self._workspace, found)
        return found
