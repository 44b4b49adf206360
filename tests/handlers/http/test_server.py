"""Serving ends when it is told to, and not before what is under way."""

import asyncio
import socket
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientConnectionError, ClientSession
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from handlers.http.server import A_MOMENT, ANSWERED_WITHIN, serving

SOON = 5 * A_MOMENT  # the end has begun by then


async def test_a_request_under_way_is_answered_before_the_end() -> None:
    heard, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(_request: Request) -> Response:
        heard.set()
        await go_on.wait()
        return PlainTextResponse("done")

    async with ClientSession() as session:
        async with serving(Starlette(routes=[Route("/", slowly)]), 0) as url:
            asked = asyncio.create_task(words_at(session, url))
            await heard.wait()
            asyncio.get_running_loop().call_later(SOON, go_on.set)
        assert asked.done()
        assert await asked == "done"
        with pytest.raises(ClientConnectionError):
            await words_at(session, url)


@pytest.mark.parametrize("turns", [2, 3, 4])
async def test_who_was_let_in_just_before_the_end_is_answered(turns: int) -> None:
    async with serving(Starlette(routes=[Route("/", at_once)]), 0) as url:
        there = urlsplit(url)
        asking = socket.create_connection((there.hostname, there.port), ANSWERED_WITHIN)
        asking.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        for _ in range(turns):  # of the loop: in the first it is accepted, and some later known
            await asyncio.sleep(0)
    with asking:
        assert asking.recv(100).startswith(b"HTTP/1.1 200 OK")


async def test_who_asks_for_nothing_does_not_hold_up_the_end() -> None:
    web = Starlette(routes=[Route("/", at_once)])
    async with (
        ClientSession() as session,
        asyncio.timeout(ANSWERED_WITHIN / 2),
        serving(web, 0) as url,
    ):
        await words_at(session, url)  # and the connection is kept


async def at_once(_request: Request) -> Response:
    return PlainTextResponse("done")


async def words_at(session: ClientSession, url: str) -> str:
    async with session.get(url) as answer:
        assert answer.headers["date"]
        return await answer.text()
