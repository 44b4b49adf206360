"""What stands before Bolt: a request is Slack's own and well-formed, or it goes no further."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

MOST_BYTES = 1 << 20
"""Slack's largest payload, a view, has 250 kB."""

WINDOW_SECONDS = 300

FORM = "application/x-www-form-urlencoded"
STAMP, SIGNATURE = "x-slack-request-timestamp", "x-slack-signature"


class Refused(Exception):
    """``status`` is the answer; the words are constant, for nothing forged is worth logging."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


def check(
    secrets: Sequence[str], headers: Mapping[str, str], body: bytes, *, at: datetime
) -> dict[str, Any]:
    """What Slack asks, if it is Slack that asks. The signature is checked on the raw bytes.

    ``secrets`` are the one that Slack signs with, and, while that is changed, the one before.

    Raises:
        Refused: 401 for a signature that is not Slack's, or a time more than five minutes
            off; 400 for a body that is not what Slack sends.

    https://docs.slack.dev/authentication/verifying-requests-from-slack
    """
    stamp = headers.get(STAMP, "")
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12):
        raise Refused(401, "no timestamp")
    if abs(at.timestamp() - int(stamp)) > WINDOW_SECONDS:
        raise Refused(401, "stale")
    signed = b"v0:" + stamp.encode() + b":" + body
    theirs = headers.get(SIGNATURE, "").encode("utf-8", "surrogateescape")
    found = [_is_signed(secret, signed, theirs) for secret in secrets]  # each, in constant time
    if not any(found):
        raise Refused(401, "bad signature")
    return _read(headers.get("content-type", ""), body)


def nonce_of(headers: Mapping[str, str]) -> str:
    """What tells this request from every other, once its signature was checked."""
    return hashlib.sha256(headers[SIGNATURE].encode()).hexdigest()


def checks_certificate(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether Slack only looks at our certificate. It may not sign that, and nothing follows."""
    return headers.get("content-type", "").startswith(FORM) and b"ssl_check=1" in body.split(b"&")


def _is_signed(secret: str, signed: bytes, theirs: bytes) -> bool:
    ours = hmac.new(secret.encode(), signed, hashlib.sha256)
    return hmac.compare_digest(f"v0={ours.hexdigest()}".encode(), theirs)


def _read(content_type: str, body: bytes) -> dict[str, Any]:
    try:
        payload = _parse(content_type, body.decode())
    except (ValueError, RecursionError):
        raise Refused(400, "malformed") from None
    if not isinstance(payload, dict):
        raise Refused(400, "malformed")
    return payload


def _parse(content_type: str, text: str) -> Any:
    kind = content_type.partition(";")[0]
    if kind == "application/json":
        return json.loads(text)
    if kind == FORM:
        fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=100))
        return json.loads(fields["payload"]) if "payload" in fields else fields
    raise ValueError("neither of the two that Slack sends")
