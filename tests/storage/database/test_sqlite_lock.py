"""The lock on a SQLite file: one process at a time, and only on an intact, original file."""

import asyncio
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from handlers.cli.main import main
from handlers.jobs.housekeeping import mark_database
from storage import connect
from storage.database.bad_database import BadDatabase
from storage.database.migrate import migrate
from storage.database.sqlite_file import is_exposed
from storage.database.sqlite_lock import sqlite_lock
from storage.database.sqlite_mark import renew_mark
from tests.crashing import Killed


def refused(url: str, why: str) -> None:
    with pytest.raises(BadDatabase, match=why):
        sqlite_lock(url).__enter__()


def test_a_second_process_is_refused_with_the_file_and_the_next_step(sqlite_url: str) -> None:
    with sqlite_lock(sqlite_url):
        refused(sqlite_url, r"using .*baton\.db\. Stop it first")
    with sqlite_lock(sqlite_url):
        pass  # the first has ended


@pytest.mark.parametrize(
    ("platform", "link"),
    [("linux", "symlink_to"), ("linux", "hardlink_to"), ("darwin", "symlink_to")],
)
def test_another_name_of_the_file_does_not_get_around_the_lock(
    sqlite_url: str, tmp_path: Path, platform: str, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    other = tmp_path / "elsewhere" / "other.db"
    other.parent.mkdir()
    getattr(other, link)(tmp_path / "baton.db")
    with sqlite_lock(sqlite_url):
        refused(f"sqlite:///{other}", "Stop it first")
    with sqlite_lock(f"sqlite:///{other}", adopt=True):
        refused(sqlite_url, "Stop it first")


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's list of locks")
async def test_baton_keeps_the_locks_that_sqlite_sets(sqlite_url: str, tmp_path: Path) -> None:
    """Closing any descriptor of the file would drop them."""
    file = tmp_path / "baton.db"
    with (
        sqlite_lock(sqlite_url),
        connect(sqlite_url) as store,
        store.database.reading.connect() as connection,
    ):
        connection.execute(text("SELECT * FROM workspaces"))
        before = fcntl_locks(file)
        await mark_database(store)
        migrate(sqlite_url)
        is_exposed(file)
        assert before
        assert fcntl_locks(file) == before


def fcntl_locks(file: Path) -> list[str]:
    """Return the kinds of the fcntl locks that this process holds on the file."""
    found = [line.split() for line in Path("/proc/locks").read_text().splitlines()]
    mine = [
        it for it in found if it[4] == str(os.getpid()) and it[5].endswith(f":{file.stat().st_ino}")
    ]
    return sorted(it[3] for it in mine if it[1] == "POSIX")


def test_several_processes_can_share_postgresql(postgres_url: str) -> None:
    with sqlite_lock(postgres_url), sqlite_lock(postgres_url):
        pass


def test_an_operator_can_migrate_while_baton_runs(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    with sqlite_lock(sqlite_url):
        assert CliRunner().invoke(main, ["migrate"]).exit_code == 0


def test_a_copy_is_refused_until_an_operator_adopts_it(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite_lock(sqlite_url):
        pass
    shutil.copy(tmp_path / "baton.db", tmp_path / "copy.db")
    copy = f"sqlite:///{tmp_path / 'copy.db'}"
    refused(copy, r"a restored backup or a copy.*run: baton migrate --adopt")
    monkeypatch.setenv("DATABASE_URL", copy)
    with sqlite_lock(copy, adopt=True):
        busy = CliRunner().invoke(main, ["migrate", "--adopt"])
    assert (busy.exit_code, "Stop it first" in busy.output) == (2, True)
    assert CliRunner().invoke(main, ["migrate", "--adopt"]).exit_code == 0
    with sqlite_lock(copy):
        pass


async def back_up(url: str, to: Path) -> None:
    await asyncio.to_thread(_back_up, url.removeprefix("sqlite:///"), to)


def _back_up(file: str, to: Path) -> None:
    with closing(sqlite3.connect(file)) as here, closing(sqlite3.connect(to)) as there:
        here.backup(there)


PUT_BACK: dict[str, Callable[[Path, Path], object]] = {
    "cp": lambda backup, file: file.write_bytes(backup.read_bytes()),  # keeps the inode
    "mv": lambda backup, file: backup.replace(file),
    "rsync": shutil.copy2,
}


@pytest.mark.parametrize("stopped_cleanly", [True, False], ids=["stopped", "killed"])
@pytest.mark.parametrize("how", PUT_BACK)
async def test_a_backup_that_is_put_back_is_refused_until_baton_restored_has_run(
    sqlite_url: str,
    tmp_path: Path,
    how: str,
    stopped_cleanly: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file, backup = tmp_path / "baton.db", tmp_path / "backup.db"
    lock = sqlite_lock(sqlite_url)
    with suppress(Killed), lock:
        await back_up(sqlite_url, backup)
        with connect(sqlite_url) as store:
            await mark_database(store)  # it runs every minute
        if not stopped_cleanly:
            raise Killed
    PUT_BACK[how](backup, file)
    refused(sqlite_url, r"a restored backup or a copy.*run: baton restored")
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    assert CliRunner().invoke(main, ["restored"]).exit_code == 0
    with sqlite_lock(sqlite_url):
        pass


def test_a_backup_under_the_log_of_a_killed_process_is_refused_before_sqlite_mixes_them(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, wal, backup = tmp_path / "baton.db", tmp_path / "baton.db-wal", tmp_path / "backup.db"
    with suppress(Killed), sqlite_lock(sqlite_url):
        _back_up(str(file), backup)
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("CREATE TABLE notes (words)")
            renew_mark(file)
            connection.execute("CREATE TABLE more_notes (words)")
            left = wal.read_bytes()
        raise Killed
    file.write_bytes(backup.read_bytes())
    wal.write_bytes(left)
    refused(sqlite_url, r"Delete .*baton\.db-wal and .*baton\.db-shm")
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    assert CliRunner().invoke(main, ["restored"]).exit_code == 2
    assert file.read_bytes() == backup.read_bytes()
    wal.unlink()
    assert CliRunner().invoke(main, ["restored"]).exit_code == 0
    with sqlite_lock(sqlite_url):
        pass


def test_the_log_of_a_killed_process_is_used(sqlite_url: str, tmp_path: Path) -> None:
    file, wal = tmp_path / "baton.db", tmp_path / "baton.db-wal"
    with suppress(Killed), sqlite_lock(sqlite_url), closing(sqlite3.connect(file)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM workspaces")  # keeps the log from being moved to the file
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("CREATE TABLE notes (words)")
        for _ in range(3):
            renew_mark(file)
        left = file.read_bytes(), wal.read_bytes()
        raise Killed
    file.write_bytes(left[0])
    wal.write_bytes(left[1])
    with sqlite_lock(sqlite_url), closing(sqlite3.connect(file)) as connection:
        connection.execute("SELECT * FROM notes")


@pytest.mark.parametrize("step", range(1, 7))
def test_a_crash_while_the_mark_changes_does_not_lock_the_operator_out(
    sqlite_url: str, tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite_lock(sqlite_url):
        pass
    steps, fsync, replace = count(1), os.fsync, Path.replace

    def dies(do: Callable[..., Any]) -> Callable[..., Any]:
        def step_or_die(*arguments: Any) -> Any:
            if next(steps) == step:
                raise Killed
            return do(*arguments)

        return step_or_die

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", dies(fsync))
        patch.setattr(Path, "replace", dies(replace))
        with pytest.raises(Killed):
            renew_mark(tmp_path / "baton.db")
    with sqlite_lock(sqlite_url):
        pass


def test_a_full_disk_is_reported_when_the_mark_cannot_be_written(
    sqlite_url: str, tmp_path: Path
) -> None:
    (tmp_path / "baton.db.mark.new").mkdir()
    refused(sqlite_url, r"Cannot mark .*baton\.db as in use")


@pytest.mark.parametrize("part", ["head", "middle"])
def test_a_damaged_file_is_refused(sqlite_url: str, tmp_path: Path, part: str) -> None:
    file = tmp_path / "baton.db"
    whole = file.read_bytes()
    start = 0 if part == "head" else len(whole) // 4
    file.write_bytes(whole[:start] + b"\xa5" * 20_000 + whole[start + 20_000 :])
    with pytest.raises(BadDatabase, match="is damaged"):
        sqlite_lock(sqlite_url).__enter__()


@pytest.mark.parametrize("command", ["run", "web", "worker"])
def test_a_command_on_a_locked_file_fails_with_a_message_instead_of_a_traceback(
    sqlite_url: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        monkeypatch.setenv(name, "xoxb-none")
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    with sqlite_lock(sqlite_url):
        answer = CliRunner().invoke(main, [command])
    assert answer.exit_code == 2
    assert "Stop it first" in answer.output
    assert "Traceback" not in answer.output
