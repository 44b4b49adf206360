"""The app's Web API calls, in order, with their responses."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Call:
    """One Web API call and what the sandbox did with it."""

    method: str
    args: dict[str, Any]
    answer: dict[str, Any] | None  # None: a fault prevented its execution
    at: datetime
    fault: str | None = None

    @property
    def ok(self) -> bool:
        """Return whether the call succeeded, even if the app never received the response."""
        return bool(self.answer and self.answer["ok"])


class Calls(list[Call]):
    """All calls so far, oldest first."""

    def to(self, *methods: str) -> list[Call]:
        """Return the calls to the given methods."""
        return [call for call in self if call.method in methods]
