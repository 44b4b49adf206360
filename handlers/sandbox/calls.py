"""Every call of the app to the Web API, in order, with its answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Call:
    method: str
    args: dict[str, Any]
    answer: dict[str, Any] | None  # None: a fault kept it from being carried out
    at: datetime
    fault: str | None = None

    @property
    def ok(self) -> bool:
        """It was carried out; whether the app heard of that is another matter."""
        return bool(self.answer and self.answer["ok"])


class Calls(list[Call]):
    def to(self, *methods: str) -> list[Call]:
        return [call for call in self if call.method in methods]
