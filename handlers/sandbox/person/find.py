"""Find buttons, menus and fields by their visible text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from handlers.sandbox.workspace.field_state import FIELDS, elements

NOT_WORD = re.compile(r"[\W_]+")


class NoSuchElement(AssertionError):
    """No element of that name exists; the message lists those that do."""

    def __init__(self, name: str, present: list[str]) -> None:
        listed = ", ".join(repr(name) for name in present) or "nothing"
        super().__init__(f"no {name!r} here; found: {listed}")


@dataclass(frozen=True)
class Element:
    """An interactive element with its block, and one of its options where that is meant."""

    block: dict[str, Any]
    spec: dict[str, Any]
    option: dict[str, Any] | None = None

    @property
    def names(self) -> list[str]:
        """The names to find it by, its label first."""
        return [name for name in self._names() if name]

    def _names(self) -> Iterator[str]:
        if self.option:
            yield text_of(self.option, "text")
            yield str(self.option.get("value", ""))
            return
        yield text_of(self.block, "label")
        yield text_of(self.spec, "text")
        yield str(self.spec.get("accessibility_label") or "")
        yield text_of(self.spec, "placeholder")
        yield str(self.spec.get("action_id", ""))


def text_of(thing: dict[str, Any], name: str) -> str:
    text = thing.get(name)
    return str(text["text"]) if isinstance(text, dict) else ""


def pressable(blocks: list[dict[str, Any]]) -> list[Element]:
    """Return the buttons and the options of overflow menus."""
    found = []
    for block in blocks:
        for spec in elements(block):
            if spec["type"] == "overflow":
                found += [Element(block, spec, option) for option in spec["options"]]
            elif spec["type"] not in FIELDS and spec["type"] != "image":
                found.append(Element(block, spec))
    return found


def fillable(blocks: list[dict[str, Any]]) -> list[Element]:
    """Return the input fields and select menus."""
    return [
        Element(block, spec)
        for block in blocks
        for spec in elements(block)
        if spec["type"] in FIELDS
    ]


def pick(candidates: list[Element], name: str, which: int = 0) -> Element:
    """Return the element with this name, ignoring case and punctuation if none matches exactly.

    Raises:
        NoSuchElement: none matches, or fewer than ``which`` + 1 do.
    """
    exact = [element for element in candidates if name in element.names]
    similar = [
        element for element in candidates if normalized(name) in map(normalized, element.names)
    ]
    found = exact or similar
    if which >= len(found):
        raise NoSuchElement(name, [element.names[0] for element in candidates])
    return found[which]


def normalized(name: str) -> str:
    return NOT_WORD.sub("", name).casefold() or name
