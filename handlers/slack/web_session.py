"""The HTTP session of every client, and how its errors are described.

A redirect is not followed: it would carry the token or the message to another address. The text of
an error is not logged or stored: it may hold the request, and with it the token.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from aiohttp import (
    ClientError,
    ClientHandlerType,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    TraceConfig,
)
from slack_sdk.errors import SlackApiError

REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Redirected(ClientError):
    """The other side redirected the request. Nothing was sent to the new address."""


class NotASocket(ClientError):
    """The other side refused a WebSocket. The SDK's error would show the URL, and its ticket."""


def web_session(timeout: ClientTimeout, *trace_configs: TraceConfig) -> ClientSession:
    """Return a session that follows no redirects; they raise ``Redirected``."""
    return ClientSession(
        timeout=timeout, middlewares=(_refuse_redirects,), trace_configs=list(trace_configs)
    )


def socket_session(timeout: ClientTimeout, on_use: Callable[[], None]) -> ClientSession:
    """Return a session for WebSockets. It calls ``on_use`` when a URL is used, before the request.

    A redirect raises ``Redirected``, any other answer but a WebSocket ``NotASocket``.
    """

    async def require_socket(request: ClientRequest, send: ClientHandlerType) -> ClientResponse:
        on_use()
        response = await send(request)
        if response.status != HTTPStatus.SWITCHING_PROTOCOLS:
            response.close()
            raise NotASocket
        return response

    return ClientSession(timeout=timeout, middlewares=(require_socket, _refuse_redirects))


def reason_of(error: Exception) -> str:
    """Return Slack's error code, or the name of the exception if there is none."""
    answer = answer_of(error) if isinstance(error, SlackApiError) else None
    return str(answer["error"]) if answer and "error" in answer else type(error).__name__


def answer_of(error: SlackApiError) -> dict[str, Any] | None:
    """Return what Slack answered, or None if it is not JSON.

    For a body that is not JSON, slack_sdk puts aiohttp's response here, which has no data.
    """
    data = getattr(error.response, "data", None)
    return data if isinstance(data, dict) else None


async def _refuse_redirects(request: ClientRequest, send: ClientHandlerType) -> ClientResponse:
    response = await send(request)
    if response.status in REDIRECTS:
        response.close()
        raise Redirected
    return response
