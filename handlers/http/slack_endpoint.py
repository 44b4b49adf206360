"""The endpoint for Slack's requests: verify, deduplicate and answer within three seconds."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from bot.errors import BotError
from bot.people import WorkspaceId
from handlers import metrics
from handlers.http.connections import trust_connection
from handlers.http.replay_guard import ReplayGuard
from handlers.http.signature import MOST_BYTES, Refused, check, is_ssl_check, nonce_of
from handlers.slack.plumbing.payload_shape import misshapen
from storage import Store
from storage.requests.current_request import CurrentRequest, current_request
from storage.store import wall_clock

log = logging.getLogger(__name__)

RETRY = "x-slack-retry-num"
REPLAYED = 409
ANSWER_BY = 2.7
"""Seconds. Slack gives up after three and then ignores the response."""


class SlackEndpoint:
    """Receives Slack's requests. ``secrets`` are the valid signing secrets."""

    def __init__(
        self, store: Store, app: AsyncApp, workspace: WorkspaceId, secrets: Sequence[str]
    ) -> None:
        self._app, self._secrets = app, secrets
        self._replay_guard = ReplayGuard(store.of(workspace))

    async def receive(self, request: Request) -> Response:
        try:
            body = await _read(request)
            if is_ssl_check(request.headers, body):
                return PlainTextResponse("")
            payload = check(self._secrets, request.headers, body, at=wall_clock())
            trust_connection(request)
            async with asyncio.timeout(ANSWER_BY):
                answer = await self._answer_once(payload, request)
        except Refused as refused:
            log.warning("request rejected: %s", refused)
            return _reject(refused.status, str(refused))
        except (BotError, TimeoutError, SQLAlchemyError) as error:
            log.warning("request not processed: %s", type(error).__name__)
            return _reject(503, "Baton is busy. Try again in a moment.")
        except ClientDisconnect:
            return Response(status_code=400)
        metrics.REQUESTS.labels(answer.status).inc()
        headers = {name: values[0] for name, values in answer.headers.items()}
        return Response(answer.body, answer.status, headers)

    async def _answer_once(self, payload: dict[str, Any], request: Request) -> BoltResponse:
        """Answer a verified request, at most once. A failed one may be repeated.

        Raises:
            Refused: 409 if the request was answered before.
        """
        current = CurrentRequest(nonce_of(request.headers))
        current_request.set(current)
        answer = await _answer(self._app, payload, request)
        replayed = answer.status == REPLAYED
        # A transaction that writes stores the nonce itself; other requests do it here.
        if answer.status == 200 and not current.kept:
            replayed = not await self._replay_guard.is_first(current.nonce)
        if not replayed:
            return answer
        # A retry within the same second has the same signature as the first attempt.
        if RETRY in request.headers:
            return BoltResponse(status=200)
        raise Refused(REPLAYED, "replayed")


def _reject(status: int, reason: str) -> Response:
    metrics.REQUESTS.labels(status).inc()
    headers = {"Connection": "close"} if status == 401 else {}
    return PlainTextResponse(reason, status, headers)


async def _read(request: Request) -> bytes:
    """Read the body.

    Raises:
        Refused: it is larger than anything Slack sends.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise Refused(413, "too large")
    return bytes(body)


async def _answer(app: AsyncApp, payload: dict[str, Any], request: Request) -> BoltResponse:
    """Let the Bolt app answer a parsed payload.

    Raises:
        Refused: 400 if it does not have the shape of Slack's.
    """
    if place := misshapen(payload):
        raise Refused(400, f"malformed: {place}")
    # Passed as if it came over Socket Mode. In HTTP mode Bolt would parse the body again, and
    # would take any command whose text contains ``payload`` for a form.
    try:
        bolt_request = AsyncBoltRequest(
            body=payload, headers=dict(request.headers), mode="socket_mode"
        )
        return await app.async_dispatch(bolt_request)
    except (AttributeError, LookupError, RecursionError, TypeError):
        # Bolt raises these for payloads that do not have the shape of Slack's.
        raise Refused(400, "malformed") from None
