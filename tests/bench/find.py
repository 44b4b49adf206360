"""Looking for words among a million cases, beside a plain query by an index."""

import asyncio
from collections.abc import Callable
from statistics import median
from typing import Any

from rich.console import Console
from sqlalchemy import ColumnElement, literal_column, select
from sqlalchemy.orm import Session

from bot.business_time import time_zone
from bot.customers.customer import key_of
from bot.lookup.search import read_search
from bot.people import TeamId, UserId
from storage.cases.search import Search
from storage.tables import cases
from tests.bench.crowd import Crowd
from tests.bench.databases import each_database
from tests.bench.life import NOON
from tests.bench.paired import Timed, compared, seconds
from tests.bench.time.clocks import table
from tests.world import WORKSPACE

NAME = "find"
SIZE, QUICK = 1_000_000, 20_000
CUSTOMERS, SUBJECTS = 9_973, 997  # primes, so that each meets each
ROUNDS, ASKED = 5, 5
ANA, SHOWN = UserId("U0ANA"), 20

QUESTIONS = {
    "one word, in a hundredth of them": "subject77",
    "two words, one in all of them": "nobody subject77",
    "a customer's name and a word": "customer:firm4711 log",
    "a word that is in all of them": "nobody",
    "an owner, a state and a day": "owner:me state:open since:2026-03-01",
}


class Telling(Crowd):
    """Each case tells of another customer and another subject."""

    def _new(self, number: ColumnElement[int]) -> dict[ColumnElement[Any], ColumnElement[Any]]:
        def counted(word: str, of: int) -> ColumnElement[Any]:
            return literal_column(f"'{word}' || CAST(numbers.n % {of} AS VARCHAR)")

        return {
            **super()._new(number),
            cases.c.customer: counted("Firm", CUSTOMERS),
            cases.c.customer_key: counted("firm", CUSTOMERS),
            cases.c.summary: counted("Nobody can log in since today: subject", SUBJECTS),
        }


def show(console: Console, *, quick: bool) -> None:
    found = asyncio.run(_databases(QUICK if quick else SIZE, console.print))
    console.print(table(found, "Words among many cases, beside a plain query by an index"))


async def _databases(size: int, tell: Callable[[str], None]) -> dict[str, list[Timed]]:
    found: dict[str, list[Timed]] = {}
    for database, url in each_database(NAME):
        found |= await _among(Telling(database, url), size, tell)
    return found


async def _among(crowd: Crowd, size: int, tell: Callable[[str], None]) -> dict[str, list[Timed]]:
    await crowd.begin()
    tell(f"{crowd.name}: {size:,} cases kept in {seconds(lambda: crowd.grow(size)):,.0f} s")
    with Session(crowd.store.database.reading) as session:
        rounds = [_round(session) for _ in range(ROUNDS)]
    crowd.close()
    names = ["plain SQL: a customer's newest", *QUESTIONS, "is it there already?"]
    return {f"{crowd.name}: 20 among {size:,}": compared(names, rounds)}


def _round(session: Session) -> list[float]:
    search = Search(session, WORKSPACE)
    plain = (
        select(cases.c.id)
        .where(cases.c.workspace == WORKSPACE, cases.c.customer_key == key_of("Firm4711"))
        .where(cases.c.team_id == 1)
        .order_by(cases.c.id.desc())
        .limit(SHOWN)
    )
    asked = [read_search(it, by=ANA, zone=time_zone("UTC")) for it in QUESTIONS.values()]
    works: list[Callable[[], object]] = [
        lambda: session.scalars(plain).all(),
        *(
            lambda one=one: search.find(one, teams=[TeamId(1)], or_of=ANA, limit=SHOWN)
            for one in asked
        ),
        lambda: search.duplicate_candidates("Firm4711", TeamId(1), since=NOON, by=ANA, soon=NOON),
    ]
    return [median(seconds(work) for _ in range(ASKED)) for work in works]
