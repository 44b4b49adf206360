"""A team's board and the rendering of a card, among many open cases, compared with plain SQL."""

import asyncio
from collections.abc import Callable
from statistics import median
from typing import Any

from rich.console import Console
from sqlalchemy import ColumnElement, literal_column, select
from sqlalchemy.orm import Session

from bot.case import OVER
from bot.delivery import card_key
from bot.people import CaseId, UserId
from handlers.slack.features.lookup.command import show_board
from handlers.slack.outgoing.compose import compose
from storage import Transaction
from storage.tables import cases
from tests.bench.crowd import Crowd
from tests.bench.databases import each_database
from tests.bench.life import NOON
from tests.bench.paired import Timed, compared, seconds
from tests.bench.time.clocks import table
from tests.builders import a_member
from tests.world import SUPPORT, WORKSPACE

NAME = "board"
SIZE, QUICK = 100_000, 10_000
SHOWN, CASE = 100, CaseId(3)
ROUNDS, REPEATS = 5, 5
MAYA = UserId("U0MAYA")

A_BOARD = (
    select(cases.c.id, cases.c.customer, cases.c.priority, cases.c.status, cases.c.owner)
    .where(cases.c.workspace == WORKSPACE, cases.c.team_id == 1)
    .where(cases.c.status.not_in(OVER))
)
A_CASE = select(cases).where(cases.c.workspace == WORKSPACE, cases.c.id == CASE)


class TwoTeams(Crowd):
    """A hundred cases belong to the first team, the rest to another."""

    most = SIZE

    def _new(self, number: ColumnElement[int]) -> dict[ColumnElement[Any], ColumnElement[Any]]:
        chosen = f"CASE numbers.n % {self.most // SHOWN} WHEN 3 THEN 1 ELSE 2 END"
        return {**super()._new(number), cases.c.team_id: literal_column(chosen)}


def show(console: Console, *, quick: bool) -> None:
    found = asyncio.run(_databases(QUICK if quick else SIZE, console.print))
    console.print(table(found, "A board and a card, compared with plain SQL by an index"))


async def _databases(size: int, tell: Callable[[str], None]) -> dict[str, list[Timed]]:
    found: dict[str, list[Timed]] = {}
    for database, url in each_database(NAME):
        found |= await _among(TwoTeams(database, url), size, tell)
    return found


async def _among(crowd: TwoTeams, size: int, tell: Callable[[str], None]) -> dict[str, list[Timed]]:
    crowd.most = size
    await crowd.begin()
    await crowd.store.of(WORKSPACE).run(_know_maya)
    tell(f"{crowd.name}: {size:,} cases created in {seconds(lambda: crowd.grow(size)):,.0f} s")
    with Session(crowd.store.database.reading) as session:
        rounds = [_round(session) for _ in range(ROUNDS)]
    crowd.close()
    board, card = [it[:2] for it in rounds], [it[2:] for it in rounds]
    return {
        f"{crowd.name}: {SHOWN} of {size:,} open": compared(["plain SQL", "the board"], board),
        f"{crowd.name}: one of {size:,}": compared(["plain SQL", "rendering its card"], card),
    }


def _round(session: Session) -> list[float]:
    tx = Transaction(session, WORKSPACE, NOON)
    works: list[Callable[[], object]] = [
        lambda: session.execute(A_BOARD).all(),
        lambda: show_board(tx, SUPPORT, by=MAYA),
        lambda: session.execute(A_CASE).all(),
        lambda: compose(tx, card_key(CASE)),
    ]
    return [median(_uncached(session, work) for _ in range(REPEATS)) for work in works]


def _uncached(session: Session, work: Callable[[], object]) -> float:
    session.expunge_all()  # as at the start of a transaction
    return seconds(work)


def _know_maya(tx: Transaction) -> None:
    tx.people.keep(a_member(MAYA), asked_at=tx.now)
