"""A workspace with a browser page and a real Bolt app."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest_asyncio
from playwright.async_api import Page
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from handlers.sandbox import Clock, Sandbox, Shortcut
from tests.handlers.sandbox_page.window import SUPPORT, Window

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(Clock(MONDAY), paced=False)
    workspace = sandbox.workspace
    workspace.install_app(
        scopes=("chat:write", "commands", "im:history"),
        commands=[{"command": "/escalate", "description": "Hand a case to a manager"}, "/baton"],
        shortcuts=[
            Shortcut("Escalate a case", "escalate"),
            Shortcut("Escalate this message", "escalate_message", "message"),
        ],
    )
    workspace.add_person("U0MAYA", "maya", "Maya Lind", title="manager", tz="Europe/Berlin")
    workspace.add_person("U0ANA", "ana", "Ana Silva", title="agent", tz="America/New_York")
    workspace.add_group("S0MANAGERS", "managers", members=["U0MAYA"])
    workspace.add_channel(SUPPORT, "support", members=["U0MAYA", "U0ANA", "U0BATON"])
    workspace.add_channel("C0SHIP", "shipping", members=["U0MAYA", "U0ANA"])
    async with sandbox.serving():
        yield sandbox


@pytest_asyncio.fixture(loop_scope="session")
async def app(sandbox: Sandbox) -> AsyncIterator[AsyncApp]:
    """A connected Bolt app without listeners; each test adds its own."""
    client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
    app = AsyncApp(
        client=client, signing_secret=sandbox.signing_secret, process_before_response=True
    )
    handler = AsyncSocketModeHandler(app, sandbox.app_token, ping_interval=1)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
    await sandbox.sockets.connected()
    yield app
    await handler.close_async()  # type: ignore[no-untyped-call]  # the same


@pytest_asyncio.fixture(loop_scope="session")
async def window(sandbox: Sandbox, page: Page) -> Window:
    """The sandbox's page with Maya as the viewer and #support open."""
    window = Window(sandbox, page)
    await window.open("U0MAYA")
    return window
