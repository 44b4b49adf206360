"""The routes of a process's port: its health and, in HTTP mode, Slack's endpoint."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from handlers.http.slack_endpoint import SlackEndpoint
from handlers.jobs.heartbeat import STARTING, Heartbeat


class Health:
    """What this process can do.

    The HTTP server answers from the first second. ``endpoint`` and ``heartbeat`` follow when the
    process is ready, which takes as long as Slack does not answer.
    """

    def __init__(self) -> None:
        self.heartbeat: Heartbeat | None = None
        self.endpoint: SlackEndpoint | None = None

    async def alive(self, _request: Request) -> Response:
        return PlainTextResponse("alive")

    async def ready(self, _request: Request) -> Response:
        """Answer from the last heartbeat, so that any number of readers costs nothing."""
        problem = STARTING if self.heartbeat is None else self.heartbeat.problem
        if problem:
            return JSONResponse({"ready": False, "problem": problem}, 503)
        return JSONResponse({"ready": True})

    async def receive(self, request: Request) -> Response:
        if self.endpoint is None:
            return PlainTextResponse("Baton is starting. Try again in a moment.", 503)
        return await self.endpoint.receive(request)


def make_web(health: Health, monitoring: Sequence[Route], *, hears_slack: bool) -> Starlette:
    """Build the web application of a process's port."""
    routes = [Route("/healthz", health.alive), Route("/readyz", health.ready), *monitoring]
    if hears_slack:
        routes.append(Route("/slack/events", health.receive, methods=["POST"]))
    return Starlette(routes=routes)
