"""The URLs that an app uses: the Web API, response_urls and the Socket Mode WebSocket."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute

from handlers.sandbox.errors import SlackError
from handlers.sandbox.faults import Fault
from handlers.sandbox.interactions.socket_mode import Sockets, html_page
from handlers.sandbox.server import Connections
from handlers.sandbox.slack import Slack
from handlers.sandbox.web_api import RateLimited, WebApi, scopes_of
from handlers.sandbox.web_api.arguments import Arguments, read_arguments, read_json

REDIRECTS = {
    "redirected": 307,
    "redirected_301": 301,
    "redirected_302": 302,
    "redirected_308": 308,
}


class AppEndpoints:
    """Routes for the app's HTTP calls and WebSockets, with faults applied."""

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
        """Handle one Web API call, including any fault injected into it."""
        name = request.path_params["method"]
        fault = self._api.fault(name)
        try:
            args = await read_arguments(request)
        except SlackError as error:
            return json_response(error.answer())
        call = partial(self._api.call, name, token_of(request, args), args, fault)
        body: dict[str, Any] = {}
        try:
            if fault is None or fault.executes or fault.error:
                body = call()
            elif fault.kind == "late":
                self._slack.background.spawn(self._call_at(self._after(fault), call))
            else:
                self._api.log_lost(name, args, fault)
        except RateLimited as limited:
            return rate_limited(limited.retry_after)
        if fault is None:
            return json_response(body, scopes_of(self._slack))
        return await self._faulted_response(request, fault, body)

    def _after(self, fault: Fault) -> datetime:
        return self._slack.clock() + timedelta(seconds=fault.seconds)

    async def _call_at(self, due: datetime, call: Callable[[], object]) -> None:
        await self._slack.clock.until(due)
        with suppress(RateLimited):
            call()

    async def _faulted_response(
        self, request: Request, fault: Fault, body: dict[str, Any]
    ) -> Response:
        if (refused := refusal(request, fault)) is not None:
            return refused
        match fault.kind:
            case "reset_before" | "reset_after" | "late":
                return await self._reset(request)
            case "broken_json":
                text = json.dumps(body)
                return Response(text[: len(text) // 2], media_type="application/json")
            case "slow":
                await self._slack.clock.until(self._after(fault))
        return json_response(body, scopes_of(self._slack))

    async def _reset(self, request: Request) -> Response:
        self._connections.reset(tuple(request.scope["client"]))
        while (await request.receive())["type"] != "http.disconnect":
            pass  # drain the body if it was not read
        return Response()  # the ASGI app must return one, but the client is gone

    async def respond(self, request: Request) -> Response:
        """Handle what the app posts to a response_url."""
        try:
            payload = read_json(await request.body())
            self._slack.responses.use(request.path_params["id"], payload)
        except SlackError as error:
            not_found = {"no_such_url", "expired_url", "used_url"}
            return json_response(error.answer(), status=404 if error.code in not_found else 400)
        except RecursionError:
            return json_response({"ok": False, "error": "invalid_payload"}, status=400)
        return PlainTextResponse("ok")


def refusal(request: Request, fault: Fault) -> Response | None:
    """Return the response of a fault that shows nothing of the call's own response."""
    if (status := REDIRECTS.get(fault.kind)) is not None:
        return RedirectResponse(f"{request.base_url}api/elsewhere", status)
    match fault.kind:
        case "ratelimited":
            return rate_limited(fault.retry_after)
        case "ratelimited_bare":
            return rate_limited(None)
        case "ratelimited_ok":
            return json_response({"ok": False, "error": "ratelimited"})
        case "server_error" | "server_error_after":
            return PlainTextResponse("Internal Server Error", status_code=500)
        case "unavailable":
            return html_page(503)
        case "html_page":
            return html_page(200)
    return None


def token_of(request: Request, args: Arguments) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and token:
        return token.strip()
    argument = args.get("token")
    return argument if isinstance(argument, str) else ""


def json_response(body: dict[str, Any], scopes: str = "", status: int = 200) -> Response:
    headers = {"x-oauth-scopes": scopes, "x-slack-req-id": "sandbox"} if scopes else {}
    return Response(json.dumps(body), status, headers, "application/json; charset=utf-8")


def rate_limited(retry_after: int | None) -> Response:
    response = json_response({"ok": False, "error": "ratelimited"}, status=429)
    if retry_after is not None:
        response.headers["retry-after"] = str(retry_after)
    return response
