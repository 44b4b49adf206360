"""A tick: the cost of finding the few due cases among many, and of checking them."""

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from statistics import median
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Mapper, Session

from handlers.jobs.tick import BATCH, tick_due_cases
from storage.due import Due
from tests.bench.crowd import Crowd
from tests.bench.life import LONGER, NOON
from tests.bench.paired import Timed, compared, seconds

DUE = 100
ROUNDS = 5
REPEATS = 20  # in each round
ENOUGH = 6.0  # seconds of rounds
RESCHEDULED = 5_000

Findings = dict[str, list[Timed]]


async def tick(crowd: Crowd) -> tuple[Findings, str]:
    """Time ticks with 100 due cases; also return a summary of the objects they load."""
    found: list[list[float]] = []
    checked: list[list[float]] = []
    with _loads() as loaded:
        while len(found) < ROUNDS and sum(map(sum, checked)) < ENOUGH:
            due = crowd.next_numbers(DUE)
            marked = seconds(lambda due=due: crowd.raw.mark(due))  # type: ignore[misc]  # mypy #7217
            with Session(crowd.store.database.reading) as session:
                found.append(_find(crowd, session))
            found[-1].append(
                median([await _awaited(lambda: _find_due(crowd)) for _ in range(REPEATS)])
            )
            assert not loaded, "finding due cases must not load objects"
            checked.append([marked, await _awaited(lambda: tick_due_cases(crowd.store))])
            summary = _only_of(due, loaded)
            loaded.clear()
        assert not await _find_due(crowd)
    names = ["plain SQL", "Due.cases", "Due.cases, with its thread and transaction"]
    return {
        f"{crowd.name}: finding 100 due cases among {crowd.size:,}": compared(names, found),
        f"{crowd.name}: checking 100 of {crowd.size:,} cases": compared(
            ["a plain UPDATE and COMMIT for each", "tick_due_cases"], checked
        ),
    }, summary


async def replan(crowd: Crowd) -> Findings:
    """Time the check of all open cases after a calendar edit."""
    marked = await _awaited(lambda: crowd.apply_team(LONGER))
    rounds: list[float] = []
    while len(rounds) < RESCHEDULED // BATCH and sum(rounds) < 2 * ENOUGH:
        rounds.append(await _awaited(lambda: tick_due_cases(crowd.store)))
    done = len(crowd.next_numbers(len(rounds) * BATCH))  # the ones just checked: mark them as used
    all_of_them = sum(rounds) / done * crowd.size
    plainly = seconds(crowd.make_nothing_due)
    paced = max(all_of_them, crowd.size / BATCH)  # Baton starts one batch a second
    names = [
        "one UPDATE of as many rows",
        "applying the document, which marks all cases",
        f"tick_due_cases without pauses (extrapolated from {done:,})",
        "tick_due_cases once a second",
    ]
    title = f"{crowd.name}: rescheduling {crowd.size:,} cases"
    return {title: compared(names, [[plainly, marked, marked + all_of_them, marked + paced]])}


def grown(name: str, ticks: Mapping[int, Findings]) -> Findings:
    """Return the cost of finding and checking, relative to the smallest number of open cases."""
    made: Findings = {}
    for title, kind in ((f"{name}: Due.cases, by open cases", 0), (f"{name}: a tick of 100", 1)):
        cost = {size: list(found.values())[kind][1].seconds for size, found in ticks.items()}
        floor = next(iter(cost.values()))
        made[title] = [Timed(f"{size:,} open", it, it / floor) for size, it in cost.items()]
    return made


def _find(crowd: Crowd, session: Session) -> list[float]:
    plain, ours = [], []
    due = Due(session, NOON)
    due.cases(limit=DUE)
    for _ in range(REPEATS):
        plain.append(seconds(lambda: crowd.raw.find(DUE)))
        ours.append(seconds(lambda: due.cases(limit=DUE)))
    assert len(due.cases(limit=2 * DUE)) == DUE
    return [median(plain), median(ours)]


async def _find_due(crowd: Crowd) -> object:
    return await crowd.store.query_all(Due.cases, limit=DUE)


async def _awaited(work: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


@contextmanager
def _loads() -> Iterator[list[Any]]:
    """Record every object that is loaded from a row."""
    loaded: list[Any] = []

    def note(target: Any, _context: Any) -> None:
        loaded.append(target)

    event.listen(Mapper, "load", note)
    try:
        yield loaded
    finally:
        event.remove(Mapper, "load", note)


def _only_of(due: list[int], loaded: list[Any]) -> str:
    kinds = Counter(type(thing).__name__ for thing in loaded)
    of_cases = {getattr(it, "case", None) or it.id for it in loaded if type(it).__name__ != "Team"}
    assert of_cases == set(due), "a tick loaded a case that is not due"
    return ", ".join(f"{count:,} {kind}" for kind, count in sorted(kinds.items()))
