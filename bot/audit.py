"""The audit trail: who did what and who was refused, as a chain of seals.

A seal covers the place of an entry, its public facts, the seal before it, and a commitment to its
payload: who acted and what changed. Payload and salt can be erased later; the commitment stays,
tells nothing without the salt, and keeps the chain verifiable.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum

from bot.keys import NO_KEYS, RootKey, RootKeys
from bot.messages import N_, Param, Sentence
from bot.people import CaseId, WorkspaceId

NOTHING = ""
"""The seal before the first entry of a chain."""


COMMAND_LINE = N_("the command line")
"""Who acts when an operator runs a command."""

ERASED = (None, "", "")
"""What is left of a payload that was erased."""

ANCHOR_DIGITS = 16
"""How much of a seal is enough to recognize it."""


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

    @property
    def payload(self) -> tuple[str | None, str, str]:
        """The part that can be erased."""
        return self.who, self.before, self.after


@dataclass(frozen=True)
class Link:
    """An entry with its position and seal in the chain of a workspace."""

    number: int
    entry: Entry
    seal: str
    key: str | None  # the id of the root key that sealed it; None: a plain hash
    commitment: str | None  # None: an earlier version sealed the payload itself
    salt: str | None  # of the commitment; None: the payload was erased


def commit(salt: str, entry: Entry) -> str:
    """Return a commitment to the payload: it can be checked only with the salt."""
    return hmac.new(salt.encode(), json.dumps(entry.payload).encode(), hashlib.sha256).hexdigest()


def seal(
    workspace: WorkspaceId,
    number: int,
    entry: Entry,
    commitment: str | None,
    previous: str,
    key: RootKey | None,
) -> str:
    """Return the seal of an entry: an HMAC under a key derived from ``key``, or a plain hash.

    Changing, removing or moving an entry breaks its own seal or the next one.
    """
    facts = {
        "at": _written(entry.at),
        "step": entry.step,
        "case": entry.case,
        "decision": entry.decision,
        "commitment": commitment,
        "key": key.id if key else None,
    }
    text = json.dumps([previous, workspace, number, facts], sort_keys=True).encode()
    if key is None:
        return hashlib.sha256(text).hexdigest()
    return hmac.new(key.derive("audit seal"), text, hashlib.sha256).hexdigest()


def first_seal(workspace: WorkspaceId, number: int, entry: Entry, previous: str) -> str:
    """Return the seal of an entry from before there were keys and commitments."""
    facts = {field.name: getattr(entry, field.name) for field in fields(entry)}
    facts["at"] = _written(entry.at)
    text = json.dumps([previous, workspace, number, facts], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def pseudonym(text: str, keys: RootKeys) -> str:
    """Return what the trail keeps of a word that a person typed.

    Under one root key, equal words have equal pseudonyms. Without a key it is only the length: a
    plain hash of a name is easily guessed.
    """
    if keys.newest is None:
        return f"{len(text)} characters"
    digest = hmac.digest(keys.newest.derive("audit pseudonym"), text.encode(), "sha256")
    return f"#{digest.hex()[:16]}"


@dataclass
class ChainCheck:
    """Verifies the chain of a workspace in batches, from the first entry to a known head.

    Stops at the first entry that cannot be verified; ``broken`` then says which, and why.
    ``anchor`` is a number and a seal, or its first digits, noted earlier outside the database.
    """

    workspace: WorkspaceId
    head: tuple[int, str]
    keys: RootKeys = NO_KEYS
    anchor: tuple[int, str] | None = None
    number: int = 0  # of the last verified entry
    last: str = NOTHING  # its seal
    keyed: int = 0  # verified entries that are sealed with a key
    erased: int = 0  # verified entries without their payload
    anchored: bool = False  # whether the entry of ``anchor`` was there
    broken: str = ""

    def along(self, links: Iterable[Link]) -> None:
        """Verify the next entries of the chain."""
        for link in links:
            self._verify(link)
            if self.broken:
                return
            self.number, self.last = link.number, link.seal
            self.keyed += link.key is not None
            self.erased += link.commitment is not None and link.salt is None
            if self.anchor is not None and link.number == self.anchor[0]:
                self.anchored = link.seal.startswith(self.anchor[1])

    def end(self) -> None:
        """Verify that the chain has not lost its newest entries or its keys."""
        if self.broken:
            return
        if self.number < self.head[0]:
            self._break(N_("entry {number} is missing: the chain was longer"), self.number + 1)
        elif self.number and self.keys.newest is not None and not self.keyed:
            self._break(
                N_(
                    "entry {number}, the newest, is not sealed with a key. If Baton has run with "
                    "its keys before, the whole chain was replaced"
                ),
                self.number,
            )

    def _verify(self, link: Link) -> None:
        if link.number != self.number + 1:
            self._break(N_("entry {number} is missing"), self.number + 1)
        elif link.key is None and self.keyed:
            self._break(
                N_(
                    "entry {number} is not sealed with a key, although earlier ones are. A process "
                    "without the keys wrote it, or it is forged"
                ),
                link.number,
            )
        elif link.key is not None and self.keys.find(link.key) is None:
            self._break(
                N_(
                    "entry {number} is sealed with the key {key}, which is missing here. Add it to "
                    "the keys, after the newest one"
                ),
                link.number,
                key=link.key,
            )
        elif not self._is_as_written(link):
            self._break(N_("entry {number} is not as it was written"), link.number)
        elif link.number == self.head[0] and link.seal != self.head[1]:
            self._break(N_("entry {number} was replaced by another one"), link.number)

    def _is_as_written(self, link: Link) -> bool:
        place = (self.workspace, link.number, link.entry)
        if link.key is None and link.commitment is None:
            return link.seal == first_seal(*place, self.last)
        key = None if link.key is None else self.keys.find(link.key)
        return _keeps_commitment(link) and hmac.compare_digest(
            link.seal.encode(), seal(*place, link.commitment, self.last, key).encode()
        )

    def _break(self, message: str, number: int, **params: Param) -> None:
        self.broken = str(Sentence.of(message, number=number, **params))


def _keeps_commitment(link: Link) -> bool:
    if link.salt is None:
        return link.entry.payload == ERASED
    return link.commitment == commit(link.salt, link.entry)


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
