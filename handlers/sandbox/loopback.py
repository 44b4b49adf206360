"""Keep the sandbox on this machine: a loopback socket and a check of Host and Origin."""

import socket
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

ADDRESS = "127.0.0.1"
NAMES = {ADDRESS, "localhost"}
REFUSAL = "The sandbox serves this machine only: use http://127.0.0.1.\n"


def listen(port: int) -> socket.socket:
    """Return a listening socket on the loopback address. Port 0 picks a free port."""
    # asyncio sets TCP_NODELAY only if the protocol is IPPROTO_TCP. Otherwise Nagle's algorithm
    # delays each response by 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((ADDRESS, port))
    except OSError:
        listening.close()
        raise
    return listening


class ThisMachineOnly:
    """Middleware that refuses requests with a foreign Host or Origin.

    It protects against DNS rebinding, where another site's page resolves to this address.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"} or is_local(Headers(scope=scope)):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse(REFUSAL, status_code=403)(scope, receive, send)
        else:
            await WebSocketClose(1008, REFUSAL.strip())(scope, receive, send)


def is_local(headers: Headers) -> bool:
    origin = headers.get("origin")
    return hostname(f"//{headers.get('host', '')}") in NAMES and (
        origin is None or hostname(origin) in NAMES
    )


def hostname(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
