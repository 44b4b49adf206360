"""Socket Mode: send envelopes over the app's open sockets and receive acks."""

import asyncio
import json
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import HTMLResponse, RedirectResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from handlers.sandbox.faults import Faults
from handlers.sandbox.server import Connections
from handlers.sandbox.slack import Slack

MAX_SOCKETS = 10


class NoSocket(Exception):
    """The app has no socket open."""


class SocketClosed(Exception):
    """A socket closed before it acknowledged an envelope."""


@dataclass(eq=False)
class Socket:
    """One open WebSocket and the envelopes that wait for an ack on it."""

    websocket: WebSocket
    pending: dict[str, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    stalled: bool = False

    async def receive_acks(self) -> None:
        """Receive acks until the app closes the socket."""
        while True:
            try:
                ack = json.loads(await self.websocket.receive_text())
            except (ValueError, KeyError, RecursionError):  # not JSON, or a binary frame
                continue
            if isinstance(ack, dict) and (pending := self._pending_for(ack)):
                payload = ack.get("payload")
                pending.set_result(payload if isinstance(payload, dict) else {})

    def _pending_for(self, ack: dict[str, Any]) -> asyncio.Future[dict[str, Any]] | None:
        pending = self.pending.pop(str(ack.get("envelope_id")), None)
        return pending if pending and not pending.done() else None

    def fail_pending(self) -> None:
        for pending in self.pending.values():
            if not pending.done():
                pending.set_exception(SocketClosed())
        self.pending.clear()


class Sockets:
    """The app's open sockets. Envelopes go to them in turn."""

    def __init__(self, slack: Slack, faults: Faults, connections: Connections) -> None:
        self._slack, self._faults, self._connections = slack, faults, connections
        self._open: list[Socket] = []
        self._changed = asyncio.Event()

    @property
    def any(self) -> bool:
        return bool(self._open)

    async def connected(self, count: int = 1) -> None:
        """Wait until at least ``count`` sockets are open."""
        while len(self._open) < count:
            await self._changed.wait()

    async def serve(self, websocket: WebSocket) -> None:
        ticket = websocket.query_params.get("ticket", "")
        if ticket not in self._slack.tickets:
            await websocket.close(1008, "the ticket is unknown or was already used")
            return
        self._slack.tickets.remove(ticket)
        if fault := self._faults.take("handshake"):
            await self._refuse(websocket, fault.kind.removeprefix("handshake_"))
            return
        await websocket.accept()
        if len(self._open) >= MAX_SOCKETS:
            await send_disconnect(websocket, "too_many_websockets")
            await websocket.close(1000)
            return
        socket = Socket(websocket)
        self._open.append(socket)
        self._wake()
        try:
            await websocket.send_text(json.dumps(self._hello()))
            await socket.receive_acks()
        except WebSocketDisconnect:
            pass
        finally:
            self._close(socket)

    async def _refuse(self, websocket: WebSocket, how: str) -> None:
        """Answer a handshake with a status, or reset its connection."""
        if how == "reset":
            self._connections.reset(tuple(websocket.scope["client"]))
            return
        elsewhere = websocket.url.replace(scheme="http", path="/api/elsewhere")
        is_redirect = how.startswith("3")
        await websocket.send_denial_response(
            RedirectResponse(elsewhere, int(how)) if is_redirect else html_page(int(how))
        )

    async def deliver(
        self, kind: str, payload: dict[str, Any], retry: tuple[int, str] | None = None
    ) -> dict[str, Any]:
        """Send an envelope to one socket and return the payload of its ack.

        If the socket closes before the ack, the envelope goes to the next one.

        Raises:
            NoSocket: no socket is open.
        """
        envelope: dict[str, Any] = {
            "type": kind,
            "payload": payload,
            "envelope_id": str(uuid.uuid4()),
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            attempt, reason = retry or (0, "")
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        if fault := self._faults.take("socket"):
            await {"refresh": self.refresh, "reset": self.reset, "deaf": self.stall}[fault.kind]()
        if not self._open:
            raise NoSocket
        while True:
            await self.connected()
            with suppress(SocketClosed):
                return await self._send(self._next(), envelope)

    async def _send(self, socket: Socket, envelope: dict[str, Any]) -> dict[str, Any]:
        ack: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        socket.pending[envelope["envelope_id"]] = ack
        try:
            if not socket.stalled:
                await socket.websocket.send_text(json.dumps(envelope))
            return await ack
        except (WebSocketDisconnect, RuntimeError) as error:  # closed while sending
            self._close(socket)
            raise SocketClosed from error
        finally:
            socket.pending.pop(envelope["envelope_id"], None)

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Ask the app to reconnect every socket, as Slack does every few hours.

        The sockets get no new envelopes, but can still acknowledge old ones.
        """
        old, self._open = self._open, []
        for socket in old:
            await send_disconnect(socket.websocket, reason)

    async def drop(self) -> None:
        """Close every socket without a disconnect message."""
        for socket in list(self._open):
            self._close(socket)
            await socket.websocket.close(1011)

    async def reset(self) -> None:
        """Reset the TCP connection of every socket."""
        for socket in list(self._open):
            self._close(socket)
            self._connections.reset(tuple(socket.websocket.scope["client"]))

    async def stall(self) -> None:
        """Keep every socket open, but stop all traffic in both directions."""
        for socket in self._open:
            socket.stalled = True
            self._connections.stop_reading(tuple(socket.websocket.scope["client"]))

    def _next(self) -> Socket:
        self._open.append(self._open.pop(0))
        return self._open[-1]

    def _close(self, socket: Socket) -> None:
        if socket in self._open:
            self._open.remove(socket)
        socket.fail_pending()
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "debug_info": {"host": "sandbox", "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._slack.workspace.app.id},
        }


async def send_disconnect(websocket: WebSocket, reason: str) -> None:
    message = {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
    with suppress(WebSocketDisconnect, RuntimeError):  # already closed
        await websocket.send_text(json.dumps(message))


def html_page(status: int) -> HTMLResponse:
    """Return a page as a proxy or a sign-in service shows it instead of Slack's answer."""
    return HTMLResponse("<!doctype html><title>Please sign in</title>", status)
