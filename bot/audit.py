"""The audit trail: who did what, and who was denied it. Each entry is sealed to the one before."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum

from bot.people import CaseId, WorkspaceId

NOTHING = ""
"""What the first entry of a chain is sealed to."""


class Decision(StrEnum):
    DONE = "done"
    DENIED = "denied"


@dataclass(frozen=True, kw_only=True)
class Entry:
    at: datetime
    who: str | None  # a person, or "the command line"; nobody: time passed
    step: str
    case: CaseId | None = None
    decision: Decision = Decision.DONE
    before: str = ""  # the fields that it changed, in JSON; no text that a person wrote
    after: str = ""


@dataclass(frozen=True)
class Link:
    """An entry at its place in the chain of its workspace."""

    number: int
    entry: Entry
    seal: str


@dataclass(frozen=True)
class Break:
    """The first place at which a chain is not as it was written."""

    number: int
    words: str


def seal(workspace: WorkspaceId, number: int, entry: Entry, previous: str) -> str:
    """What proves that an entry stands where it was put, after all that stood before it."""
    told = {field.name: getattr(entry, field.name) for field in fields(entry)}
    told["at"] = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps([previous, workspace, number, told], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def first_break(
    workspace: WorkspaceId, links: Iterable[Link], head: tuple[int, str]
) -> Break | None:
    """Where a chain was edited, has a gap or was put in another order; None if it is whole."""
    number, last = 0, NOTHING
    for link in links:
        if link.number != number + 1:
            return Break(number + 1, "is missing")
        if link.seal != seal(workspace, link.number, link.entry, last):
            return Break(link.number, "is not as it was written")
        number, last = link.number, link.seal
    if (number, last) != head:
        return Break(number + 1, "is missing: the chain was longer")
    return None
