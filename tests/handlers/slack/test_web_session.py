"""No error of a client shows a secret, and no redirect is followed."""

import sqlite3
from contextlib import closing

import pytest
from aiohttp import RequestInfo, TooManyRedirects
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from handlers.slack.web_session import reason_of
from storage.database.engines import read_url
from storage.database.sqlite_file import file_of
from tests.handlers.actions import assert_no_duplicates, escalates, settles_slowly
from tests.world import World, a_world

FAULTS = [
    "ratelimited", "ratelimited_bare", "server_error", "reset_before", "reset_after",
    "broken_json", "redirected", "error:internal_error", "error:not_authed",
]  # fmt: skip


def stored(url: str) -> str:
    """Return the whole database as text."""
    with closing(sqlite3.connect(str(file_of(read_url(url))))) as connection:
        return "\n".join(connection.iterdump())


@pytest.mark.parametrize("fault", FAULTS)
async def test_no_secret_is_logged_or_stored_after_a_fault(
    sqlite_url: str, log: pytest.LogCaptureFixture, fault: str
) -> None:
    async with a_world(sqlite_url, mode="socket") as world:
        secrets = (world.slack.bot_token, world.slack.app_token, world.slack.signing_secret)
        for method in ("chat.postMessage", "conversations.history", "users.info"):
            world.slack.faults.next(method, fault, times=2)
        await escalates(world)
        await settles_slowly(world)
        text = stored(sqlite_url)
    for secret in secrets:
        assert secret not in log.text
        assert secret not in text


async def test_a_redirect_is_not_followed(quick_world: World) -> None:
    world = quick_world
    world.slack.faults.next("chat.postMessage", "redirected", times=2)
    await escalates(world)
    await settles_slowly(world)
    assert world.slack.calls.to("elsewhere") == []
    assert world.card.text.startswith("ESC-1")
    assert_no_duplicates(world)


def test_a_reason_does_not_hold_the_request() -> None:
    url = URL("https://slack.com/api/chat.postMessage")
    headers = CIMultiDictProxy(CIMultiDict({"Authorization": "Bearer xoxb-1"}))
    error = TooManyRedirects(RequestInfo(url, "POST", headers, url), ())
    assert "xoxb-1" in repr(error)
    assert reason_of(error) == "TooManyRedirects"
