"""Slack's requests over HTTP: each is checked, answered once, and answered in time."""

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
from handlers.http.replay_guard import ReplayGuard
from handlers.http.signature import MOST_BYTES, Refused, check, checks_certificate, nonce_of
from storage import Store
from storage.requests.current_request import CurrentRequest, current_request
from storage.store import wall_clock

log = logging.getLogger(__name__)

RETRY = "x-slack-retry-num"
REPLAYED = 409
ANSWER_BY = 2.7
"""Seconds until a request is turned away: Slack waits three, and then nobody hears why."""


class SlackEndpoint:
    """``secrets`` are what Slack signs with."""

    def __init__(
        self, store: Store, app: AsyncApp, workspace: WorkspaceId, secrets: Sequence[str]
    ) -> None:
        self._app, self._secrets = app, secrets
        self._replay_guard = ReplayGuard(store.of(workspace))

    async def receive(self, request: Request) -> Response:
        try:
            body = await _read(request)
            if checks_certificate(request.headers, body):
                return PlainTextResponse("")
            payload = check(self._secrets, request.headers, body, at=wall_clock())
            async with asyncio.timeout(ANSWER_BY):
                answer = await self._answer_once(payload, request)
        except Refused as refused:
            log.warning("a request was refused: %s", refused)
            return _told(refused.status, str(refused))
        except (BotError, TimeoutError, SQLAlchemyError) as error:
            log.warning("a request was turned away: %s", type(error).__name__)
            return _told(503, "Baton is busy. Try again in a moment.")
        except ClientDisconnect:
            return Response(status_code=400)
        metrics.REQUESTS.labels(answer.status).inc()
        headers = {name: values[0] for name, values in answer.headers.items()}
        return Response(answer.body, answer.status, headers)

    async def _answer_once(self, payload: dict[str, Any], request: Request) -> BoltResponse:
        """The answer to what Slack signed, once; what failed may be asked again."""
        this = CurrentRequest(nonce_of(request.headers))
        current_request.set(this)
        answer = await _answer(self._app, payload, request)
        replayed = answer.status == REPLAYED
        if answer.status == 200 and not this.kept:  # it changed nothing: only its bytes count
            replayed = not await self._replay_guard.is_first(this.nonce)
        if not replayed:
            return answer
        if RETRY in request.headers:  # signed anew within the same second: what it wants is done
            return BoltResponse(status=200)
        raise Refused(REPLAYED, "replayed")


def _told(status: int, words: str) -> Response:
    metrics.REQUESTS.labels(status).inc()
    return PlainTextResponse(words, status)


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
        given = AsyncBoltRequest(body=payload, headers=dict(request.headers), mode="socket_mode")
        return await app.async_dispatch(given)
    except (AttributeError, LookupError, RecursionError, TypeError):  # of Bolt's: not Slack's shape
        raise Refused(400, "malformed") from None
