"""Unique ids, timestamps and secrets."""

import secrets
from datetime import datetime
from itertools import count

from handlers.sandbox.clock import Clock

DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Mint:
    """Generates values that never repeat within one workspace."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0
        self._counted = count(1)

    def ts(self) -> str:
        """Return a message timestamp, greater than any before it even if the clock stands still."""
        self._last = max(microseconds(self._clock()), self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def id(self, prefix: str) -> str:
        number, text = next(self._counted), ""
        while number:
            number, digit = divmod(number, len(DIGITS))
            text = DIGITS[digit] + text
        return f"{prefix}0{text:0>9}"

    def block_id(self) -> str:
        return secrets.token_urlsafe(4)

    def hash(self) -> str:
        return f"{int(self._clock().timestamp())}.{secrets.token_hex(4)}"

    def trigger_id(self) -> str:
        return f"{next(self._counted)}.{microseconds(self._clock())}.{secrets.token_hex(16)}"


def microseconds(at: datetime) -> int:
    return int(at.timestamp()) * 1_000_000 + at.microsecond
