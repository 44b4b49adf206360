"""Paired timing: functions take turns, so that other load on the machine affects all alike."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

ROUNDS = 7
SECONDS = 0.05  # for each function in each round


@dataclass(frozen=True)
class Timed:
    """The time of one operation, and its ratio to the floor, the cheapest way to do it."""

    name: str
    seconds: float
    of_floor: float


def paired(works: Mapping[str, Callable[[], object]], *, count: int) -> list[Timed]:
    """Time functions and return the medians; the first is the floor.

    Each call does ``count`` operations. Measures processor time, so it is only for functions
    that compute and do not wait.
    """
    for work in works.values():
        work()  # warm-up: fills the caches
    rounds = [[_once(work) / count for work in works.values()] for _ in range(ROUNDS)]
    return compared(list(works), rounds)


def compared(names: Sequence[str], rounds: Sequence[Sequence[float]]) -> list[Timed]:
    """Return the medians of rounds; ratios are to the first function, in the same round."""
    return [
        Timed(name, median(it[n] for it in rounds), median(it[n] / it[0] for it in rounds))
        for n, name in enumerate(names)
    ]


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _once(work: Callable[[], object]) -> float:
    done, began = 0, time.process_time()
    while (passed := time.process_time() - began) < SECONDS:
        work()
        done += 1
    return passed / done
