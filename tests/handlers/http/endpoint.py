"""A client of Baton's HTTP endpoint, with or without Slack's signature."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from handlers.sandbox.interactions.signed_request import body_of, headers_of
from tests.world import World

RECORDED = {it.stem: it for it in (Path(__file__).parents[2] / "payloads").glob("*.json")}
"""Recorded requests, by name."""

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass(frozen=True)
class Answer:
    status: int
    text: str


@dataclass(frozen=True)
class Endpoint:
    world: World
    session: ClientSession

    @property
    def url(self) -> str:
        return f"{self.world.baton.url}/slack/events"

    async def receives(
        self, body: bytes, headers: dict[str, str], *, chunked: bool = False, method: str = "POST"
    ) -> Answer:
        sent = in_chunks(body) if chunked else BytesIO(body)
        async with self.session.request(method, self.url, data=sent, headers=headers) as response:
            return Answer(response.status, await response.text())

    async def receives_signed(self, body: bytes, content_type: str = FORM) -> Answer:
        """Send any body with a valid signature."""
        return await self.receives(body, self.signed(body, content_type))

    async def receives_request(self, kind: str, payload: dict[str, Any]) -> Answer:
        """Send a payload the way Slack sends it."""
        return await self.receives_signed(*self.body(kind, payload))

    def body(self, kind: str, payload: dict[str, Any]) -> tuple[bytes, str]:
        """Return the encoded body, with its values signed by Baton, and the content type."""
        return body_of(kind, self.world.baton.signer.sign_all(payload))

    def signed(self, body: bytes, content_type: str = FORM) -> dict[str, str]:
        return headers_of(self.world.slack.signing_secret, body, content_type, None)

    async def reads_bytes(self, raw: bytes) -> bytes:
        """Send raw bytes and return the first line of the response."""
        host, port = self.url.split("/")[2].split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(raw)
        answer = await reader.readline()
        writer.close()
        await writer.wait_closed()
        return answer


async def in_chunks(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 65_536):
        yield body[start : start + 65_536]


def recorded(name: str) -> tuple[str, dict[str, Any]]:
    """Return the kind and the payload of a recorded request."""
    request = json.loads(RECORDED[name].read_text(encoding="utf-8"))
    return request["kind"], request["payload"]


def now() -> str:
    return str(int(time.time()))


def tracebacks(log: pytest.LogCaptureFixture) -> list[str]:
    """Return log records that would alarm an operator: errors and tracebacks."""
    return [it.getMessage() for it in log.records if it.exc_info or it.levelno >= logging.ERROR]
