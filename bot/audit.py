"""The audit trail: who did what and who was refused, as a chain of hashes."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum

from bot.messages import N_, Sentence
from bot.people import CaseId, WorkspaceId

NOTHING = ""
"""The seal before the first entry of a chain."""


COMMAND_LINE = N_("the command line")
"""Who acts when an operator runs a command."""


class Decision(StrEnum):
    DONE = "done"
    DENIED = "denied"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the trail. Seals include the field names: renaming one breaks old chains."""

    at: datetime
    who: str | None  # a user, or "the command line"; None: a job acted because time passed
    step: str
    case: CaseId | None = None
    decision: Decision = Decision.DONE
    before: str = ""  # changed fields as JSON, without any text written by people
    after: str = ""


@dataclass(frozen=True)
class Link:
    """An entry with its position and seal in the chain of a workspace."""

    number: int
    entry: Entry
    seal: str


def seal(workspace: WorkspaceId, number: int, entry: Entry, previous: str) -> str:
    """Return the hash of an entry, its position and the seal before it.

    Changing, removing or moving an entry breaks its own seal or the next one.
    """
    facts = {field.name: getattr(entry, field.name) for field in fields(entry)}
    facts["at"] = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps([previous, workspace, number, facts], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class ChainCheck:
    """Verifies the chain of a workspace in batches, from the first entry to a known head.

    Stops at the first entry that was edited, removed or moved; ``broken`` then says which.
    """

    workspace: WorkspaceId
    head: tuple[int, str]
    number: int = 0  # of the last verified entry
    last: str = NOTHING  # its seal
    broken: str = ""

    def along(self, links: Iterable[Link]) -> None:
        """Verify the next entries of the chain."""
        for link in links:
            if link.number != self.number + 1:
                self._break(N_("entry {number} is missing"), self.number + 1)
            elif link.seal != seal(self.workspace, link.number, link.entry, self.last):
                self._break(N_("entry {number} is not as it was written"), link.number)
            elif link.number == self.head[0] and link.seal != self.head[1]:
                self._break(N_("entry {number} was replaced by another one"), link.number)
            if self.broken:
                return
            self.number, self.last = link.number, link.seal

    def end(self) -> None:
        """Verify that the chain has not lost its newest entries."""
        if not self.broken and self.number < self.head[0]:
            self._break(N_("entry {number} is missing: the chain was longer"), self.number + 1)

    def _break(self, message: str, number: int) -> None:
        self.broken = str(Sentence.of(message, number=number))
