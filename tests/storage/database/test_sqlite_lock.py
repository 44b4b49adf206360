"""One process to a SQLite file, and the right file."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from handlers.cli.main import main
from storage.database.sqlite_lock import BadDatabase, adopt, sqlite_lock


def test_a_second_process_is_told_which_file_is_taken_and_what_to_do(sqlite_url: str) -> None:
    with (
        sqlite_lock(sqlite_url),
        pytest.raises(BadDatabase, match=r"using .*baton\.db and holds the lock .*\.lock"),
    ):
        sqlite_lock(sqlite_url).__enter__()
    with sqlite_lock(sqlite_url):
        pass  # the first has ended


def test_any_number_of_processes_share_postgresql(postgres_url: str) -> None:
    with sqlite_lock(postgres_url), sqlite_lock(postgres_url):
        pass


def test_beside_a_running_process_an_operator_may_still_migrate(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    with sqlite_lock(sqlite_url):
        assert CliRunner().invoke(main, ["migrate"]).exit_code == 0


def test_a_copy_is_refused_until_somebody_says_that_it_is_the_one(
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
def test_a_damaged_file_is_refused_with_a_way_out(
    sqlite_url: str, tmp_path: Path, part: str
) -> None:
    file = tmp_path / "baton.db"
    whole = file.read_bytes()
    start = 0 if part == "head" else len(whole) // 4
    file.write_bytes(whole[:start] + b"\xa5" * 20_000 + whole[start + 20_000 :])
    with pytest.raises(BadDatabase, match="is damaged"):
        sqlite_lock(sqlite_url).__enter__()


@pytest.mark.parametrize("command", ["run", "web", "worker"])
def test_a_command_on_a_taken_file_ends_with_one_sentence(
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
