"""A workspace for the tests: two people, three channels and a real Bolt app."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from handlers.sandbox import Clock, Person, Sandbox, Shortcut

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
SUPPORT, QUIET, SECRET = "C0SUPPORT", "C0QUIET", "G0SECRET"
SCOPES = (
    "app_mentions:read", "channels:history", "channels:join", "channels:read", "chat:write",
    "commands", "groups:history", "groups:read", "im:history", "im:read", "im:write",
    "reactions:write", "team:read", "usergroups:read", "users:read", "users:read.email",
)  # fmt: skip


@pytest.fixture
def clock() -> Clock:
    return Clock(MONDAY)


@pytest.fixture
def built(clock: Clock) -> Sandbox:
    """A workspace that is set up, but not served yet."""
    sandbox = Sandbox(clock, paced=False)
    workspace = sandbox.workspace
    workspace.install_app(
        name="Baton",
        user="U0BATON",
        scopes=SCOPES,
        commands=["/escalate", "/slow", "/loud", "/broken"],
        shortcuts=[
            Shortcut("Escalate a case", "escalate"),
            Shortcut("Escalate this message", "escalate_message", "message"),
        ],
    )
    workspace.add_person("U0MAYA", "maya", "Maya Lind", title="Manager", email="maya@example.com")
    workspace.add_person("U0ANA", "ana", "Ana Silva", tz="America/New_York")
    workspace.add_channel(SUPPORT, "support", members=["U0MAYA", "U0ANA", "U0BATON"])
    workspace.add_channel(QUIET, "quiet", members=["U0MAYA"])
    workspace.add_channel(SECRET, "secret", private=True, members=["U0MAYA"])
    workspace.add_group("S0MANAGERS", "managers", members=["U0MAYA"])
    return sandbox


@pytest.fixture
async def sandbox(built: Sandbox) -> AsyncIterator[Sandbox]:
    async with built.serving():
        yield built


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(
            sandbox.bot_token, base_url=sandbox.api_url, session=session, retry_handlers=[]
        )


@pytest.fixture
def maya(sandbox: Sandbox) -> Person:
    return sandbox.person("U0MAYA")


@pytest.fixture
def ana(sandbox: Sandbox) -> Person:
    return sandbox.person("U0ANA")


@pytest.fixture
def app(sandbox: Sandbox, client: AsyncWebClient) -> AsyncApp:
    """A Bolt app without listeners; each test adds its own."""
    return AsyncApp(
        client=client, signing_secret=sandbox.signing_secret, process_before_response=True
    )


@pytest.fixture
async def linked(app: AsyncApp, sandbox: Sandbox) -> AsyncIterator[AsyncApp]:
    """The Bolt app, connected over Socket Mode."""
    handler = AsyncSocketModeHandler(app, sandbox.app_token, ping_interval=1)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
    await sandbox.sockets.connected()
    yield app
    await handler.close_async()  # type: ignore[no-untyped-call]  # the same
