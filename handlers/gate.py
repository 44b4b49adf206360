"""What stands before Bolt: a request is Slack's own and well-formed, or it goes no further."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

MOST_BYTES = 1 << 20
"""Slack's largest payload, a view, has 250 kB."""

WINDOW_SECONDS = 300


class Refused(Exception):
    """``status`` is the answer; the words are constant, for nothing forged is worth logging."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


def check(secret: str, headers: Mapping[str, str], body: bytes, *, at: datetime) -> dict[str, Any]:
    """What Slack asks, if it is Slack that asks. The signature is checked on the raw bytes.

    Raises:
        Refused: 401 for a signature that is not Slack's, or a time more than five minutes
            off; 400 for a body that is not what Slack sends.

    https://docs.slack.dev/authentication/verifying-requests-from-slack
    """
    stamp = headers.get("x-slack-request-timestamp", "")
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12):
        raise Refused(401, "no timestamp")
    if abs(at.timestamp() - int(stamp)) > WINDOW_SECONDS:
        raise Refused(401, "stale")
    ours = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
    theirs = headers.get("x-slack-signature", "").encode("utf-8", "surrogateescape")
    if not hmac.compare_digest(f"v0={ours.hexdigest()}".encode(), theirs):
        raise Refused(401, "bad signature")
    return _read(headers.get("content-type", ""), body)


def _read(content_type: str, body: bytes) -> dict[str, Any]:
    try:
        payload = _parse(content_type, body.decode())
    except (ValueError, RecursionError):
        raise Refused(400, "malformed") from None
    if not isinstance(payload, dict):
        raise Refused(400, "malformed")
    return payload


def _parse(content_type: str, text: str) -> Any:
    match content_type.partition(";")[0]:
        case "application/json":
            return json.loads(text)
        case "application/x-www-form-urlencoded":
            fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=100))
            return json.loads(fields["payload"]) if "payload" in fields else fields
    raise ValueError("neither of the two that Slack sends")
