"""Mistakes in a document, with their place and a suggested fix."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.messages import N_, Param, Sentence

Path = tuple[str | int, ...]

MOST_MISTAKES = 100  # to report at once

_BARE = re.compile(r"[A-Za-z0-9_-]{1,60}")


@dataclass(frozen=True)
class Mistake:
    """One mistake, for the author of the document: what is wrong and how to fix it."""

    line: int | None  # None if the document was not read from text
    path: str  # such as policies[0].targets.urgent.claim; empty for the document as a whole
    sentence: Sentence

    def __str__(self) -> str:
        line = None if self.line is None else f"line {self.line}"
        return ": ".join(part for part in (line, self.path, str(self.sentence)) if part)


class BadDocument(Exception):
    """A document that cannot be used, with all its mistakes in order."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = list(mistakes)

    @classmethod
    def of(cls, message: str, *, line: int | None = None, **params: Param) -> "BadDocument":
        """Return the error for one mistake that concerns the document as a whole."""
        return cls([Mistake(line, "", Sentence.of(message, **params))])


def listed(mistakes: Iterable[Mistake]) -> list[Mistake]:
    """Return the mistakes without duplicates, at most ``MOST_MISTAKES`` and a note on the rest."""
    distinct = list({str(mistake): mistake for mistake in mistakes}.values())
    if len(distinct) <= MOST_MISTAKES:
        return distinct
    rest = len(distinct) - MOST_MISTAKES
    note = Sentence.of(N_("more mistakes not shown: {count}; fix these first"), count=rest)
    return [*distinct[:MOST_MISTAKES], Mistake(None, "", note)]


def path_text(path: Path) -> str:
    """Return a path as text, such as ``policies[0].name``."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            shown = step if _BARE.fullmatch(step) else f'"{step[:60]}"'
            text += f".{shown}" if text else shown
    return text


def steps_in(value: Any, steps: Path) -> Path:
    """Return the steps that exist in the document.

    The locations of pydantic also contain steps of its own, such as the tags of unions.
    """
    path: Path = ()
    for step in steps:
        try:
            value = value[step]
        except (LookupError, TypeError):
            continue
        path = (*path, step)
    return path
