"""What stands before Bolt: a request is Slack's own and well-formed, or it goes no further."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qs

MOST_BYTES = 1 << 20
"""Slack's largest payload, a view, has 250 kB."""

WINDOW_SECONDS = 300


class Refused(Exception):
    """``status`` is the answer; the words are constant, for nothing forged is worth logging."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


def check(secret: str, headers: Mapping[str, str], body: bytes, *, at: datetime) -> None:
    """Let a request of Slack's pass. The signature is checked on the raw bytes.

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
    _check_form(headers.get("content-type", ""), body)


def _check_form(content_type: str, body: bytes) -> None:
    try:
        text = body.decode()
        if content_type.startswith("application/json"):
            payload = json.loads(text)
        else:
            fields = parse_qs(text, keep_blank_values=True, max_num_fields=100)
            payload = json.loads(fields["payload"][0]) if "payload" in fields else {}
    except (ValueError, RecursionError):
        raise Refused(400, "malformed") from None
    if not isinstance(payload, dict):
        raise Refused(400, "malformed")
