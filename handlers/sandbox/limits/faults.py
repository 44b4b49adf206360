"""What is wrong with a payload, collected with a pointer to each place, as Slack lists it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Faults:
    found: list[str] = field(default_factory=list)

    def at(self, pointer: str, what: str) -> None:
        self.found.append(f"[ERROR] {what} [json-pointer:{pointer}]")

    def length(
        self, thing: dict[str, Any], name: str, most: int, pointer: str, *, needed: bool = False
    ) -> None:
        """``thing[name]`` is a string of 1 to ``most`` characters, or absent."""
        if name not in thing or thing[name] is None:
            if needed:
                self.at(pointer, f"missing required field: {name}")
            return
        value = thing[name]
        if not isinstance(value, str):
            self.at(f"{pointer}/{name}", "must be a string")
        elif needed and not value:
            self.at(f"{pointer}/{name}", "must be more than 0 characters")
        elif len(value) > most:
            self.at(f"{pointer}/{name}", f"must be less than {most + 1} characters")

    def items(
        self, thing: dict[str, Any], name: str, most: int, pointer: str, *, least: int = 1
    ) -> list[Any]:
        """``thing[name]`` as a list of ``least`` to ``most``, or an empty one and a fault."""
        value = thing.get(name)
        if value is None:
            if least:
                self.at(pointer, f"missing required field: {name}")
            return []
        if not isinstance(value, list):
            self.at(f"{pointer}/{name}", "must be an array")
            return []
        if len(value) < least:
            self.at(f"{pointer}/{name}", f"must have at least {least} items")
        if len(value) > most:
            self.at(f"{pointer}/{name}", f"no more than {most} items allowed")
        return value

    def one_of(self, thing: dict[str, Any], name: str, words: Sequence[str], pointer: str) -> None:
        if name in thing and thing[name] not in words:
            self.at(f"{pointer}/{name}", f"must be one of: {', '.join(words)}")
