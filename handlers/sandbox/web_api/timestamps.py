"""Validate message timestamps and filter messages between two of them."""

import re
from collections.abc import Iterable

from handlers.sandbox.errors import SlackError
from handlers.sandbox.web_api.arguments import Arguments
from handlers.sandbox.workspace.message import Message

SHAPE = re.compile(r"\d{1,12}(\.\d{1,6})?", re.ASCII)


def is_timestamp(ts: str) -> bool:
    return SHAPE.fullmatch(ts) is not None


def as_number(ts: str) -> int:
    """Return the microseconds; a float would lose digits."""
    seconds, _, fraction = ts.partition(".")
    return int(seconds) * 1_000_000 + int(f"{fraction:0<6}")


def between(messages: Iterable[Message], args: Arguments) -> list[Message]:
    """Return the messages between ``oldest`` and ``latest``, both included if ``inclusive``."""
    oldest = bound(args.text("oldest") or "0", "invalid_ts_oldest")
    latest = bound(args.text("latest") or "999999999999", "invalid_ts_latest")
    if not args.flag("inclusive"):
        oldest, latest = oldest + 1, latest - 1
    if not args.text("oldest"):
        oldest = 0
    return [message for message in messages if oldest <= as_number(message.ts) <= latest]


def bound(ts: str, error: str) -> int:
    if not is_timestamp(ts):
        raise SlackError(error)
    return as_number(ts)
