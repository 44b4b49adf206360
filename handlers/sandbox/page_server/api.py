"""The HTTP API of the sandbox's web page, and its static files."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from handlers.sandbox.clock import Clock
from handlers.sandbox.errors import SlackError
from handlers.sandbox.page_server.actions import PageActions
from handlers.sandbox.page_server.state import people, state
from handlers.sandbox.person.find import NoSuchElement
from handlers.sandbox.slack import Slack
from handlers.sandbox.web_api.arguments import read_json

PAGE = Path(__file__).parent.parent / "page"
LONG_POLL_SECONDS = 20.0  # real time, not the sandbox's clock


class Refused(Exception):
    """A request that cannot be carried out, with a message for the page's user."""


class PageApi:
    """Endpoints that show one person's view of the workspace and act for them."""

    def __init__(self, slack: Slack, actions_of: Callable[[str], PageActions]) -> None:
        self._slack, self._actions_of = slack, actions_of

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self.index),
            Mount("/static", StaticFiles(directory=PAGE, check_dir=False)),
            Route("/sandbox/people", json_endpoint(self.people)),
            Route("/sandbox/state", json_endpoint(self.state)),
            Route("/sandbox/changes", json_endpoint(self.changes)),
            Route("/sandbox/do", json_endpoint(self.do), methods=["POST"]),
            Route("/sandbox/clock", json_endpoint(self.clock), methods=["GET"]),
            Route("/sandbox/clock", json_endpoint(self.advance), methods=["POST"]),
        ]

    async def index(self, request: Request) -> Response:
        page = PAGE / "index.html"
        if not page.is_file():
            return PlainTextResponse("The sandbox's page is not installed.\n", 404)
        return FileResponse(page)

    async def people(self, request: Request) -> dict[str, Any]:
        return people(self._slack)

    async def state(self, request: Request) -> dict[str, Any]:
        return state(self._slack, self._person(request.query_params.get("as", "")))

    async def changes(self, request: Request) -> dict[str, Any]:
        since = request.query_params.get("since", "0")
        if not (since.isascii() and since.isdigit() and len(since) < 16):
            raise Refused("since must be a version number.")
        return {"version": await self._slack.workspace.changes.after(int(since), LONG_POLL_SECONDS)}

    async def do(self, request: Request) -> dict[str, Any]:
        body = read_json(await request.body())
        await self._actions_of(self._person(body.get("as"))).do(body)
        return {"ok": True}

    async def clock(self, request: Request) -> dict[str, Any]:
        return {"now": self._slack.clock().timestamp()}

    async def advance(self, request: Request) -> dict[str, Any]:
        body = read_json(await request.body())
        try:
            advance(self._slack.clock, body)
        except (ValueError, TypeError, KeyError, OverflowError):
            raise Refused(
                "Move the clock by a number of seconds, or to next_morning in a time zone."
            ) from None
        self._slack.workspace.changes.happened()
        return await self.clock(request)

    def _person(self, id: Any) -> str:
        if not isinstance(id, str) or id not in self._slack.workspace.people:
            raise Refused(f"There is no person with the id {id}.")
        return id


def advance(clock: Clock, body: dict[str, Any]) -> None:
    if body.get("advance_to") == "next_morning":
        clock.advance_to(next_morning(clock(), ZoneInfo(body.get("tz") or "UTC")))
    else:
        clock.advance(timedelta(seconds=float(body["advance"])))


def next_morning(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the next 9:00 in the zone, in UTC."""
    day = now.astimezone(zone).date()
    morning = datetime.combine(day, time(9), zone)
    if morning <= now:
        morning = datetime.combine(day + timedelta(days=1), time(9), zone)
    return morning.astimezone(UTC)


def json_endpoint(
    handler: Callable[[Request], Awaitable[dict[str, Any]]],
) -> Callable[[Request], Awaitable[Response]]:
    """Wrap a handler as a JSON endpoint that reports refusals as an error message."""

    async def endpoint(request: Request) -> Response:
        try:
            body = await handler(request)
        except (Refused, NoSuchElement) as refused:
            body = {"ok": False, "error": str(refused)}
        except SlackError as error:
            details = "; ".join(str(message) for message in error.messages)
            body = {"ok": False, "error": f"Slack refused that: {error.code}. {details}".strip()}
        refused_get = request.method == "GET" and body.get("ok") is False
        return Response(json.dumps(body), 400 if refused_get else 200, None, "application/json")

    return endpoint
