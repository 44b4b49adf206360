"""Serving ends when it is told to, and not before what is under way."""

import asyncio

import pytest
from aiohttp import ClientConnectionError, ClientSession
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from handlers.http import serving

A_MOMENT = 0.01  # seconds: the end has begun by then


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
            asyncio.get_running_loop().call_later(A_MOMENT, go_on.set)
        assert asked.done()
        assert await asked == "done"
        with pytest.raises(ClientConnectionError):
            await words_at(session, url)


async def words_at(session: ClientSession, url: str) -> str:
    async with session.get(url) as answer:
        assert answer.headers["date"]
        return await answer.text()
