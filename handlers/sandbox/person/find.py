"""Finding a button, a menu or a field by what a person reads on it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from handlers.sandbox.workspace.field_state import FIELDS, elements

BARE = re.compile(r"[\W_]+")


class NoSuchElement(AssertionError):
    """There is nothing of that name to press or fill; its words say what there is."""

    def __init__(self, wanted: str, there: list[str]) -> None:
        listed = ", ".join(repr(one) for one in there) or "nothing"
        super().__init__(f"no {wanted!r} here; there is {listed}")


@dataclass(frozen=True)
class Element:
    """An interactive element, and the option of it that was named, if one was."""

    block: dict[str, Any]
    spec: dict[str, Any]
    option: dict[str, Any] | None = None

    @property
    def names(self) -> list[str]:
        """What it can be asked for by: its label first."""
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
    """The buttons, and the options of overflow menus."""
    found = []
    for block in blocks:
        for spec in elements(block):
            if spec["type"] == "overflow":
                found += [Element(block, spec, option) for option in spec["options"]]
            elif spec["type"] not in FIELDS and spec["type"] != "image":
                found.append(Element(block, spec))
    return found


def fillable(blocks: list[dict[str, Any]]) -> list[Element]:
    """The fields and menus, wherever they stand."""
    return [
        Element(block, spec)
        for block in blocks
        for spec in elements(block)
        if spec["type"] in FIELDS
    ]


def pick(among: list[Element], wanted: str, which: int = 0) -> Element:
    """The one so named, exactly or else but for case and punctuation."""
    exact = [one for one in among if wanted in one.names]
    alike = [one for one in among if bare(wanted) in map(bare, one.names)]
    found = exact or alike
    if which >= len(found):
        raise NoSuchElement(wanted, [one.names[0] for one in among])
    return found[which]


def bare(name: str) -> str:
    return BARE.sub("", name).casefold() or name
