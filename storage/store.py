"""The store: runs plain functions as transactions in one workspace."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Concatenate, ParamSpec, Self, TypeAlias, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.errors import AlreadyDone, CannotSave, Replayed
from bot.keys import NO_KEYS, RootKeys
from bot.people import Person, UserId, WorkspaceId
from storage import hooks as hooks
from storage.audit import Audit
from storage.cases.clock_inputs import ClockInputsQueries
from storage.cases.find import Cases
from storage.cases.search import Search
from storage.cases.unreadable import UnreadableCases
from storage.customers import Customers
from storage.database.clock import DatabaseClock
from storage.database.engines import Database, open_database
from storage.database.line import Line, cannot_write
from storage.directory.channels import SharedChannels
from storage.directory.contacts import Contacts
from storage.directory.groups import Groups
from storage.directory.people import People
from storage.due import Due
from storage.installations import Installations
from storage.processes import Processes
from storage.reports import Reports
from storage.requests.current_request import CurrentRequest, current_request
from storage.requests.drafts import Drafts
from storage.requests.replay import Nonces
from storage.requests.seen import Inbox
from storage.self_check import SelfCheckQueries
from storage.sending.lease import LeasedDelivery, Sweep, lease, probe_is_due, sweeps
from storage.sending.outbox import Outbox
from storage.stored_times import StoredTimes
from storage.teams import Teams

P = ParamSpec("P")
T = TypeVar("T")


class Transaction:
    """Access to one workspace in one transaction. ``now`` is fixed for all of it."""

    def __init__(self, session: Session, workspace: WorkspaceId, now: datetime) -> None:
        self.now = now
        self.cases = Cases(session, workspace)
        self.clock_inputs = ClockInputsQueries(session, workspace)
        self.unreadable_cases = UnreadableCases(session, workspace, now)
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
        self.processes = Processes(session, workspace, now)
        self.shared_channels = SharedChannels(session, workspace, now)
        self.contacts = Contacts(session, workspace, now)
        self.audit = Audit(session, workspace, now)
        self.reports = Reports(session, workspace)
        self.stored_times = StoredTimes(session, workspace)
        self.installation = Installations(session, workspace)

    def person(self, user: UserId) -> Person:
        """Return a person with what Slack confirmed about them within the hour."""
        return self.people.look_up(user)

    def mark_handled(self, request: CurrentRequest, *, again: bool) -> None:
        """Mark a request as handled.

        ``again`` says that this is our own retry. If the first try was committed but the
        connection broke before it was confirmed, the marks are those of this very request.

        Raises:
            Replayed: the same signed request was handled before.
            AlreadyDone: the same action was handled before.
        """
        if request.nonce and not self.nonces.use(request.nonce) and not again:
            raise Replayed
        if self.inbox.mark_handled(*request.keys):
            request.kept = again
            raise AlreadyDone


Work: TypeAlias = Callable[Concatenate[Transaction, P], T]
DueQuery: TypeAlias = Callable[Concatenate[Due, P], T]


class WorkspaceStore:
    """The store as seen from one workspace; requests never get access to another."""

    def __init__(self, store: "Store", workspace: WorkspaceId) -> None:
        self._store, self._workspace = store, workspace

    async def run(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call ``work(tx, ...)`` on a thread and commit its changes, or roll back on an error.

        ``work`` is called a second time if it lost a race with another transaction, so it must
        have no effects outside the database.

        Raises:
            Busy: no thread or no lock was free in time.
            ChangedMeanwhile: another transaction changed the same rows, twice.
            CannotSave: the disk is full, or the database is read-only.
            Replayed: the same signed request was handled before.
            AlreadyDone: the same action was handled before.
        """
        request, tries = current_request.get() or CurrentRequest(kept=True), count()

        def turn(session: Session) -> T:
            tx, again = self._begin(session), next(tries) > 0
            if not request.kept:
                tx.mark_handled(request, again=again)
            return work(tx, *args, **kwargs)

        try:
            result = await self._store.writing.run(turn)
        except DBAPIError as error:
            raise (CannotSave() if cannot_write(error) else error) from error
        request.kept = True
        self._store.on_commit()
        return result

    async def read(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call ``work(tx, ...)`` in a read-only transaction, in parallel to those that write.

        Raises:
            Busy: no thread was free in time.
        """
        return await self._store.reading.run(
            lambda session: work(self._begin(session), *args, **kwargs)
        )

    def _begin(self, session: Session) -> Transaction:
        now = self._store.now(session)
        session.info.update(workspace=self._workspace, now=now, keys=self._store.keys)
        return Transaction(session, self._workspace, now)


class Store:
    """A database and the threads that run its transactions."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], keys: RootKeys = NO_KEYS
    ) -> None:
        self.database, self.clock, self.keys = database, clock, keys
        self.on_commit: Callable[[], None] = lambda: None  # wakes the sender after a commit
        self.writing = Line(database.writing, database.writers, "writing")
        self.reading = Line(database.reading, database.readers, "reading")

    def of(self, workspace: WorkspaceId) -> WorkspaceStore:
        return WorkspaceStore(self, workspace)

    async def query_all(self, work: DueQuery[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query over all workspaces. Only for jobs and health checks."""
        return await self.reading.run(
            lambda session: work(Due(session, self.now(session)), *args, **kwargs)
        )

    async def lease(
        self, of: WorkspaceId, *, lasting: timedelta, limit: int
    ) -> list[LeasedDelivery]:
        """Lease the next message of each free lane, for ``lasting``."""
        return await self.writing.run(
            lambda session: lease(session, of, at=self.now(session), lasting=lasting, limit=limit)
        )

    async def sweeps(self, of: WorkspaceId, *, lasting: timedelta, limit: int) -> list[Sweep]:
        """Lease messages that may have been posted twice, for ``lasting``."""
        return await self.writing.run(
            lambda session: sweeps(session, of, at=self.now(session), lasting=lasting, limit=limit)
        )

    async def probe_is_due(self, of: WorkspaceId) -> bool:
        """Return whether Slack rejects everything and should be tried again now."""
        return await self.writing.run(
            lambda session: probe_is_due(session, of, at=self.now(session))
        )

    def now(self, session: Session) -> datetime:
        """Return the time for a transaction, by the database's clock if there is one."""
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
    """Return the host's time. Only this function reads the host's clock."""
    return datetime.now(UTC)


def connect(
    url: str, clock: Callable[[], datetime] | None = None, keys: RootKeys = NO_KEYS
) -> Store:
    """Open a database. ``keys`` seal its audit trail.

    Without ``clock``, PostgreSQL uses the server's clock, because several hosts share it, and
    SQLite uses the host's.
    """
    database = open_database(url)
    if clock is None:
        is_sqlite = database.url.get_backend_name() == "sqlite"
        clock = wall_clock if is_sqlite else DatabaseClock(wall_clock)
    return Store(database, clock, keys)
