"""HTTP: what Slack sends, health, metrics."""

import logging
from datetime import timedelta
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.errors import Busy
from handlers import metrics
from handlers.gate import MOST_BYTES, Refused, check
from storage import Store
from storage.due import Due
from storage.store import wall_clock

log = logging.getLogger(__name__)

LATE = timedelta(seconds=90)
"""A worker is not well if what was due is not done by then."""


def make_web(store: Store, app: AsyncApp, secret: str | None) -> Starlette:
    """``secret`` is what Slack signs with; None where its requests do not come over HTTP."""

    async def from_slack(request: Request) -> Response:
        try:
            body = await _read(request)
            payload = check(str(secret), request.headers, body, at=wall_clock())
            answer = await _answer(app, payload, request)
        except Refused as refused:
            log.warning("a request was refused: %s", refused)
            metrics.REQUESTS.labels(refused.status).inc()
            return PlainTextResponse(str(refused), refused.status)
        except ClientDisconnect:
            return Response(status_code=400)
        metrics.REQUESTS.labels(answer.status).inc()
        headers = {name: values[0] for name, values in answer.headers.items()}
        return Response(answer.body, answer.status, headers)

    async def ready(_request: Request) -> Response:
        try:
            late = await store.everywhere(Due.lateness)
        except (Busy, SQLAlchemyError):
            return JSONResponse({"database": "does not answer"}, 503)
        if late.case > LATE or late.delivery > LATE:
            return JSONResponse({"database": "well", "worker": "late or stopped"}, 503)
        return JSONResponse({"database": "well", "worker": "well"})

    async def measure(_request: Request) -> Response:
        try:
            late = await store.everywhere(Due.lateness)
            metrics.WAITING.set(await store.everywhere(Due.waiting))
        except (Busy, SQLAlchemyError):
            return PlainTextResponse("the database does not answer", 503)
        metrics.CASE_LATE.set(late.case.total_seconds())
        metrics.DELIVERY_LATE.set(late.delivery.total_seconds())
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    routes = [
        Route("/healthz", _alive),
        Route("/readyz", ready),
        Route("/metrics", measure),
    ]
    if secret is not None:
        routes.append(Route("/slack/events", from_slack, methods=["POST"]))
    return Starlette(routes=routes)


async def _alive(_request: Request) -> Response:
    return PlainTextResponse("alive")


async def _read(request: Request) -> bytes:
    """The body, and no more of it than Slack would send."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise Refused(413, "too large")
    return bytes(body)


async def _answer(app: AsyncApp, payload: dict[str, Any], request: Request) -> BoltResponse:
    """What the app answers to a payload, which is given to it as it would come over a socket.

    The gate has read it. Bolt is not to read it again, for it takes any command with the word
    ``payload`` in it for a form.
    """
    try:
        asked = AsyncBoltRequest(body=payload, headers=dict(request.headers), mode="socket_mode")
        return await app.async_dispatch(asked)
    except (AttributeError, LookupError, RecursionError, TypeError):  # of Bolt's: not Slack's shape
        raise Refused(400, "malformed") from None
