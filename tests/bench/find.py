"""Search among a million cases, compared with plain SQL by an index."""

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
CUSTOMERS, SUBJECTS = 9_973, 997  # primes, so that all combinations occur
ROUNDS, REPEATS = 5, 5
ANA, SHOWN = UserId("U0ANA"), 20

SEARCHES = {
    "one word that is in a hundredth of the cases": "subject77",
    "two words, one of them in all cases": "nobody subject77",
    "a customer's name and a word": "customer:firm4711 log",
    "a word that is in all cases": "nobody",
    "an owner, a state and a day": "owner:me state:open since:2026-03-01",
}


class VariedCrowd(Crowd):
    """The cases are spread over many customers and subjects."""

    def _new(self, number: ColumnElement[int]) -> dict[ColumnElement[Any], ColumnElement[Any]]:
        def numbered(word: str, of: int) -> ColumnElement[Any]:
            return literal_column(f"'{word}' || CAST(numbers.n % {of} AS VARCHAR)")

        return {
            **super()._new(number),
            cases.c.customer: numbered("Firm", CUSTOMERS),
            cases.c.customer_key: numbered("firm", CUSTOMERS),
            cases.c.summary: numbered("Nobody can log in since today: subject", SUBJECTS),
        }


def show(console: Console, *, quick: bool) -> None:
    found = asyncio.run(_databases(QUICK if quick else SIZE, console.print))
    console.print(table(found, "Search among many cases, compared with plain SQL by an index"))


async def _databases(size: int, tell: Callable[[str], None]) -> dict[str, list[Timed]]:
    found: dict[str, list[Timed]] = {}
    for database, url in each_database(NAME):
        found |= await _among(VariedCrowd(database, url), size, tell)
    return found


async def _among(crowd: Crowd, size: int, tell: Callable[[str], None]) -> dict[str, list[Timed]]:
    await crowd.begin()
    tell(f"{crowd.name}: {size:,} cases created in {seconds(lambda: crowd.grow(size)):,.0f} s")
    with Session(crowd.store.database.reading) as session:
        rounds = [_round(session) for _ in range(ROUNDS)]
    crowd.close()
    names = ["plain SQL: a customer's newest cases", *SEARCHES, "the duplicate check"]
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
    searches = [read_search(it, by=ANA, zone=time_zone("UTC")) for it in SEARCHES.values()]
    works: list[Callable[[], object]] = [
        lambda: session.scalars(plain).all(),
        *(
            lambda one=one: search.find(one, teams=[TeamId(1)], or_of=ANA, limit=SHOWN)
            for one in searches
        ),
        lambda: search.duplicate_candidates(
            "Firm4711", TeamId(1), since=NOON, by=ANA, opened_before=NOON
        ),
    ]
    return [median(seconds(work) for _ in range(REPEATS)) for work in works]
