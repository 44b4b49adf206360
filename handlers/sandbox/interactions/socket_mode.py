"""Socket Mode: the sockets that an app has opened, envelopes out, acks back."""

import asyncio
import json
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from handlers.sandbox.faults import Faults
from handlers.sandbox.server import Connections
from handlers.sandbox.slack import Slack

MOST = 10


class NoSocket(Exception):
    """The app has no socket open."""


class Lost(Exception):
    """A socket closed before it acknowledged an envelope."""


@dataclass(eq=False)
class Socket:
    line: WebSocket
    waiting: dict[str, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    deaf: bool = False

    async def hear(self) -> None:
        """Take acks until the app closes its end."""
        while True:
            try:
                ack = json.loads(await self.line.receive_text())
            except (ValueError, KeyError, RecursionError):  # no JSON, or not even text
                continue
            if isinstance(ack, dict) and (waiting := self._waiting_for(ack)):
                payload = ack.get("payload")
                waiting.set_result(payload if isinstance(payload, dict) else {})

    def _waiting_for(self, ack: dict[str, Any]) -> asyncio.Future[dict[str, Any]] | None:
        waiting = self.waiting.pop(str(ack.get("envelope_id")), None)
        return waiting if waiting and not waiting.done() else None

    def lose(self) -> None:
        for waiting in self.waiting.values():
            if not waiting.done():
                waiting.set_exception(Lost())
        self.waiting.clear()


class Sockets:
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

    async def serve(self, line: WebSocket) -> None:
        ticket = line.query_params.get("ticket", "")
        if ticket not in self._slack.tickets:
            await line.close(1008, "the ticket is used, or was never given")
            return
        self._slack.tickets.remove(ticket)
        await line.accept()
        if len(self._open) >= MOST:
            await say_goodbye(line, "too_many_websockets")
            await line.close(1000)
            return
        socket = Socket(line)
        self._open.append(socket)
        self._wake()
        try:
            await line.send_text(json.dumps(self._hello()))
            await socket.hear()
        except WebSocketDisconnect:
            pass
        finally:
            self._close(socket)

    async def deliver(
        self, kind: str, payload: dict[str, Any], retry: tuple[int, str] | None = None
    ) -> dict[str, Any]:
        """Send to any one socket; to the next, if that one closes first; the payload of the ack.

        Raises:
            NoSocket: there is none to send it to.
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
            await {"refresh": self.refresh, "reset": self.reset, "deaf": self.deafen}[fault.kind]()
        if not self._open:
            raise NoSocket
        while True:
            await self.connected()
            with suppress(Lost):
                return await self._send(self._next(), envelope)

    async def _send(self, socket: Socket, envelope: dict[str, Any]) -> dict[str, Any]:
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        socket.waiting[envelope["envelope_id"]] = answer
        try:
            if not socket.deaf:
                await socket.line.send_text(json.dumps(envelope))
            return await answer
        except (WebSocketDisconnect, RuntimeError) as gone:  # closed while we were sending
            self._close(socket)
            raise Lost from gone
        finally:
            socket.waiting.pop(envelope["envelope_id"], None)

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Ask every socket to reconnect, as Slack does every few hours; each gets nothing more,
        but what it has can still be acknowledged until the app closes it.
        """
        leaving, self._open = self._open, []
        for socket in leaving:
            await say_goodbye(socket.line, reason)

    async def drop(self) -> None:
        """Close every socket without a word."""
        for socket in list(self._open):
            self._close(socket)
            await socket.line.close(1011)

    async def reset(self) -> None:
        """Break the connection under each socket."""
        for socket in list(self._open):
            self._close(socket)
            self._connections.cut(tuple(socket.line.scope["client"]))

    async def deafen(self) -> None:
        """Leave each socket open, and let nothing through: neither side hears the other."""
        for socket in self._open:
            socket.deaf = True
            self._connections.deafen(tuple(socket.line.scope["client"]))

    def _next(self) -> Socket:
        self._open.append(self._open.pop(0))
        return self._open[-1]

    def _close(self, socket: Socket) -> None:
        if socket in self._open:
            self._open.remove(socket)
        socket.lose()
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


async def say_goodbye(line: WebSocket, reason: str) -> None:
    goodbye = {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
    with suppress(WebSocketDisconnect, RuntimeError):  # it had gone by itself
        await line.send_text(json.dumps(goodbye))
