"""The HTTP server shuts down promptly, after open requests are answered."""

import asyncio
import socket
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientConnectionError, ClientSession
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from handlers.http.server import (
    ANSWERED_WITHIN,
    EVERY_ADDRESS,
    LOOPBACK,
    SETTLE_SECONDS,
    serving,
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
