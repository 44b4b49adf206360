"""Faults that the next calls are to meet, so that a test can see what becomes of them."""

from collections import defaultdict, deque
from dataclasses import dataclass

KINDS = {"ratelimited", "server_error", "server_error_after", "reset_before", "reset_after"}


@dataclass(frozen=True)
class Fault:
    kind: str
    retry_after: int = 1

    @property
    def after(self) -> bool:
        """The call is carried out, and only its answer is lost."""
        return self.kind.endswith("_after")

    @property
    def resets(self) -> bool:
        return self.kind.startswith("reset")

    @property
    def error(self) -> str | None:
        return self.kind.removeprefix("error:") if self.kind.startswith("error:") else None


class Faults:
    def __init__(self) -> None:
        self._waiting: dict[str, deque[Fault]] = defaultdict(deque)

    def next(self, method: str, kind: str, times: int = 1, *, retry_after: int = 1) -> None:
        """The next ``times`` calls of ``method`` ("*": of any) meet a fault.

        ``kind``: ratelimited, server_error, server_error_after, reset_before, reset_after,
        or ``error:`` and any error of Slack's.
        """
        if kind not in KINDS and not kind.startswith("error:"):
            raise ValueError(f"no such fault: {kind}")
        self._waiting[method].extend([Fault(kind, retry_after)] * times)

    def take(self, method: str) -> Fault | None:
        for name in (method, "*"):
            if waiting := self._waiting[name]:
                return waiting.popleft()
        return None

    def clear(self) -> None:
        self._waiting.clear()
