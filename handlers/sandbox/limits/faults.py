"""The problems of a payload, each with a JSON pointer, in Slack's wording."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Problems:
    """Slack's error messages for one payload, collected while it is checked."""

    found: list[str] = field(default_factory=list)

    def at(self, pointer: str, what: str) -> None:
        self.found.append(f"[ERROR] {what} [json-pointer:{pointer}]")

    def length(
        self,
        thing: dict[str, Any],
        name: str,
        maximum: int,
        pointer: str,
        *,
        required: bool = False,
    ) -> None:
        """Check that ``thing[name]`` is a string of 1 to ``maximum`` characters, or absent."""
        if name not in thing or thing[name] is None:
            if required:
                self.at(pointer, f"missing required field: {name}")
            return
        value = thing[name]
        if not isinstance(value, str):
            self.at(f"{pointer}/{name}", "must be a string")
        elif required and not value:
            self.at(f"{pointer}/{name}", "must be more than 0 characters")
        elif len(value) > maximum:
            self.at(f"{pointer}/{name}", f"must be less than {maximum + 1} characters")

    def items(
        self, thing: dict[str, Any], name: str, maximum: int, pointer: str, *, minimum: int = 1
    ) -> list[Any]:
        """Check that ``thing[name]`` is a list of ``minimum`` to ``maximum`` items.

        Returns the list, or an empty one if there is none to read further.
        """
        value = thing.get(name)
        if value is None:
            if minimum:
                self.at(pointer, f"missing required field: {name}")
            return []
        if not isinstance(value, list):
            self.at(f"{pointer}/{name}", "must be an array")
            return []
        if len(value) < minimum:
            self.at(f"{pointer}/{name}", f"must have at least {minimum} items")
        if len(value) > maximum:
            self.at(f"{pointer}/{name}", f"no more than {maximum} items allowed")
        return value

    def one_of(self, thing: dict[str, Any], name: str, words: Sequence[str], pointer: str) -> None:
        if name in thing and thing[name] not in words:
            self.at(f"{pointer}/{name}", f"must be one of: {', '.join(words)}")
