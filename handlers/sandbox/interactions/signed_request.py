"""A request to the app over HTTP, signed as Slack signs it."""

import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp

RETRY_NUM, RETRY_REASON = "x-slack-retry-num", "x-slack-retry-reason"
FORM = "application/x-www-form-urlencoded"


def body_of(kind: str, payload: dict[str, Any]) -> tuple[bytes, str]:
    """What is sent, and its content type."""
    if kind == "slash_commands":
        return urlencode(payload).encode(), FORM
    if kind == "interactive":
        return urlencode({"payload": json.dumps(payload)}).encode(), FORM
    return json.dumps(payload).encode(), "application/json"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    signed = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256)
    return f"v0={signed.hexdigest()}"


def headers_of(
    secret: str, body: bytes, kind: str, retry: tuple[int, str] | None
) -> dict[str, str]:
    # Real time, whatever the sandbox's clock shows: the app compares it with its own.
    timestamp = str(int(time.time()))
    headers = {
        "content-type": kind,
        "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": signature(secret, timestamp, body),
    }
    if retry:
        headers |= {RETRY_NUM: str(retry[0]), RETRY_REASON: retry[1]}
    return headers


async def read_answer(response: aiohttp.ClientResponse) -> dict[str, Any]:
    """The body of an answer as the payload of an ack: JSON, or plain text to show."""
    text = (await response.read()).decode(errors="replace")
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        given = None
    if isinstance(given, dict):
        return given
    return {"text": text} if text.strip() else {}
