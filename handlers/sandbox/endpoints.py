"""The addresses that an app uses: the Web API, response urls, and the socket link."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute

from handlers.sandbox.errors import SlackError
from handlers.sandbox.faults import Fault
from handlers.sandbox.interactions.socket_mode import Sockets
from handlers.sandbox.server import Connections
from handlers.sandbox.slack import Slack
from handlers.sandbox.web_api import TooFast, WebApi, scopes_of
from handlers.sandbox.web_api.arguments import Arguments, read_arguments, read_json


class Doors:
    def __init__(
        self, slack: Slack, api: WebApi, sockets: Sockets, connections: Connections
    ) -> None:
        self._slack, self._api, self._sockets = slack, api, sockets
        self._connections = connections

    def routes(self) -> list[Route | WebSocketRoute]:
        return [
            Route("/api/{method}", self.call, methods=["GET", "POST"]),
            Route("/response/{id}", self.respond, methods=["POST"]),
            WebSocketRoute("/link/", self._sockets.serve),
        ]

    async def call(self, request: Request) -> Response:
        """One call of the Web API, and whatever fault it is to meet."""
        name = request.path_params["method"]
        fault = self._api.fault(name)
        try:
            args = await read_arguments(request)
        except SlackError as error:
            return answer(error.answer())
        call = partial(self._api.call, name, token_of(request, args), args, fault)
        body: dict[str, Any] = {}
        try:
            if fault is None or fault.executes or fault.error:
                body = call()
            elif fault.kind == "late":
                self._slack.background.spawn(self._call_late(call, self._after(fault)))
            else:
                self._api.lose(name, args, fault)
        except TooFast as early:
            return too_fast(early.wait)
        if fault is None:
            return answer(body, scopes_of(self._slack))
        return await self._answer_faulted(request, fault, body)

    def _after(self, fault: Fault) -> datetime:
        return self._slack.clock() + timedelta(seconds=fault.seconds)

    async def _call_late(self, call: Callable[[], object], due: datetime) -> None:
        await self._slack.clock.until(due)
        with suppress(TooFast):
            call()

    async def _answer_faulted(
        self, request: Request, fault: Fault, body: dict[str, Any]
    ) -> Response:
        match fault.kind:
            case "ratelimited":
                return too_fast(fault.retry_after)
            case "ratelimited_bare":
                return too_fast(None)
            case "ratelimited_ok":
                return answer({"ok": False, "error": "ratelimited"})
            case "server_error" | "server_error_after":
                return PlainTextResponse("Internal Server Error", status_code=500)
            case "reset_before" | "reset_after" | "late":
                return await self._cut(request)
            case "broken_json":
                text = json.dumps(body)
                return Response(text[: len(text) // 2], media_type="application/json")
            case "slow":
                await self._slack.clock.until(self._after(fault))
        return answer(body, scopes_of(self._slack))

    async def _cut(self, request: Request) -> Response:
        self._connections.cut(tuple(request.scope["client"]))
        while (await request.receive())["type"] != "http.disconnect":
            pass  # the body, if we had not read it
        return Response()

    async def respond(self, request: Request) -> Response:
        try:
            given = read_json(await request.body())
            self._slack.responses.use(request.path_params["id"], given)
        except SlackError as error:
            gone = {"no_such_url", "expired_url", "used_url"}
            return answer(error.answer(), status=404 if error.code in gone else 400)
        except RecursionError:
            return answer({"ok": False, "error": "invalid_payload"}, status=400)
        return PlainTextResponse("ok")


def token_of(request: Request, args: Arguments) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and token:
        return token.strip()
    given = args.get("token")
    return given if isinstance(given, str) else ""


def answer(body: dict[str, Any], scopes: str = "", status: int = 200) -> Response:
    headers = {"x-oauth-scopes": scopes, "x-slack-req-id": "sandbox"} if scopes else {}
    return Response(json.dumps(body), status, headers, "application/json; charset=utf-8")


def too_fast(wait: int | None) -> Response:
    response = answer({"ok": False, "error": "ratelimited"}, status=429)
    if wait is not None:
        response.headers["retry-after"] = str(wait)
    return response
