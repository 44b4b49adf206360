"""This machine only: a socket that nobody else reaches, and a guard at the door."""

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
    """A listening socket on the loopback address; port 0 takes any that is free."""
    # Named as TCP, or asyncio does not switch Nagle's delay off, and every answer takes 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((ADDRESS, port))
    except OSError:
        listening.close()
        raise
    return listening


class ThisMachineOnly:
    """Refuses a page of another site that was led here, by the names that it uses."""

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
    return name_in(f"//{headers.get('host', '')}") in NAMES and (
        origin is None or name_in(origin) in NAMES
    )


def name_in(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
