"""A SQLite file and the files next to it are readable by their owner alone."""

import stat
from pathlib import Path

from storage.database.engines import open_database
from storage.database.migrate import migrate
from storage.database.sqlite_file import is_exposed
from storage.database.sqlite_lock import sqlite_lock


def test_a_new_database_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'baton.db'}"
    with sqlite_lock(url):
        migrate(url)
        database = open_database(url)
        with database.writing.connect():
            modes = {it.name: stat.S_IMODE(it.stat().st_mode) for it in tmp_path.iterdir()}
    assert set(modes) == {"baton.db", "baton.db-shm", "baton.db-wal", "baton.db.mark"}
    assert set(modes.values()) == {0o600}


def test_a_file_that_others_can_read_is_exposed(tmp_path: Path) -> None:
    file = tmp_path / "baton.db"
    assert not is_exposed(file)  # there is none yet
    file.touch(mode=0o600)
    assert not is_exposed(file)
    for mode in (0o640, 0o604):
        file.chmod(mode)
        assert is_exposed(file)
