"""Transactions: a plain function each, in one workspace, all or nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Concatenate, ParamSpec, Self, TypeAlias, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.errors import CannotKeep, DoneBefore, Replayed
from bot.people import Person, UserId, WorkspaceId
from storage.audit import Audit
from storage.cases.clock_inputs import ClockInputsQueries
from storage.cases.find import Cases
from storage.cases.search import Search
from storage.customers import Customers
from storage.database.clock import DatabaseClock
from storage.database.engines import Database, open_database
from storage.database.line import Line, takes_nothing
from storage.due import Due
from storage.groups import Groups
from storage.installations import Installations
from storage.people import People
from storage.reports import Reports
from storage.requests.current_request import CurrentRequest, current_request
from storage.requests.drafts import Drafts
from storage.requests.replay import Nonces
from storage.requests.seen import Inbox
from storage.self_check import SelfCheckQueries
from storage.sending.lease import LeasedDelivery, Sweep, lease, probe_is_due, sweeps
from storage.sending.outbox import Outbox
from storage.teams import Teams

P = ParamSpec("P")
T = TypeVar("T")


class Transaction:
    """One workspace at one instant. ``now`` does not move in it."""

    def __init__(self, session: Session, workspace: WorkspaceId, now: datetime) -> None:
        self.now = now
        self.cases = Cases(session, workspace)
        self.clock_inputs = ClockInputsQueries(session, workspace)
        self.search = Search(session, workspace)
        self.customers = Customers(session, workspace)
        self.teams = Teams(session, workspace)
        self.outbox = Outbox(session, workspace)
        self.inbox = Inbox(session, workspace, now)
        self.findings = SelfCheckQueries(session, workspace)
        self.nonces = Nonces(session, workspace, now)
        self.drafts = Drafts(session, workspace, now)
        self.groups = Groups(session, workspace)
        self.people = People(session, workspace, now)
        self.audit = Audit(session, workspace, now)
        self.reports = Reports(session, workspace)
        self.installation = Installations(session, workspace)

    def person(self, user: UserId) -> Person:
        """Somebody, as far as Slack has told us of them."""
        return self.people.look_up(user)

    def take(self, request: CurrentRequest, *, again: bool) -> None:
        """Count a request; from now on it was answered.

        ``again`` says that this is our own second try: what the first has kept, although the
        database could not say so any more, is the effect of this very request.

        Raises:
            Replayed, DoneBefore: it was already.
        """
        if request.nonce and not self.nonces.use(request.nonce) and not again:
            raise Replayed
        if self.inbox.seen(*request.keys):
            request.kept = again
            raise DoneBefore


Work: TypeAlias = Callable[Concatenate[Transaction, P], T]
DueQuery: TypeAlias = Callable[Concatenate[Due, P], T]


class WorkspaceStore:
    """One workspace's part of the store: all that a request can reach."""

    def __init__(self, store: "Store", workspace: WorkspaceId) -> None:
        self._store, self._workspace = store, workspace

    async def run(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call ``work(tx, ...)`` on a thread; keep all that it changed, or nothing.

        It may be called twice, when another transaction was first.

        Raises:
            Busy: its turn, or a lock, did not come in time. Nothing was done.
            ChangedMeanwhile: another transaction changed the same rows first.
            Replayed: it is for a signed request that was answered before. Nothing was done.
            CannotKeep: the disk is full, or takes nothing new. Nothing was done.
            DoneBefore: it is for something that had its effect already. Nothing was done.
        """
        request, tries = current_request.get() or CurrentRequest(kept=True), count()

        def turn(session: Session) -> T:
            tx, again = self._begin(session), next(tries) > 0
            if not request.kept:
                tx.take(request, again=again)
            return work(tx, *args, **kwargs)

        try:
            answer = await self._store.writing.run(turn)
        except DBAPIError as error:
            raise (CannotKeep() if takes_nothing(error) else error) from error
        request.kept = True
        self._store.when_kept()
        return answer

    async def read(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call ``work(tx, ...)`` beside whoever changes things; the database refuses it a change.

        Raises:
            Busy: its turn did not come in time.
        """
        return await self._store.reading.run(
            lambda session: work(self._begin(session), *args, **kwargs)
        )

    def _begin(self, session: Session) -> Transaction:
        session.info["workspace"] = self._workspace
        return Transaction(session, self._workspace, self._store.now(session))


class Store:
    """A database, and the threads that its transactions run on."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self.database, self.clock = database, clock
        self.when_kept: Callable[[], None] = lambda: None  # for whoever sends what is owed
        self.writing = Line(database.writing, database.writers, "writing")
        self.reading = Line(database.reading, database.readers, "reading")

    def of(self, workspace: WorkspaceId) -> WorkspaceStore:
        return WorkspaceStore(self, workspace)

    async def everywhere(self, work: DueQuery[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Ask what is due, in every workspace. For jobs and health alone."""
        return await self.reading.run(
            lambda session: work(Due(session, self.now(session)), *args, **kwargs)
        )

    async def lease(
        self, of: WorkspaceId, *, lasting: timedelta, limit: int
    ) -> list[LeasedDelivery]:
        """The next message of each lane that is free, kept from other senders for a while."""
        return await self.writing.run(
            lambda session: lease(session, of, at=self.now(session), lasting=lasting, limit=limit)
        )

    async def sweeps(self, of: WorkspaceId, *, lasting: timedelta, limit: int) -> list[Sweep]:
        """Messages that may have twins, kept from other processes for a while."""
        return await self.writing.run(
            lambda session: sweeps(session, of, at=self.now(session), lasting=lasting, limit=limit)
        )

    async def probe_is_due(self, of: WorkspaceId) -> bool:
        """Whether Slack takes nothing from us, and it is time to ask it again."""
        return await self.writing.run(
            lambda session: probe_is_due(session, of, at=self.now(session))
        )

    def now(self, session: Session) -> datetime:
        """What time it is in a transaction."""
        if isinstance(self.clock, DatabaseClock):
            self.clock.ask(session)
        return self.clock()

    def close(self) -> None:
        self.writing.close()
        self.reading.close()
        self.database.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def wall_clock() -> datetime:
    """The one place that reads the clock of the machine."""
    return datetime.now(UTC)


def connect(url: str, clock: Callable[[], datetime] | None = None) -> Store:
    """``clock`` is the database's own, unless somebody winds another."""
    database = open_database(url)
    if clock is None:
        on_file = database.url.get_backend_name() == "sqlite"
        clock = wall_clock if on_file else DatabaseClock(wall_clock)
    return Store(database, clock)
