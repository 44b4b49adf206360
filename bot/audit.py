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


def seal(workspace: WorkspaceId, number: int, entry: Entry, previous: str) -> str:
    """What proves that an entry stands where it was put, after all that stood before it."""
    told = {field.name: getattr(entry, field.name) for field in fields(entry)}
    told["at"] = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps([previous, workspace, number, told], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Walk:
    """Along a chain, from its beginning, some links at a time, to the head that it had then.

    It ends at the first link that was edited, left out or put elsewhere: ``broken`` says so.
    """

    workspace: WorkspaceId
    head: tuple[int, str]
    number: int = 0
    last: str = NOTHING
    broken: str = ""

    def along(self, links: Iterable[Link]) -> None:
        for link in links:
            if link.number != self.number + 1:
                self.broken = f"entry {self.number + 1} is missing"
            elif link.seal != seal(self.workspace, link.number, link.entry, self.last):
                self.broken = f"entry {link.number} is not as it was written"
            elif link.number == self.head[0] and link.seal != self.head[1]:
                self.broken = f"entry {link.number} is not the one that was written there"
            if self.broken:
                return
            self.number, self.last = link.number, link.seal

    def end(self) -> None:
        if not self.broken and self.number < self.head[0]:
            self.broken = f"entry {self.number + 1} is missing: the chain was longer"
