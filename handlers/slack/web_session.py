"""The HTTP session of every client, and how its errors are described.

A redirect is not followed: it would carry the token or the message to another address. The text of
an error is not logged or stored: it may hold the request, and with it the token.
"""

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


def web_session(timeout: ClientTimeout, *trace_configs: TraceConfig) -> ClientSession:
    """Return a session that follows no redirects; they raise ``Redirected``."""
    return ClientSession(
        timeout=timeout, middlewares=(_refuse_redirects,), trace_configs=list(trace_configs)
    )


def reason_of(error: Exception) -> str:
    """Return Slack's error code, or the name of the exception if there is none."""
    response: Any = error.response if isinstance(error, SlackApiError) else None
    data = getattr(response, "data", None)
    if isinstance(data, dict) and "error" in data:
        return str(data["error"])
    return type(error).__name__


async def _refuse_redirects(request: ClientRequest, send: ClientHandlerType) -> ClientResponse:
    response = await send(request)
    if response.status in REDIRECTS:
        response.close()
        raise Redirected
    return response
