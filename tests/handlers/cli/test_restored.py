"""baton restored: after a restore no message is sent twice and no case number is reused."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from handlers.cli.main import main
from handlers.cli.restored import mark_restored
from storage.database.sqlite_lock import sqlite_lock
from tests.handlers.actions import assert_no_duplicates, escalates, posted, settles_slowly
from tests.world import World, a_world, second_process


def back_up(url: str, to: Path) -> str:
    file = url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as here, closing(sqlite3.connect(to)) as there:
        here.backup(there)
    return f"sqlite:///{to}"


async def passes(world: World, *, minutes: int) -> None:
    for _ in range(2 * minutes):
        await world.baton.catch_up()
        world.clock.advance(timedelta(seconds=30))


async def test_a_message_sent_after_the_backup_is_not_sent_again(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_world(sqlite_url, mode="socket") as world:
        await escalates(world)
        backup = back_up(sqlite_url, tmp_path / "backup.db")
        await settles_slowly(world)
        before = posted(world)
        monkeypatch.setenv("DATABASE_URL", backup)
        result = await asyncio.to_thread(CliRunner().invoke, main, ["restored"])
        assert "Baton will look for 3 queued messages in Slack" in result.output
        assert "The next 1,000 case numbers are skipped" in result.output
        async with second_process(world, backup) as again:
            await settles_slowly(again)
            assert posted(again) == before


async def test_an_unsent_message_is_sent_and_no_case_number_is_reused(database_url: str) -> None:
    async with a_world(database_url, mode="http") as world:
        await escalates(world)
        assert mark_restored(database_url, world.clock) == 3
        await settles_slowly(world)
        assert len(posted(world)) == 3
        assert_no_duplicates(world)
        await world.escalates(world.ana, Customer="Beta")
        assert (await world.case(1_002)).customer == "Beta"


async def test_while_lookups_fail_after_a_restore_nothing_is_sent_and_no_lead_is_asked(
    quick_world: World, sqlite_url: str
) -> None:
    world = quick_world
    await escalates(world)
    mark_restored(sqlite_url, world.clock)
    world.slack.faults.next("conversations.history", "error:internal_error", times=1_000)
    world.slack.faults.next("conversations.replies", "error:internal_error", times=1_000)
    await passes(world, minutes=12)
    assert posted(world) == []
    world.slack.faults.clear()
    await passes(world, minutes=3)
    await world.settle()
    assert len(world.cards()) == 1
    assert world.leo.dms() == []


@pytest.mark.parametrize("content", [b"", b"nonsense" * 1_000])
def test_a_missing_or_damaged_backup_is_refused_with_a_hint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    file = tmp_path / "backup.db"
    if content:
        file.write_bytes(content)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    result = CliRunner().invoke(main, ["restored"])
    assert result.exit_code == 2
    assert ("is damaged" if content else "does not exist") in result.output
    assert file.exists() == bool(content)


async def test_a_running_baton_must_be_stopped_first(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    with sqlite_lock(sqlite_url):
        result = CliRunner().invoke(main, ["restored"])
    assert result.exit_code == 2
    assert "Stop it first" in result.output
