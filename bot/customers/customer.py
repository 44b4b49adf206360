"""A customer: what is known of them before somebody calls, and what they are called by."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from bot.text import one_line

KEY_LIMIT = 200
"""Characters: more than a name has, and few enough for an index on any database."""

LEGAL_FORMS = {
    "and", "aps", "company", "corp", "corporation", "gmbh", "group", "holding", "inc",
    "incorporated", "limited", "llc", "llp", "ltd", "ohg", "plc", "pte", "pty", "sarl", "sas",
    "spa", "srl", "the", "und",
}  # fmt: skip
"""Words that many names have, and that tell no customer from another."""

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff]")

CustomerFact: TypeAlias = str | date | None
CustomerFacts: TypeAlias = Mapping[str, CustomerFact]
"""By the name of the field. What is left out stays as it is."""


def key_of(name: str) -> str:
    """What every spelling of a name has in common: ``ACME  Inc `` and ``Acme Inc`` are one."""
    folded = unicodedata.normalize("NFKC", _UNSEEN.sub("", name)).casefold()
    return one_line(unicodedata.normalize("NFKC", folded))[:KEY_LIMIT].rstrip()


@dataclass(frozen=True)
class CustomerChange:
    """What a fact was, and what it became."""

    field: str
    before: CustomerFact
    after: CustomerFact


@dataclass(frozen=True, kw_only=True)
class Customer:
    """One customer of a workspace. Cases name them as people typed it, and meet by the key."""

    key: str
    name: str
    tier: str = ""
    value: str = ""  # as people say it: "48,000 € a year"
    renews_on: date | None = None
    contacts: str = ""
    preferences: str = ""
    notes: str = ""
    crm_link: str = ""

    def changed_by(self, facts: CustomerFacts) -> list[CustomerChange]:
        """Which of these facts are news."""
        known = {name: getattr(self, name) for name in facts}
        return [CustomerChange(it, known[it], new) for it, new in facts.items() if known[it] != new]
