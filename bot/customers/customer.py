"""The known facts about a customer, and the key that matches spellings of their name."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from bot.text import one_line

KEY_LIMIT = 200
"""Characters: more than any name needs, and few enough for an index on both databases."""

LEGAL_FORMS = {
    "and", "aps", "company", "corp", "corporation", "gmbh", "group", "holding", "inc",
    "incorporated", "limited", "llc", "llp", "ltd", "ohg", "plc", "pte", "pty", "sarl", "sas",
    "spa", "srl", "the", "und",
}  # fmt: skip
"""Words that do not distinguish customers, because many names contain them."""

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff]")

CustomerFact: TypeAlias = str | date | None
CustomerFacts: TypeAlias = Mapping[str, CustomerFact]
"""Facts by field name. Fields that are missing stay unchanged."""


def key_of(name: str) -> str:
    """Return the same key for all spellings of a name, such as ``ACME  Inc `` and ``Acme Inc``."""
    # Case folding can undo NFKC, so the text is normalized again afterwards.
    folded = unicodedata.normalize("NFKC", _UNSEEN.sub("", name)).casefold()
    return one_line(unicodedata.normalize("NFKC", folded))[:KEY_LIMIT].rstrip()


@dataclass(frozen=True)
class CustomerChange:
    """A fact before and after a change."""

    field: str
    before: CustomerFact
    after: CustomerFact


@dataclass(frozen=True, kw_only=True)
class Customer:
    """A customer of a workspace. Cases store the name as typed and refer to it by the key."""

    key: str
    name: str
    tier: str = ""
    value: str = ""  # free text: "48,000 € a year"
    renews_on: date | None = None
    contacts: str = ""
    preferences: str = ""
    notes: str = ""
    crm_link: str = ""

    @property
    def public(self) -> "Customer":
        """The facts that every agent may see: the name and the tier."""
        return Customer(key=self.key, name=self.name, tier=self.tier)

    def changed_by(self, facts: CustomerFacts) -> list[CustomerChange]:
        """Return the facts that differ from the known ones."""
        known = {name: getattr(self, name) for name in facts}
        return [CustomerChange(it, known[it], new) for it, new in facts.items() if known[it] != new]
