"""The servers of a run, one process each: ``python -m tests.bench.requests.serve floor``.

A server prints its address on the first line of its output. It stops when its input ends, so it
never outlives the process that started it.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.settings import Settings
from handlers import logs
from handlers.cli.config import apply_team
from handlers.http.server import serving
from handlers.process import Part, running
from handlers.sandbox import Clock, Sandbox
from handlers.sandbox.interactions.triggers import Triggers
from handlers.slack.ids import Form
from storage.store import wall_clock
from tests.bench.requests.requests import PEOPLE, SECRET
from tests.bench.sending.many_teams import add_teams
from tests.world import TEAM, WORKSPACE, add_people


async def main(role: str, *arguments: str) -> None:
    logs.set_up()
    roles: dict[str, Callable[..., AbstractAsyncContextManager[dict[str, str]]]]
    roles = {"slack": slack, "teams": teams, "floor": floor, "baton": baton}
    async with roles[role](*arguments) as addresses:
        print(json.dumps(addresses), flush=True)
        await asyncio.to_thread(sys.stdin.read)


@asynccontextmanager
async def slack() -> AsyncIterator[dict[str, str]]:
    """Serve the sandbox without rate limits, where any trigger id opens a form for Ana."""
    sandbox = _AnyTriggerSandbox(Clock(wall_clock(), running=True), paced=False)
    add_people(sandbox)
    for user in PEOPLE:
        sandbox.workspace.add_person(user, user.lower())
    async with sandbox.serving():
        port = urlsplit(sandbox.api_url).port
        yield {"port": str(port), "api_url": sandbox.api_url, "token": sandbox.bot_token}


@asynccontextmanager
async def teams(many: str, cards: str) -> AsyncIterator[dict[str, str]]:
    """Serve the sandbox with Slack's rate limits, many teams, and cards in their channels."""
    sandbox = Sandbox(Clock(wall_clock(), running=True))
    add_people(sandbox)
    add_teams(sandbox, int(many), int(cards))
    async with sandbox.serving():
        yield {
            "port": str(urlsplit(sandbox.api_url).port),
            "api_url": sandbox.api_url,
            "token": sandbox.bot_token,
            "control_url": sandbox.control_url,
            "control_token": sandbox.control_token,
        }


class _AnyTriggerSandbox(Sandbox):
    def __init__(self, clock: Clock, *, paced: bool) -> None:
        super().__init__(clock, paced=paced)
        self._slack.triggers = _AnyTrigger(clock, self.workspace.mint)


class _AnyTrigger(Triggers):
    def redeem(self, id: str) -> str:
        return "U0ANA"


@asynccontextmanager
async def floor() -> AsyncIterator[dict[str, str]]:
    """Serve the minimum that a Bolt app can do: check the signature, run one listener, ack."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T0SANDBOX", bot_token="x")  # noqa: S106

    app = AsyncApp(signing_secret=SECRET, authorize=authorize, process_before_response=True)

    @app.command("/baton")
    async def listener(ack: AsyncAck) -> None:
        await ack()

    bare: Any = AsyncSlackRequestHandler(app)  # an ASGI app, though its types do not say so
    async with serving(bare, 0) as url:
        yield {"port": str(urlsplit(url).port)}


@asynccontextmanager
async def baton(
    database_url: str, api_url: str, token: str, part: str
) -> AsyncIterator[dict[str, str]]:
    """Serve Baton as ``baton web`` does or, with part ``ALL``, as ``baton run`` does."""
    settings = Settings(
        slack_bot_token=SecretStr(token),
        slack_app_token=None,
        slack_signing_secret=SecretStr(SECRET),
        slack_api_url=api_url,
        database_url=database_url,
        port=0,
        cases_per_person=1_000_000,
        cases_per_workspace=1_000_000,
    )
    async with running(settings, Part[part]) as baton:
        await apply_team(baton.store, baton.client, WORKSPACE, TEAM, by="the bench")
        sealed = baton.signer.sign("1/", Form.ESCALATE)
        yield {"port": str(urlsplit(baton.url or "").port), "sealed": sealed}


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
