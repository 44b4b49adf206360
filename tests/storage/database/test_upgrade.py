"""A database of an earlier version keeps its data, and what it promises about them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from bot.audit import ChainCheck, Entry, first_seal
from bot.keys import RootKey, RootKeys
from bot.people import CaseId, WorkspaceId
from handlers.sandbox import Clock
from storage import Store, connect
from storage.database.engines import read_url
from storage.database.migrate import migrate
from tests.conftest import POSTGRES, SQLITE, ask, in_database
from tests.world import WORKSPACE

FIRST = "0002"
AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
KEYS = RootKeys((RootKey(b"root key".ljust(32)),))
TYPED = {"customer_key": "canary ltd", "category": "canary outage", "status": "open"}
ENTRIES = 1200  # more than a page


@pytest.fixture(params=[SQLITE, POSTGRES])
def old_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the first version, with one workspace and an empty trail."""
    if request.param == SQLITE:
        url = f"sqlite:///{tmp_path / 'baton.db'}"
        migrate(url, to=FIRST)
        install(url)
        yield url
        return
    server: str = request.getfixturevalue("postgres")
    name = f"old_{uuid4().hex}"
    ask(server, f"CREATE DATABASE {name}")
    migrate(in_database(server, name), to=FIRST)
    install(in_database(server, name))
    yield in_database(server, name)
    ask(server, f"DROP DATABASE {name} WITH (FORCE)")


def install(url: str) -> None:
    facts: dict[str, object] = {
        "id": WORKSPACE,
        "name": "",
        "url": "",
        "bot_id": "",
        "bot_user": "",
        "key": "00",
    }
    run(
        url,
        "INSERT INTO workspaces (id, name, url, bot_id, bot_user, key, cases, teams) "
        "VALUES (:id, :name, :url, :bot_id, :bot_user, :key, 0, 0)",
        [facts],
    )
    run(url, "INSERT INTO audit_heads VALUES (:id, 0, '')", [{"id": WORKSPACE}])


def run(url: str, sql: str, rows: list[dict[str, object]]) -> None:
    with create_engine(read_url(url), poolclass=NullPool).begin() as connection:
        connection.execute(text(sql), rows)


def write_trail(url: str, *, forged: int | None = None) -> str:
    """Write a trail as the first version did; return its newest seal."""
    is_sqlite, last = url.startswith("sqlite"), ""
    at = int(AT.timestamp() * 1_000_000) if is_sqlite else AT
    rows: list[dict[str, object]] = []
    for number in range(1, ENTRIES + 1):
        entry = Entry(at=AT, who="U0ANA", step="opened", case=CaseId(1), after=json.dumps(TYPED))
        last = first_seal(WORKSPACE, number, entry, last)
        facts = {"who": "U0BEN" if number == forged else entry.who, "after": entry.after}
        rows.append({"workspace": WORKSPACE, "number": number, "at": at, "seal": last, **facts})
    run(
        url,
        'INSERT INTO audit (workspace, number, at, who, step, "case", decision, "before", '
        "\"after\", seal) VALUES (:workspace, :number, :at, :who, 'opened', 1, 'done', '', "
        ":after, :seal)",
        rows,
    )
    run(url, "UPDATE audit_heads SET number = :n, seal = :seal", [{"n": ENTRIES, "seal": last}])
    return last


async def check(store: Store) -> ChainCheck:
    head = await store.of(WORKSPACE).read(lambda tx: tx.audit.head())
    found = ChainCheck(WorkspaceId(WORKSPACE), head, store.keys)
    while links := await store.of(WORKSPACE).read(lambda tx: tx.audit.after(found.number)):
        found.along(links)
        if found.broken:
            break
    found.end()
    return found


async def test_old_entries_are_committed_anew_without_words_and_can_be_erased(
    old_url: str,
) -> None:
    old_head = write_trail(old_url)
    migrate(old_url)
    migrate(old_url)  # a second time changes nothing
    with connect(old_url, Clock(AT), KEYS) as store:
        links = await store.of(WORKSPACE).read(lambda tx: tx.audit.after(0))
        assert not any("canary" in str(link) for link in links)
        assert json.loads(links[0].entry.after) == {
            "customer_key": "10 characters",
            "category": "13 characters",
            "status": "open",
        }
        newest = await store.of(WORKSPACE).read(lambda tx: tx.audit.newest())
        assert newest is not None
        assert json.loads(newest.entry.after) == {"number": ENTRIES, "seal": old_head}
        await store.of(WORKSPACE).run(lambda tx: tx.audit.use_newest_key())
        erase_the_first(store)
        found = await check(store)
        assert (found.broken, found.number, found.keyed, found.erased) == ("", ENTRIES + 2, 1, 1)


async def test_an_old_chain_that_is_not_intact_stays_as_it_is(old_url: str) -> None:
    write_trail(old_url, forged=1100)
    migrate(old_url)
    with connect(old_url, Clock(AT), KEYS) as store:
        await store.of(WORKSPACE).run(lambda tx: tx.audit.use_newest_key())
        assert (await check(store)).broken == "entry 1100 is not as it was written"


def erase_the_first(store: Store) -> None:
    with store.database.writing.begin() as connection:
        connection.execute(
            text(
                "UPDATE audit SET who = NULL, \"before\" = '', \"after\" = '', salt = NULL "
                "WHERE number = 1"
            )
        )


async def test_an_upgrade_that_is_cut_short_changes_nothing_and_can_be_repeated(
    old_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_trail(old_url)

    def fail(*_: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("bot.audit.commit", fail)
        with pytest.raises(KeyboardInterrupt):
            migrate(old_url)
    with pytest.raises(DBAPIError, match="audit only grows"):
        run(old_url, "UPDATE audit SET who = :who", [{"who": "U0BEN"}])
    migrate(old_url)
    with connect(old_url, Clock(AT)) as store:
        found = await check(store)
        assert (found.broken, found.number) == ("", ENTRIES + 1)
