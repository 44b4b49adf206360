"""No error of a client shows a secret, and no redirect is followed."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientTimeout, RequestInfo, TooManyRedirects
from multidict import CIMultiDict, CIMultiDictProxy
from sqlalchemy import create_engine, inspect, make_url, text
from yarl import URL

from bot.keys import read_root_keys
from handlers import process
from handlers.sandbox.faults import KINDS
from handlers.slack.plumbing import socket_mode
from handlers.slack.plumbing.socket_mode import CONNECTIONS
from handlers.slack.web_session import reason_of
from storage.database.engines import read_url
from storage.database.sqlite_file import file_of
from tests.handlers.actions import assert_no_duplicates, escalates, settles_slowly
from tests.handlers.test_process import eventually
from tests.world import ROOT_KEYS, SUPPORT, World, a_world

PASSWORD = "password-of-the-database"  # noqa: S105  the test server accepts any
TICKET = re.compile(r"ticket=[\w-]+")

CALLS = ["chat.postMessage", "conversations.history", "users.info", "apps.connections.open"]
ERRORS = ["error:internal_error", "error:not_authed", "error:invalid_auth"]
FAULTS = [*(kind for kind in KINDS if KINDS[kind].applies_to("users.info")), *ERRORS]
SLEEPS = {("apps.connections.open", it) for it in ("ratelimited_bare", "ratelimited_ok")}
"""Without a Retry-After, the SDK sleeps for 30 seconds before it asks again."""

HANDSHAKES = [kind for kind in KINDS if KINDS[kind].applies_to("handshake")]


@pytest.fixture
def secret_url(database_url: str) -> str:
    """The URL of a database, with a password in it if it is a PostgreSQL."""
    url = make_url(database_url)
    is_sqlite = url.get_backend_name() == "sqlite"
    return (url if is_sqlite else url.set(password=PASSWORD)).render_as_string(hide_password=False)


@pytest.fixture
async def fast_world(secret_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """A world in which Baton soon gives up waiting, and soon finds a dead connection."""
    monkeypatch.setattr(process, "SLACK_ANSWERS_WITHIN", ClientTimeout(total=2))
    monkeypatch.setattr(socket_mode, "PING_SECONDS", 0.5)
    async with a_world(secret_url, mode="socket") as world:
        yield world


def stored(url: str) -> str:
    """Return the whole database as text."""
    engine = create_engine(read_url(url))
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        rows = [connection.execute(text(f'SELECT * FROM "{it}"')).all() for it in tables]  # noqa: S608
    engine.dispose()
    assert any("Acme" in str(row) for table in rows for row in table)
    return str(rows)


def secrets_of(world: World, url: str) -> list[str]:
    slack, file = world.slack, file_of(read_url(url))
    keys = ROOT_KEYS
    if file is not None:
        keys = Path(f"{file}.keys").read_text(encoding="ascii").strip()
    raw = [key.secret.hex() for key in read_root_keys(keys).keys]
    return [slack.bot_token, slack.app_token, slack.signing_secret, PASSWORD, keys, *raw]


def assert_no_secret(world: World, url: str, log: pytest.LogCaptureFixture) -> None:
    """Search the log and the database. The sandbox's own server logs the tickets it accepts."""
    ours = [it for it in log.records if not it.name.startswith("uvicorn")]
    logged = "\n".join(log.handler.format(record) for record in ours)
    saved = stored(url)
    assert not TICKET.search(logged + saved)
    for secret in secrets_of(world, url):
        assert secret not in log.text
        assert secret not in saved


@pytest.mark.parametrize("fault", FAULTS)
async def test_no_secret_is_logged_or_stored_after_a_fault_of_a_call(
    fast_world: World, secret_url: str, log: pytest.LogCaptureFixture, fault: str
) -> None:
    for method in CALLS:
        if (method, fault) not in SLEEPS:
            fast_world.slack.faults.next(method, fault, times=2)
    await fast_world.slack.sockets.connected(CONNECTIONS)
    await escalates(fast_world)
    await settles_slowly(fast_world)
    await fast_world.slack.sockets.reset()
    await hears_commands(fast_world)
    assert fast_world.slack.calls.to("elsewhere") == []
    assert_no_secret(fast_world, secret_url, log)


@pytest.mark.parametrize("fault", HANDSHAKES)
async def test_a_refused_handshake_shows_no_secret_and_is_made_again_with_a_new_ticket(
    fast_world: World, secret_url: str, log: pytest.LogCaptureFixture, fault: str
) -> None:
    await fast_world.slack.sockets.connected(CONNECTIONS)
    await fast_world.escalates(fast_world.ana)
    fast_world.slack.faults.next("handshake", fault, times=2 * CONNECTIONS)
    await fast_world.slack.sockets.reset()
    await hears_commands(fast_world)
    assert "/api/elsewhere" not in log.text  # where the sandbox's server logs each handshake
    assert_no_secret(fast_world, secret_url, log)


async def hears_commands(world: World) -> None:
    """Wait until a command is answered: Slack shows an error while no connection is open."""

    async def is_answered() -> bool:
        await world.maya.types("/baton help", channel=SUPPORT)
        return any("/baton why" in it for it in world.maya.ephemerals)

    await eventually(is_answered)


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
