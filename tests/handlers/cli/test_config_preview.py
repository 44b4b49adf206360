"""baton config preview, and what apply shows before it asks."""

import asyncio
import os
import pty
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select

from bot.case import Case
from bot.people import ChannelId
from bot.priority import Priority
from bot.reports.preview import MOST_SHOWN, DocumentPreview
from bot.team import read_team
from handlers.cli.config import apply_document
from handlers.cli.config.preview import preview_of
from handlers.cli.config.preview_text import words_of
from handlers.sandbox import Clock
from storage import Store, Transaction, connect
from storage.database.engines import read_url
from storage.store import wall_clock
from storage.tables import metadata
from tests.builders import ANA, a_case, a_new_case, a_team
from tests.handlers.cli.test_config import baton, beside, write
from tests.handlers.test_process import IN_TIME, a_slack, environment
from tests.world import MONDAY_9AM, SUPPORT, TEAM, WORKSPACE, apply_team_to

ALWAYS = TEAM.replace('calendar = "office"', 'calendar = "24x7"')
QUICKER = ALWAYS.replace('claim = "4h"', 'claim = "1h"')
ACME = """
[[policies]]
name = "Acme"
when = { customer = ["Acme"] }
calendar = "office"
targets.urgent = { claim = "10m" }
targets.high = { claim = "20m" }
targets.normal = { claim = "1h" }
targets.low = { claim = "2h" }

[[policies]]
name = "Standard\""""


@pytest.fixture
def document(tmp_path: Path) -> Path:
    return tmp_path / "support.toml"


@asynccontextmanager
async def with_cases(database_url: str) -> AsyncIterator[dict[str, str]]:
    """A team in force that never closes, and two cases of low priority: one of two hours ago,
    one of just now.
    """
    async with a_slack() as slack:
        await apply_team_to(slack, database_url, ALWAYS)
        for age in (timedelta(hours=2), timedelta(0)):
            with connect(database_url, Clock(wall_clock() - age)) as store:
                await store.of(WORKSPACE).run(open_one)
        yield environment(slack, database_url, mode="socket")


def open_one(tx: Transaction, priority: Priority = Priority.LOW) -> None:
    [team] = tx.teams.all()
    wanted = a_new_case(priority=priority)
    tx.cases.add(Case.open(wanted, team, id_=tx.cases.next_id(), by=ANA, at=tx.now))


def everything(database_url: str) -> dict[str, list[str]]:
    engine = create_engine(read_url(database_url))
    with engine.connect() as connection:
        kept = {name: list(connection.execute(select(it))) for name, it in metadata.tables.items()}
    engine.dispose()
    return {name: sorted(map(repr, rows)) for name, rows in kept.items()}


def set_all(monkeypatch: pytest.MonkeyPatch, env: dict[str, str]) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)


def test_it_is_shown_as_an_operator_reads_it() -> None:
    team = a_team()
    late, other = a_case(team=team), a_case(team=team, number=2, customer="Café Lumière")
    source = TEAM.replace('\n[[policies]]\nname = "Standard"', ACME)
    preview = DocumentPreview(team.document, read_team(source), MONDAY_9AM + timedelta(minutes=11))
    preview.take([late.story, other.story])
    assert words_of(preview) == (
        "Open cases that each policy fits (2 in all):\n"
        "  Acme      1\n"
        "  Standard  1\n"
        "\n"
        "Due at another time (1 case; 1 case late at once):\n"
        "  ESC-1 Acme  claim  Mon 2 Mar 09:15 → Mon 2 Mar 09:10  late at once\n"
        "\n"
        "The last 90 days again (2 cases), had each been in force all along:\n"
        "                      in force  new\n"
        "  promises broken            0    1\n"
        "  nudges                     0    2\n"
        "  nudges after hours         0    0\n"
    )


def test_of_many_moves_the_most_urgent_are_shown_and_the_others_counted() -> None:
    team = a_team()
    preview = DocumentPreview(team.document, read_team(TEAM.replace('"15m"', '"1h"')), MONDAY_9AM)
    preview.take(a_case(team=team, number=n).story for n in range(1, MOST_SHOWN + 3))
    told = words_of(preview)
    assert told.count("→") == MOST_SHOWN
    assert "  and 2 more\n" in told


def test_one_line_says_that_nothing_moves_and_that_there_is_nothing_to_try_it_on() -> None:
    told = words_of(DocumentPreview(a_team().document, read_team(TEAM), MONDAY_9AM))
    assert "No open case is due at another time.\n" in told
    assert "The last 90 days had no cases to try it on.\n" in told


async def test_every_case_is_looked_at_however_few_come_at_a_time(store: Store) -> None:
    ours = store.of(WORKSPACE)
    await ours.run(apply_document, TEAM, read_team(TEAM), ChannelId(SUPPORT), by="a test")
    for _ in range(5):
        await ours.run(open_one)
    looked_at: list[int] = []
    document = read_team(QUICKER)
    preview = await preview_of(store, WORKSPACE, document, say=looked_at.append, at_once=2)
    assert looked_at == [2, 4, 5]
    assert preview is not None
    assert (preview.moved, preview.replayed) == (5, 5)


async def test_a_preview_changes_nothing(
    document: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(document, QUICKER)
    async with with_cases(database_url) as env:
        set_all(monkeypatch, env)
        before = everything(database_url)
        shown = await beside(baton, "config", "preview", document)
    assert shown.exit_code == 0
    assert "Standard  2" in shown.output
    assert "Due at another time (2 cases; 1 case late at once):" in shown.output
    assert "promises broken            0    1" in shown.output
    assert everything(database_url) == before


async def test_where_nobody_can_be_asked_apply_shows_it_and_goes_on(
    document: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(document, QUICKER)
    async with with_cases(database_url) as env:
        set_all(monkeypatch, env)
        applied = await beside(baton, "config", "apply", document)
    shown, put, _ = applied.output.partition("revision 2 is in force")
    assert "1 case late at once" in shown
    assert put
    assert "Put it in force?" not in applied.output


async def test_a_team_that_is_new_has_no_case_that_would_change(
    document: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(document, TEAM)
    async with a_slack() as slack:
        set_all(monkeypatch, environment(slack, sqlite_url, mode="socket"))
        shown = await beside(baton, "config", "preview", document)
    assert shown.output == "There is no team Support yet: no case would change.\n"


@pytest.mark.parametrize(
    ("words", "answer", "told", "ends"),
    [
        ([], b"n\n", "Nothing was changed.", 1),
        ([], b"\n", "Nothing was changed.", 1),
        ([], b"y\n", "revision 2 is in force", 0),
        (["--yes"], b"", "revision 2 is in force", 0),
    ],
)
async def test_in_a_terminal_apply_asks_before_it_changes_anything(
    document: Path, sqlite_url: str, words: list[str], answer: bytes, told: str, ends: int
) -> None:
    await write(document, QUICKER)
    async with with_cases(sqlite_url) as env:
        said, code = await in_a_terminal(env, "config", "apply", str(document), *words, say=answer)
    assert told in said
    assert code == ends
    assert ("Put it in force? [y/N]" in said) == (not words)
    assert said.index("late at once") < said.index(told)


async def in_a_terminal(env: dict[str, str], *words: str, say: bytes) -> tuple[str, int | None]:
    ours, theirs = pty.openpty()
    os.write(ours, say)
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", *words),
            env=env,
            stdin=theirs,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout(IN_TIME):
            said, _ = await process.communicate()
    finally:
        os.close(theirs)
        os.close(ours)
    return said.decode(), process.returncode
