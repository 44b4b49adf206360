"""Parsing of search text."""

from datetime import UTC, datetime

import pytest

from bot.business_time import time_zone
from bot.case import OVER, Status
from bot.lookup.search import CaseQuery, NotUnderstood, read_search
from bot.people import UserId

MAYA, BERLIN = UserId("U0MAYA"), time_zone("Europe/Berlin")


def read(text: str) -> CaseQuery:
    return read_search(text, by=MAYA, zone=BERLIN)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("acme invoice", CaseQuery(words=("acme", "invoice"))),
        ("owner:me", CaseQuery(owner=MAYA)),
        ("OWNER:<@U0BEN|ben> x", CaseQuery(owner=UserId("U0BEN"), words=("x",))),
        ('customer:"Acme Inc" down', CaseQuery(customer=("Acme", "Inc"), words=("down",))),
        ("state:open", CaseQuery(states=frozenset(Status) - OVER)),
        ("state:unclaimed", CaseQuery(states=frozenset({Status.OPEN}))),
        ("since:2026-03-30", CaseQuery(since=datetime(2026, 3, 29, 22, tzinfo=UTC))),
        ("until:2026-03-28", CaseQuery(before=datetime(2026, 3, 28, 23, tzinfo=UTC))),
        ("a'b\" OR NEAR(x*) -y ^z", CaseQuery(words=("a", "b", "OR", "NEAR", "x", "y", "z"))),
        ("https://a.example/x", CaseQuery(words=("https", "a", "example", "x"))),
        ("x" * 10_000, CaseQuery(words=("x" * 60,))),
    ],
)
def test_search_text_is_parsed_into_words_and_filters(text: str, wanted: CaseQuery) -> None:
    assert read(text) == wanted


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("*", "Type a word"),
        ("\u202e \u200b", "Type a word"),
        ("owner:@maya", "owner:me"),
        ("state:weird", "Use one of: open, unclaimed, claimed, waiting, resolved"),
        ("since:yesterday", "Write it like 2026-03-01"),
        ("until:9999-12-31", "Write it like"),
        ("since:$owner", "is not a date"),
    ],
)
def test_a_text_that_is_not_a_search_is_refused_with_an_example(text: str, hint: str) -> None:
    with pytest.raises(NotUnderstood, match=hint):
        read(text)
