"""What the sandbox's web page asks for: its files, who is there, what changed, do this."""

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
from handlers.sandbox.page_server.actions import PageActs
from handlers.sandbox.page_server.state import people, state
from handlers.sandbox.person.find import NoSuchElement
from handlers.sandbox.slack import Slack
from handlers.sandbox.web_api.arguments import read_json

PAGE = Path(__file__).parent.parent / "page"
PATIENCE = 20.0  # real seconds that a page waits for a change


class Refused(Exception):
    """What the page asked for cannot be done; the words are for whoever sits at it."""


class PageApi:
    def __init__(self, slack: Slack, acts: Callable[[str], PageActs]) -> None:
        self._slack, self._acts = slack, acts

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self.index),
            Mount("/static", StaticFiles(directory=PAGE, check_dir=False)),
            Route("/sandbox/people", telling(self.people)),
            Route("/sandbox/state", telling(self.state)),
            Route("/sandbox/changes", telling(self.changes)),
            Route("/sandbox/do", telling(self.do), methods=["POST"]),
            Route("/sandbox/clock", telling(self.clock), methods=["GET"]),
            Route("/sandbox/clock", telling(self.wind), methods=["POST"]),
        ]

    async def index(self, request: Request) -> Response:
        page = PAGE / "index.html"
        if not page.is_file():
            return PlainTextResponse("The page of the sandbox is not installed.\n", 404)
        return FileResponse(page)

    async def people(self, request: Request) -> dict[str, Any]:
        return people(self._slack)

    async def state(self, request: Request) -> dict[str, Any]:
        return state(self._slack, self._person(request.query_params.get("as", "")))

    async def changes(self, request: Request) -> dict[str, Any]:
        since = request.query_params.get("since", "0")
        if not (since.isascii() and since.isdigit() and len(since) < 16):
            raise Refused("since is a version, a whole number.")
        return {"version": await self._slack.workspace.changes.after(int(since), PATIENCE)}

    async def do(self, request: Request) -> dict[str, Any]:
        wanted = read_json(await request.body())
        await self._acts(self._person(wanted.get("as"))).do(wanted)
        return {"ok": True}

    async def clock(self, request: Request) -> dict[str, Any]:
        return {"now": self._slack.clock().timestamp()}

    async def wind(self, request: Request) -> dict[str, Any]:
        wanted = read_json(await request.body())
        try:
            wind(self._slack.clock, wanted)
        except (ValueError, TypeError, KeyError, OverflowError):
            raise Refused("Wind by a number of seconds, or to next_morning in a zone.") from None
        self._slack.workspace.changes.happened()
        return await self.clock(request)

    def _person(self, id: Any) -> str:
        if not isinstance(id, str) or id not in self._slack.workspace.people:
            raise Refused(f"Nobody here has the id {id}.")
        return id


def wind(clock: Clock, wanted: dict[str, Any]) -> None:
    if wanted.get("wind_to") == "next_morning":
        clock.wind_to(next_morning(clock(), ZoneInfo(wanted.get("tz") or "UTC")))
    else:
        clock.wind(timedelta(seconds=float(wanted["wind"])))


def next_morning(now: datetime, zone: ZoneInfo) -> datetime:
    """The next nine o'clock there."""
    day = now.astimezone(zone).date()
    morning = datetime.combine(day, time(9), zone)
    if morning <= now:
        morning = datetime.combine(day + timedelta(days=1), time(9), zone)
    return morning.astimezone(UTC)


def telling(
    ask: Callable[[Request], Awaitable[dict[str, Any]]],
) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that answers in JSON; what cannot be done, it says in a sentence."""

    async def endpoint(request: Request) -> Response:
        try:
            body = await ask(request)
        except (Refused, NoSuchElement) as refused:
            body = {"ok": False, "error": str(refused)}
        except SlackError as error:
            details = "; ".join(str(one) for one in error.messages)
            body = {"ok": False, "error": f"Slack refuses that: {error.code}. {details}".strip()}
        refused_get = request.method == "GET" and body.get("ok") is False
        return Response(json.dumps(body), 400 if refused_get else 200, None, "application/json")

    return endpoint
