"""The plan of measurements. Every round includes the floor, so that ratios are comparable."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from tests.bench.processes import Server
from tests.bench.requests.load import Load, Round

WARM_UP = 1.0  # seconds for each kind of request
REST = 0.2  # seconds between two measurements


@dataclass
class Measure:
    """One kind of request at one rate; 0 means full speed."""

    name: str
    servers: Sequence[Server]
    load: Load
    rate: int = 0
    rounds: list[Round] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)  # processor seconds of the servers for a request

    @property
    def pace(self) -> str:
        return f"{self.rate}/s" if self.rate else "full speed"

    async def run(self, seconds: float) -> None:
        before = self._cpu_seconds()
        if self.rate:
            done = await self.load.at_rate(self.rate, seconds)
        else:
            done = await self.load.at_full_speed(seconds)
        self.rounds.append(done)
        self.cpu.append((self._cpu_seconds() - before) / max(len(done.latencies), 1))

    def _cpu_seconds(self) -> float:
        return sum(server.cpu_seconds() for server in self.servers)


def measures(
    name: str, servers: Sequence[Server], load: Load, rates: Iterable[int]
) -> list[Measure]:
    return [Measure(name, servers, load, rate) for rate in rates]


async def run(
    plan: list[Measure], rounds: int, seconds: float, *, tell: Callable[[str], None]
) -> None:
    for load in {id(it.load): it.load for it in plan}.values():
        await load.at_full_speed(WARM_UP)
    for number in range(rounds):
        for measure in plan:
            tell(f"round {number + 1} of {rounds}: {measure.name}, {measure.pace}")
            await measure.run(seconds)
            await asyncio.sleep(REST)
