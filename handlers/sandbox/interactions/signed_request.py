"""HTTP requests to the app, signed as Slack signs them."""

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
    """Return the request body and its content type."""
    if kind == "slash_commands":
        return urlencode(payload).encode(), FORM
    if kind == "interactive":
        return urlencode({"payload": json.dumps(payload)}).encode(), FORM
    return json.dumps(payload).encode(), "application/json"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256)
    return f"v0={digest.hexdigest()}"


def headers_of(
    secret: str, body: bytes, kind: str, retry: tuple[int, str] | None
) -> dict[str, str]:
    # Real time, not the sandbox's clock: the app compares it with the system clock.
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


async def read_response(response: aiohttp.ClientResponse) -> dict[str, Any]:
    """Return the response body as an ack payload; plain text becomes ``{"text": …}``."""
    text = (await response.read()).decode(errors="replace")
    try:
        payload = json.loads(text)
    except (ValueError, RecursionError):
        payload = None
    if isinstance(payload, dict):
        return payload
    return {"text": text} if text.strip() else {}
