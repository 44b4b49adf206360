"""``baton config preview``, and the preview that ``apply`` shows first."""

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
from tests.handlers.cli.test_config import baton, in_thread, write
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
    """Set up a team with a 24x7 calendar and two low-priority cases, two hours apart."""
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
        tables = {name: [*connection.execute(select(it))] for name, it in metadata.tables.items()}
    engine.dispose()
    return {name: sorted(map(repr, rows)) for name, rows in tables.items()}


def set_all(monkeypatch: pytest.MonkeyPatch, env: dict[str, str]) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)


def test_a_preview_is_formatted_for_the_terminal() -> None:
    team = a_team()
    late, other = a_case(team=team), a_case(team=team, number=2, customer="Café Lumière")
    source = TEAM.replace('\n[[policies]]\nname = "Standard"', ACME)
    preview = DocumentPreview(team.document, read_team(source), MONDAY_9AM + timedelta(minutes=11))
    preview.take([late.clock_inputs, other.clock_inputs])
    assert words_of(preview) == (
        "Open cases by policy (2 in total):\n"
        "  Acme      1\n"
        "  Standard  1\n"
        "\n"
        "Due times that would change (1 case, 1 overdue immediately):\n"
        "  ESC-1 Acme  claim  Mon 2 Mar 09:15 → Mon 2 Mar 09:10  overdue immediately\n"
        "\n"
        "The last 90 days replayed under each document (2 cases):\n"
        "                         current  new\n"
        "  breaches                     0    1\n"
        "  reminders                    0    2\n"
        "  reminders after hours        0    0\n"
    )


def test_the_most_urgent_changes_are_listed_and_the_others_counted() -> None:
    team = a_team()
    preview = DocumentPreview(team.document, read_team(TEAM.replace('"15m"', '"1h"')), MONDAY_9AM)
    preview.take(a_case(team=team, number=n).clock_inputs for n in range(1, MOST_SHOWN + 3))
    text = words_of(preview)
    assert text.count("→") == MOST_SHOWN
    assert "  and 2 more\n" in text


def test_a_preview_without_changes_or_cases_says_so() -> None:
    text = words_of(DocumentPreview(a_team().document, read_team(TEAM), MONDAY_9AM))
    assert "No due time of an open case would change.\n" in text
    assert "No cases in the last 90 days to replay.\n" in text


async def test_a_preview_covers_every_case_in_batches(store: Store) -> None:
    workspace = store.of(WORKSPACE)
    await workspace.run(apply_document, TEAM, read_team(TEAM), ChannelId(SUPPORT), by="a test")
    for _ in range(5):
        await workspace.run(open_one)
    progress: list[int] = []
    document = read_team(QUICKER)
    preview = await preview_of(store, WORKSPACE, document, on_progress=progress.append, batch=2)
    assert progress == [2, 4, 5]
    assert preview is not None
    assert (preview.moved, preview.replayed) == (5, 5)


async def test_a_preview_changes_nothing(
    document: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(document, QUICKER)
    async with with_cases(database_url) as env:
        set_all(monkeypatch, env)
        before = everything(database_url)
        shown = await in_thread(baton, "config", "preview", document)
    assert shown.exit_code == 0
    assert "Standard  2" in shown.output
    assert "Due times that would change (2 cases, 1 overdue immediately):" in shown.output
    assert "breaches                     0    1" in shown.output
    assert everything(database_url) == before


async def test_outside_a_terminal_apply_does_not_ask_for_confirmation(
    document: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(document, QUICKER)
    async with with_cases(database_url) as env:
        set_all(monkeypatch, env)
        applied = await in_thread(baton, "config", "apply", document)
    preview, done, _ = applied.output.partition("revision 2 applied")
    assert "1 overdue immediately" in preview
    assert done
    assert "Apply it?" not in applied.output


async def test_a_new_team_has_no_cases_that_would_change(
    document: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(document, TEAM)
    async with a_slack() as slack:
        set_all(monkeypatch, environment(slack, sqlite_url, mode="socket"))
        shown = await in_thread(baton, "config", "preview", document)
    assert shown.output == "There is no team Support yet, so no cases would change.\n"


@pytest.mark.parametrize(
    ("options", "answer", "outcome", "exit_code"),
    [
        ([], b"n\n", "Nothing was changed.", 1),
        ([], b"\n", "Nothing was changed.", 1),
        ([], b"y\n", "revision 2 applied", 0),
        (["--yes"], b"", "revision 2 applied", 0),
    ],
)
async def test_in_a_terminal_apply_asks_for_confirmation(
    document: Path,
    sqlite_url: str,
    options: list[str],
    answer: bytes,
    outcome: str,
    exit_code: int,
) -> None:
    await write(document, QUICKER)
    command = ("config", "apply", str(document), *options)
    async with with_cases(sqlite_url) as env:
        output, code = await in_a_terminal(env, *command, typed=answer)
    assert outcome in output
    assert code == exit_code
    assert ("Apply it? [y/N]" in output) == (not options)
    assert output.index("overdue immediately") < output.index(outcome)


async def in_a_terminal(env: dict[str, str], *words: str, typed: bytes) -> tuple[str, int | None]:
    """Run a command with a pseudo-terminal as its standard input."""
    terminal, stdin = pty.openpty()
    os.write(terminal, typed)
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", *words),
            env=env,
            stdin=stdin,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout(IN_TIME):
            output, _ = await process.communicate()
    finally:
        os.close(stdin)
        os.close(terminal)
    return output.decode(), process.returncode
