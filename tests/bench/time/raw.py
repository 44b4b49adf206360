"""The bare database driver on a connection with our settings: the floor for a tick."""

from collections.abc import Iterable
from typing import Any

from storage.database.engines import open_database
from storage.types import EPOCH, MICROSECOND
from tests.bench.life import LATE, NOON
from tests.world import WORKSPACE

FIND = "SELECT workspace, id FROM cases WHERE next_check_at <= {0} ORDER BY next_check_at LIMIT {0}"
MARK = "UPDATE cases SET next_check_at = {0} WHERE workspace = {0} AND id = {0}"


class Raw:
    def __init__(self, url: str) -> None:
        self._database = open_database(url)
        self._pooled = self._database.writing.raw_connection()
        self._driver: Any = self._pooled.driver_connection
        self._is_sqlite = self._database.url.get_backend_name() == "sqlite"
        self._find, self._mark = (
            it.format("?" if self._is_sqlite else "%s") for it in (FIND, MARK)
        )

    def find(self, limit: int) -> list[tuple[str, int]]:
        found: list[tuple[str, int]]
        found = self._driver.execute(self._find, (self._stored(NOON), limit)).fetchall()
        return found

    def mark(self, numbers: Iterable[int]) -> None:
        """Make these cases due, each in its own transaction."""
        self._driver.rollback()
        for number in numbers:
            if self._is_sqlite:
                self._driver.execute("BEGIN IMMEDIATE")
            self._driver.execute(self._mark, (self._stored(NOON - LATE), WORKSPACE, number))
            self._driver.execute("COMMIT")

    def close(self) -> None:
        self._pooled.close()
        self._database.dispose()

    def _stored(self, at: Any) -> Any:
        return (at - EPOCH) // MICROSECOND if self._is_sqlite else at
