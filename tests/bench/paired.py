"""Things timed in turn, round after round, so that a busy machine is as busy for each."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

ROUNDS = 7
SECONDS = 0.05  # for each thing in each round


@dataclass(frozen=True)
class Timed:
    """How long one of a kind takes, and how many times as long as one of its floor."""

    name: str
    seconds: float
    of_floor: float


def paired(works: Mapping[str, Callable[[], object]], *, count: int) -> list[Timed]:
    """Medians of rounds. The first is the floor; each call does ``count`` of its kind.

    For what only computes: its time is the processor's, which neighbours cannot take.
    """
    for work in works.values():
        work()  # what is worked out once is worked out now
    rounds = [[_once(work) / count for work in works.values()] for _ in range(ROUNDS)]
    return compared(list(works), rounds)


def compared(names: Sequence[str], rounds: Sequence[Sequence[float]]) -> list[Timed]:
    """Medians; a ratio is one of two times of the same round. The first name is the floor."""
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
