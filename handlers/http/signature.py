"""Signature checks and parsing of Slack's requests, before Bolt sees them."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

MOST_BYTES = 1 << 20
"""1 MiB. The largest payload that Slack sends is a view of 250 kB."""

WINDOW_SECONDS = 300

FORM = "application/x-www-form-urlencoded"
STAMP, SIGNATURE = "x-slack-request-timestamp", "x-slack-signature"


class Refused(Exception):
    """A rejected request with its HTTP status.

    The reason is a constant: nothing from a forged request may reach the log.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def check(
    secrets: Sequence[str], headers: Mapping[str, str], body: bytes, *, at: datetime
) -> dict[str, Any]:
    """Verify that Slack sent the request and return its parsed payload.

    The signature covers the raw bytes. ``secrets`` holds the signing secret and, during a
    rotation, the previous one.

    Raises:
        Refused: 401 for an invalid signature or a timestamp more than five minutes off; 400 for
            a body that Slack would not send.

    https://docs.slack.dev/authentication/verifying-requests-from-slack
    """
    stamp = headers.get(STAMP, "")
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12):
        raise Refused(401, "invalid timestamp")
    if abs(at.timestamp() - int(stamp)) > WINDOW_SECONDS:
        raise Refused(401, "timestamp too far off")
    signed = b"v0:" + stamp.encode() + b":" + body
    given = headers.get(SIGNATURE, "").encode("utf-8", "surrogateescape")
    # Every secret is tried, so that timing does not reveal which one matched.
    found = [_is_signed(secret, signed, given) for secret in secrets]
    if not any(found):
        raise Refused(401, "bad signature")
    return _read(headers.get("content-type", ""), body)


def nonce_of(headers: Mapping[str, str]) -> str:
    """Return an id of the signed request. Only meaningful after ``check``."""
    return hashlib.sha256(headers[SIGNATURE].encode()).hexdigest()


def is_ssl_check(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether Slack is only checking our certificate. Such a request may be unsigned."""
    return headers.get("content-type", "").startswith(FORM) and b"ssl_check=1" in body.split(b"&")


def _is_signed(secret: str, signed: bytes, given: bytes) -> bool:
    expected = hmac.new(secret.encode(), signed, hashlib.sha256)
    return hmac.compare_digest(f"v0={expected.hexdigest()}".encode(), given)


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
    raise ValueError("unexpected content type")
