"""A backup that is put back: what it owes may have been sent, and its next numbers given."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from handlers.cli import main
from handlers.restored import begin_again
from storage.alone import alone
from tests.handlers.deeds import assert_no_twins, escalates, posted, settles
from tests.world import a_world, running_again


def back_up(url: str, to: Path) -> str:
    file = url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as here, closing(sqlite3.connect(to)) as there:
        here.backup(there)
    return f"sqlite:///{to}"


async def test_what_was_sent_after_the_backup_is_not_sent_again(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_world(sqlite_url, mode="socket") as world:
        await escalates(world)
        backup = back_up(sqlite_url, tmp_path / "backup.db")
        await settles(world)
        before = posted(world)
        monkeypatch.setenv("DATABASE_URL", backup)
        said = await asyncio.to_thread(CliRunner().invoke, main, ["restored"])
        assert "whether Slack has it: 3 messages." in said.output
        async with running_again(world, backup) as again:
            await settles(again)
            assert posted(again) == before


async def test_what_was_not_sent_is_sent_and_no_number_is_given_again(database_url: str) -> None:
    async with a_world(database_url, mode="http") as world:
        await escalates(world)
        assert begin_again(database_url) == 3
        await settles(world)
        assert len(posted(world)) == 3
        assert_no_twins(world)
        await world.escalates(world.ana, Customer="Beta")
        assert (await world.case(1_002)).customer == "Beta"


async def test_while_baton_runs_a_backup_is_not_begun_on(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    with alone(sqlite_url):
        said = CliRunner().invoke(main, ["restored"])
    assert said.exit_code == 2
    assert "Stop that one first" in said.output
