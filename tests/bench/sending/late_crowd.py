"""Many open cases of many teams that came due one after the other during an outage."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, String, cast, literal, literal_column, type_coerce

from bot.delivery import EDITS
from bot.people import TeamId
from bot.priority import Priority
from storage import Transaction
from storage.store import wall_clock
from storage.tables import cases, clocks, deliveries, events, workspaces
from storage.types import MICROSECOND, Instant
from tests.bench.crowd import Crowd, install, mark_all_sent
from tests.bench.life import just_opened
from tests.bench.sending.many_teams import CHANNEL, FIRST, FIRST_CARD, apply_team
from tests.world import WORKSPACE

OUTAGE = timedelta(hours=6)
PROMISES = """
targets.urgent = { claim = "30m", resolution = "4h" }
targets.high = { claim = "1h", resolution = "8h" }
targets.normal = { claim = "2h", resolution = "24h" }
targets.low = { claim = "4h" }
"""


class LateCrowd(Crowd):
    """Overdue cases, evenly spread over priorities, teams and the time of the outage."""

    def __init__(self, name: str, url: str, teams: int) -> None:
        super().__init__(name, url, wall_clock)
        self.teams, self.ended_at = teams, wall_clock()
        self._dues: list[datetime] = []
        self._first, self._due = 0, self.ended_at
        self._apart = timedelta(0)

    async def begin(self) -> None:
        workspace = self.store.of(WORKSPACE)
        await workspace.run(install)
        for team in range(self.teams):
            await workspace.run(apply_team, team, PROMISES)
        self._dues = await workspace.run(_one_of_each)
        self.size = len(self._dues)

    def grow(self, to: int) -> None:
        """Create the cases; those of each priority come due evenly during the outage."""
        many = (to - self.size) // len(self._dues)
        self._apart = OUTAGE / many
        with self.writing() as connection:
            for template, due in enumerate(self._dues, start=1):
                self._first, self._due = self.size + 1, due
                self.size += many
                self._copy(connection, template, self._first, self.size)
            connection.execute(workspaces.update().values(cases=self.size))

    def _new(self, number: ColumnElement[int]) -> dict[ColumnElement[Any], ColumnElement[Any]]:
        """Return the columns in which a copy differs: its team, and all instants, shifted."""
        moved: dict[ColumnElement[Any], ColumnElement[Any]] = {
            column: self._moved(column, number)
            for table in (cases, clocks, events, deliveries)
            for column in table.c
            if isinstance(column.type, Instant)
        }
        team = number % self.teams  # teams take turns
        return moved | {
            cases.c.team_id: team + 1,
            deliveries.c.key: "case/" + cast(number, String) + "/card",
            deliveries.c.channel: CHANNEL + cast(team + FIRST, String),
            deliveries.c.ts: cast(number + FIRST_CARD, String) + ".000100",
        }

    def _moved(self, column: ColumnElement[Any], number: ColumnElement[int]) -> ColumnElement[Any]:
        first = literal((self.ended_at - OUTAGE - self._due) // MICROSECOND, BigInteger)
        by = first + cast(number - self._first, BigInteger) * (self._apart // MICROSECOND)
        if self._is_sqlite:
            return type_coerce(column, BigInteger) + by
        microsecond: ColumnElement[Any] = literal_column("INTERVAL '1 microsecond'")
        return column.op("+")(by * microsecond)


def _one_of_each(tx: Transaction) -> list[datetime]:
    """Open a template case for each priority and return when each is due. They are not late."""
    team, dues = tx.teams.get(TeamId(1)), []
    for number, priority in enumerate(Priority, start=1):
        case = just_opened(team, number, priority, at=tx.now)
        mark_all_sent(case)
        case.card.lane = EDITS
        assert case.next_check_at is not None
        dues.append(case.next_check_at)
        tx.cases.add(case)
    return dues
