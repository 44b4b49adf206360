"""The lock on a SQLite file: one process at a time, and only on an intact, original file."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from handlers.cli.main import main
from storage.database.bad_database import BadDatabase
from storage.database.sqlite_lock import adopt, sqlite_lock


def test_a_second_process_is_refused_with_the_file_and_the_next_step(sqlite_url: str) -> None:
    with (
        sqlite_lock(sqlite_url),
        pytest.raises(BadDatabase, match=r"using .*baton\.db and holds the lock .*\.lock"),
    ):
        sqlite_lock(sqlite_url).__enter__()
    with sqlite_lock(sqlite_url):
        pass  # the first has ended


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
    with pytest.raises(BadDatabase, match="is a copy"):
        sqlite_lock(copy).__enter__()
    monkeypatch.setenv("DATABASE_URL", copy)
    assert CliRunner().invoke(main, ["migrate", "--adopt"]).exit_code == 0
    with sqlite_lock(copy):
        adopt(copy)


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
