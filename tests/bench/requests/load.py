"""The load generator: many connections at full speed, or requests at a fixed rate."""

import asyncio
import selectors
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeAlias

CONNECTIONS = 32
AT_MOST = 200  # connections at a fixed rate; if all are in use, requests wait for one
PATIENCE = 20  # seconds after the end of a round, until a missing response fails the run

Numbered: TypeAlias = Callable[[int], bytes]


@dataclass
class Round:
    """One run of a measurement: the latencies in seconds, and the errors."""

    began: float = field(default_factory=time.perf_counter)
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass
class Load:
    """Sends one kind of request to servers in turn. Each request has a number of its own."""

    ports: Iterator[int]
    request: Numbered
    wanted: bytes  # the start of a good response; if empty, the response must be empty
    number: int = 0
    accepted: list[int] = field(default_factory=list)

    async def at_full_speed(self, seconds: float) -> Round:
        """Send as fast as the server responds, over 32 connections."""
        async with asyncio.timeout(seconds + PATIENCE):
            lines = [await self._connect() for _ in range(CONNECTIONS)]
            done = Round()
            until = done.began + seconds
            await asyncio.gather(*(self._hurry(line, done, until) for line in lines))
        done.seconds = time.perf_counter() - done.began
        _close(lines)
        return done

    async def at_rate(self, rate: int, seconds: float) -> Round:
        """Send ``rate`` requests a second, without waiting for the responses.

        Latencies count from the time when a request was due, not from when it was sent. Otherwise
        a slow server would slow down the load and hide its own delays (coordinated omission).
        """
        async with asyncio.timeout(seconds + PATIENCE):
            free: asyncio.LifoQueue[_Line] = asyncio.LifoQueue()
            for line in (lines := [await self._connect() for _ in range(AT_MOST)]):
                free.put_nowait(line)
            done = Round()
            async with asyncio.TaskGroup() as sent:
                for count in range(int(rate * seconds)):
                    due = done.began + count / rate
                    await asyncio.sleep(due - time.perf_counter())
                    sent.create_task(self._send_due(free, done, due))
        done.seconds = time.perf_counter() - done.began
        _close(lines)
        return done

    async def fill(self, count: int) -> None:
        """Send ``count`` requests, one after the other."""
        line, done = await self._connect(), Round()
        for _ in range(count):
            await self._send(line, done, time.perf_counter())
        _close([line])

    async def again(self, count: int) -> None:
        """Send the last ``count`` requests again, as Slack does when a response was lost."""
        lines = [await self._connect() for _ in self.accepted[-count:]]
        numbers = zip(lines, self.accepted[-count:], strict=True)
        await asyncio.gather(*(line.ask(self.request(number)) for line, number in numbers))
        _close(lines)

    async def _hurry(self, line: "_Line", done: Round, until: float) -> None:
        while (since := time.perf_counter()) < until:
            await self._send(line, done, since)

    async def _send_due(self, free: "asyncio.LifoQueue[_Line]", done: Round, due: float) -> None:
        line = await free.get()
        await self._send(line, done, due)
        free.put_nowait(line)

    async def _send(self, line: "_Line", done: Round, since: float) -> None:
        self.number = number = self.number + 1
        status, body = await line.ask(self.request(number))
        done.latencies.append(time.perf_counter() - since)
        if status == 200 and body.startswith(self.wanted) and bool(body) == bool(self.wanted):
            self.accepted.append(number)
        else:
            done.errors.append(f"{status} {body[:80]!r}")

    async def _connect(self) -> "_Line":
        _, line = await asyncio.get_running_loop().create_connection(
            _Line, "127.0.0.1", next(self.ports)
        )
        return line


class _Line(asyncio.Protocol):
    """A keep-alive connection with one request at a time, as thin as possible."""

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
    """Return an event loop that wakes within microseconds; epoll, the default, takes up to 1 ms."""
    return asyncio.SelectorEventLoop(selectors.SelectSelector())
