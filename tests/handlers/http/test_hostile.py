"""Strangers who flood the port keep no signed request from its answer."""

import asyncio
import os
from contextlib import suppress
from itertools import count
from random import Random

import aiohttp

from handlers.sandbox import Sandbox
from handlers.sandbox.interactions.signed_request import body_of, headers_of
from tests.handlers.http.endpoint import recorded
from tests.handlers.test_process import a_process, a_slack, environment

AT_MOST = aiohttp.ClientTimeout(total=20)  # the machine may be busy with other tests as well
HEADERS = "POST /slack/events HTTP/1.1\r\nHost: baton\r\n"
FORGED = f"{HEADERS}X-Slack-Signature: v0=0\r\nX-Slack-Request-Timestamp: 1\r\n"
MEGABYTE = b"a" * 2**20

UPGRADE = (
    b"GET /slack/events HTTP/1.1\r\nHost: baton\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAA\r\n\r\n"
)

SMALL = {
    "nothing": b"",
    "half of the headers": HEADERS.encode(),
    "half of a body": f"{FORGED}Content-Length: 1000\r\n\r\ntext=".encode(),
    "wrong signature": f"{FORGED}Content-Length: 4\r\n\r\nabcd".encode(),
    "TLS hello": bytes.fromhex("16030100c8010000c40303") + os.urandom(193),
    "broken chunks": f"{FORGED}Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n".encode(),
    "WebSocket": UPGRADE,
    "metrics": b"GET /metrics HTTP/1.1\r\nHost: baton\r\n\r\n",
    "garbage": Random(7).randbytes(4_000),  # noqa: S311
}
LARGE = {
    "endless header": HEADERS.encode() + b"X-Long: " + MEGABYTE,
    "many headers": HEADERS.encode() + b"X-More: 1\r\n" * 20_000,
    "5 MB body": f"{FORGED}Content-Length: {5 * 2**20}\r\n\r\n".encode() + 5 * MEGABYTE,
    "pipelined": b"GET /metrics HTTP/1.1\r\nHost: baton\r\n\r\n" * 2_000,
    "endless chunks": f"{FORGED}Transfer-Encoding: chunked\r\n\r\n".encode()
    + b"1\r\na\r\n" * 9_000,
}
FLOOD = [*SMALL.values()] * 56 + [*LARGE.values()] * 4
ROUNDS = 4
"""Each flood opens 524 connections, and keeps them open until all have sent what they have."""


class Strangers:
    """Connections that send a packet, read nothing and stay open."""

    def __init__(self, address: str) -> None:
        self._host, _, self._port = address.strip("/").partition(":")
        self._writers: list[asyncio.StreamWriter] = []

    def flood(self) -> None:
        """Send all packets at once. Slack's requests have another event loop."""
        asyncio.run(self._flood())

    async def _flood(self) -> None:
        await asyncio.gather(*map(self._send, FLOOD))
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _send(self, packet: bytes) -> None:
        with suppress(OSError):  # the server may close the connection meanwhile
            _, writer = await asyncio.open_connection(self._host, int(self._port))
            self._writers.append(writer)
            writer.write(packet)


async def command(session: aiohttp.ClientSession, slack: Sandbox, number: int) -> int:
    """Send a signed command as Slack does and return the status of the answer."""
    kind, payload = recorded("baton_command")
    body, content_type = body_of(kind, payload | {"trigger_id": f"{number}.trigger"})
    headers = headers_of(slack.signing_secret, body, content_type, None)
    async with session.post("/slack/events", data=body, headers=headers) as answer:
        return answer.status


def client(address: str, *, keep_alive: bool) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(force_close=not keep_alive)
    url = f"http://{address.strip('/')}"
    return aiohttp.ClientSession(url, timeout=AT_MOST, connector=connector)


async def test_signed_commands_are_answered_during_two_thousand_hostile_connections(
    sqlite_url: str,
) -> None:
    numbers, statuses = count(1), []
    async with a_slack() as slack:
        env = environment(slack, sqlite_url, mode="http")
        async with (
            a_process("run", env) as (_, address),
            client(address, keep_alive=True) as kept,
            client(address, keep_alive=False) as fresh,
        ):
            strangers = Strangers(address)
            for _ in range(ROUNDS):
                flood = asyncio.create_task(asyncio.to_thread(strangers.flood))
                while not flood.done():
                    for session in (kept, fresh):
                        statuses.append(await command(session, slack, next(numbers)))
                await flood
    assert len(statuses) >= 2 * ROUNDS
    assert set(statuses) == {200}
