"""The routes: Slack's endpoint, health checks and metrics."""

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.errors import Busy
from bot.self_check import LATE
from handlers import metrics
from handlers.http.slack_endpoint import SlackEndpoint
from storage import Store
from storage.due import Due


def make_web(store: Store, endpoint: SlackEndpoint | None) -> Starlette:
    """Build the web application. Without an ``endpoint`` it accepts no requests from Slack."""

    async def ready(_request: Request) -> Response:
        try:
            late = await store.query_all(Due.lateness)
            found = list(await store.query_all(Due.findings))
        except (Busy, SQLAlchemyError):
            return JSONResponse({"database": "does not answer"}, 503)
        if late.case > LATE or late.delivery > LATE:
            return JSONResponse({"database": "well", "worker": "late or stopped"}, 503)
        if found:
            return JSONResponse({"database": "well", "worker": "well", "found": found}, 503)
        return JSONResponse({"database": "well", "worker": "well"})

    async def read_metrics(_request: Request) -> Response:
        try:
            await store.query_all(metrics.refresh)
        except (Busy, SQLAlchemyError):
            return PlainTextResponse("The database does not answer.", 503)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    routes = [
        Route("/healthz", _alive),
        Route("/readyz", ready),
        Route("/metrics", read_metrics),
    ]
    if endpoint is not None:
        routes.append(Route("/slack/events", endpoint.receive, methods=["POST"]))
    return Starlette(routes=routes)


async def _alive(_request: Request) -> Response:
    return PlainTextResponse("alive")
