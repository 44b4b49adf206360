"""The load: many connections at full speed, or a fixed rate that waits for nobody."""

import asyncio
import selectors
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeAlias

CONNECTIONS = 32
AT_MOST = 200  # connections, when a server falls behind a rate; whoever finds none free waits
PATIENCE = 20  # seconds, past the end of a round, until an answer counts as lost

Numbered: TypeAlias = Callable[[int], bytes]


@dataclass
class Round:
    """One measurement, once: what was sent, how long each answer took, what went wrong."""

    began: float = field(default_factory=time.perf_counter)
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass
class Load:
    """Sends one kind of request to servers in turn. Numbers go on from round to round."""

    ports: Iterator[int]
    request: Numbered
    wanted: bytes  # how a good answer begins; empty is an empty one
    number: int = 0
    accepted: list[int] = field(default_factory=list)

    async def at_full_speed(self, seconds: float) -> Round:
        """As many as the server takes, over 32 connections, each waiting for its answer."""
        async with asyncio.timeout(seconds + PATIENCE):
            lines = [await self._connect() for _ in range(CONNECTIONS)]
            told = Round()
            until = told.began + seconds
            await asyncio.gather(*(self._hurry(line, told, until) for line in lines))
        told.seconds = time.perf_counter() - told.began
        _close(lines)
        return told

    async def at_rate(self, rate: int, seconds: float) -> Round:
        """So many a second, whatever becomes of them.

        Each latency counts from the instant at which the request was due, so that a server
        that is late with one is late with those that wait behind it, too.
        """
        async with asyncio.timeout(seconds + PATIENCE):
            free: asyncio.LifoQueue[_Line] = asyncio.LifoQueue()
            for line in (lines := [await self._connect() for _ in range(AT_MOST)]):
                free.put_nowait(line)
            told = Round()
            async with asyncio.TaskGroup() as sent:
                for count in range(int(rate * seconds)):
                    due = told.began + count / rate
                    await asyncio.sleep(due - time.perf_counter())
                    sent.create_task(self._send_due(free, told, due))
        told.seconds = time.perf_counter() - told.began
        _close(lines)
        return told

    async def fill(self, count: int) -> None:
        """Send so many, one after the other."""
        line, told = await self._connect(), Round()
        for _ in range(count):
            await self._send(line, told, time.perf_counter())
        _close([line])

    async def again(self, count: int) -> None:
        """Send the last ones a second time, as Slack does when an answer was lost."""
        lines = [await self._connect() for _ in self.accepted[-count:]]
        numbers = zip(lines, self.accepted[-count:], strict=True)
        await asyncio.gather(*(line.ask(self.request(number)) for line, number in numbers))
        _close(lines)

    async def _hurry(self, line: "_Line", told: Round, until: float) -> None:
        while (since := time.perf_counter()) < until:
            await self._send(line, told, since)

    async def _send_due(self, free: "asyncio.LifoQueue[_Line]", told: Round, due: float) -> None:
        line = await free.get()
        await self._send(line, told, due)
        free.put_nowait(line)

    async def _send(self, line: "_Line", told: Round, since: float) -> None:
        self.number = number = self.number + 1
        status, body = await line.ask(self.request(number))
        told.latencies.append(time.perf_counter() - since)
        if status == 200 and body.startswith(self.wanted) and bool(body) == bool(self.wanted):
            self.accepted.append(number)
        else:
            told.errors.append(f"{status} {body[:80]!r}")

    async def _connect(self) -> "_Line":
        _, line = await asyncio.get_running_loop().create_connection(
            _Line, "127.0.0.1", next(self.ports)
        )
        return line


class _Line(asyncio.Protocol):
    """One connection, kept alive: a request, its answer, the next. As thin as can be."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self._got = transport, b""
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    def ask(self, request: bytes) -> asyncio.Future[tuple[int, bytes]]:
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self._answer

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, gap, body = self._got.partition(b"\r\n\r\n")
        if not gap or self._answer is None:
            return
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        if len(body) < int(length):
            return
        self._got = b""
        self._answer.set_result((int(head[9:12]), body))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result((0, b"the connection was lost"))


def _close(lines: list[_Line]) -> None:
    for line in lines:
        with suppress(OSError):
            line.transport.close()


def precise_loop() -> asyncio.AbstractEventLoop:
    """A loop that wakes within microseconds: epoll's, the default, is a millisecond late."""
    return asyncio.SelectorEventLoop(selectors.SelectSelector())
