"""The HTTP server limits each connection and shuts down promptly, after open requests."""

import asyncio
import socket
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientConnectionError, ClientSession
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from handlers.http.connections import (
    CROWD_SECONDS,
    MOST_ANONYMOUS,
    MOST_HEAD_BYTES,
    MOST_REQUEST_BYTES,
    trust_connection,
)
from handlers.http.server import (
    ANSWERED_WITHIN,
    EVERY_ADDRESS,
    LOOPBACK,
    SETTLE_SECONDS,
    serving,
    start,
)

SOON = 5 * SETTLE_SECONDS  # the shutdown has begun by then


@pytest.mark.parametrize(("host", "reached"), [(LOOPBACK, False), (EVERY_ADDRESS, True)])
async def test_the_server_listens_only_on_its_address(host: str, reached: bool) -> None:
    async with serving(Starlette(), 0, host) as url:
        port = int(url.rpartition(":")[2])
        try:
            _, writer = await asyncio.open_connection("127.0.0.2", port)
        except ConnectionRefusedError:
            assert not reached
        else:
            writer.close()
            assert reached


async def test_a_taken_port_and_an_unknown_host_are_errors_and_not_the_end() -> None:
    async with serving(Starlette(), 0) as url:
        for port, host in ((int(url.rpartition(":")[2]), LOOPBACK), (0, "192.0.2.1")):
            with pytest.raises(OSError, match=r"in use|Cannot assign"):
                await start(Starlette(), port, host)


async def test_an_open_request_is_answered_before_the_server_stops() -> None:
    received, finish = asyncio.Event(), asyncio.Event()

    async def slowly(_request: Request) -> Response:
        received.set()
        await finish.wait()
        return PlainTextResponse("done")

    async with ClientSession() as session:
        async with serving(Starlette(routes=[Route("/", slowly)]), 0) as url:
            response = asyncio.create_task(get(session, url))
            await received.wait()
            asyncio.get_running_loop().call_later(SOON, finish.set)
        assert response.done()
        assert await response == "done"
        with pytest.raises(ClientConnectionError):
            await get(session, url)


@pytest.mark.parametrize("turns", [2, 3, 4])
async def test_a_connection_accepted_just_before_the_end_is_answered(turns: int) -> None:
    async with serving(Starlette(routes=[Route("/", at_once)]), 0) as url:
        address = urlsplit(url)
        client = socket.create_connection((address.hostname, address.port), ANSWERED_WITHIN)
        client.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        for _ in range(
            turns
        ):  # the loop accepts the connection in the first turn, and registers it later
            await asyncio.sleep(0)
    with client:
        assert client.recv(100).startswith(b"HTTP/1.1 200 OK")


async def test_an_idle_connection_does_not_delay_the_end() -> None:
    web = Starlette(routes=[Route("/", at_once)])
    async with (
        ClientSession() as session,
        asyncio.timeout(ANSWERED_WITHIN / 2),
        serving(web, 0) as url,
    ):
        await get(session, url)  # leaves the connection open


async def at_once(_request: Request) -> Response:
    return PlainTextResponse("done")


async def get(session: ClientSession, url: str) -> str:
    async with session.get(url) as answer:
        assert answer.headers["date"]
        return await answer.text()


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"POST / HTTP/1.1\r\nHost: here\r\n",
        b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nhalf",
    ],
)
async def test_a_request_that_does_not_end_in_time_is_cut_off(sent: bytes) -> None:
    server = await start(
        Starlette(routes=[Route("/", reads, methods=["GET", "POST"])]), 0, arrives_within=0.05
    )
    async with asyncio.timeout(ANSWERED_WITHIN):
        await ended(server.url, sent)
        await server.stop()


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nX-Long: " + b"a" * MOST_HEAD_BYTES,
        b"GET / HTTP/1.1\r\n" + b"X: 1\r\n" * MOST_HEAD_BYTES,
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"1\r\na\r\n" * MOST_REQUEST_BYTES,
        b"GET / HTTP/1.1\r\nHost: here\r\n\r\n" * 2,
    ],
)
async def test_a_request_that_is_too_large_or_pipelined_is_cut_off(sent: bytes) -> None:
    async with serving(Starlette(routes=[Route("/", reads, methods=["GET", "POST"])]), 0) as url:
        async with asyncio.timeout(ANSWERED_WITHIN):
            await ended(url, sent)


async def test_the_oldest_anonymous_connections_make_room_and_trusted_ones_stay() -> None:
    async def trusted(request: Request) -> Response:
        trust_connection(request)
        return PlainTextResponse("done")

    web = Starlette(routes=[Route("/", at_once), Route("/trusted", trusted)])
    async with serving(web, 0) as url:
        kept = await connected(url, b"GET /trusted HTTP/1.1\r\nHost: here\r\n\r\n")
        await kept[0].readuntil(b"done")
        opened = [await connected(url, b"GET /") for _ in range(MOST_ANONYMOUS + 9)]
        closed = [asyncio.create_task(reader.read()) for reader, _ in opened]
        async with asyncio.timeout(ANSWERED_WITHIN):
            await asyncio.gather(*closed[:9], return_exceptions=True)
        assert not any(it.done() for it in closed[9:])
        kept[1].write(b"GET /trusted HTTP/1.1\r\nHost: here\r\n\r\n")
        await kept[0].readuntil(b"done")
        for _, writer in (kept, *opened):
            writer.transport.abort()
        await asyncio.gather(*closed, return_exceptions=True)


async def test_no_connection_is_closed_if_enough_others_left_by_themselves() -> None:
    later = asyncio.Event()
    async with serving(Starlette(routes=[Route("/", at_once)]), 0) as url:
        opened = [await connected(url, b"GET /") for _ in range(MOST_ANONYMOUS + 1)]
        for _, writer in opened[:9]:
            writer.transport.abort()
        closed = [asyncio.create_task(reader.read()) for reader, _ in opened[9:]]
        asyncio.get_running_loop().call_later(2 * CROWD_SECONDS, later.set)
        await later.wait()
        assert not any(it.done() for it in closed)
        for _, writer in opened:
            writer.transport.abort()
        await asyncio.gather(*closed, return_exceptions=True)


async def connected(url: str, sent: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(sent)
    return reader, writer


async def ended(url: str, sent: bytes) -> None:
    """Send bytes and wait until the server closes the connection."""
    reader, writer = await connected(url, sent)
    with suppress(ConnectionError):
        await reader.read()
    writer.transport.abort()


async def reads(request: Request) -> Response:
    await request.body()
    return PlainTextResponse("done")
