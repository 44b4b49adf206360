"""What is wrong in a team's document, where, and what would be right."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]{1,60}")


@dataclass(frozen=True)
class Mistake:
    """``words`` say what is wrong and what would be right, to whoever wrote the document."""

    line: int | None  # None: it did not come as text
    path: str  # policies[0].targets.urgent.claim; empty for the document as a whole
    words: str

    def __str__(self) -> str:
        line = None if self.line is None else f"line {self.line}"
        return ": ".join(part for part in (line, self.path, self.words) if part)


class BadDocument(Exception):
    """A team's document that cannot be used: every mistake in it, in order."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = list(mistakes)


def written(path: Path) -> str:
    """The path as people write it."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            shown = step if _BARE.fullmatch(step) else f'"{step[:60]}"'
            text += f".{shown}" if text else shown
    return text


def within(value: Any, steps: Path) -> Path:
    """The steps that are the document's own, without those that pydantic takes besides."""
    path: Path = ()
    for step in steps:
        try:
            value = value[step]
        except (LookupError, TypeError):
            continue
        path = (*path, step)
    return path
