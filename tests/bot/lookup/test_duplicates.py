"""Duplicate detection, tuned on hand-labelled pairs of summaries."""

import pytest

from bot.customers.customer import key_of
from bot.lookup.duplicates import OFFERED, DuplicateCandidate, likely
from bot.people import CaseId
from tests.builders import a_new_case

LOGIN_DOWN = "Nobody can log in"
SAME = (
    (LOGIN_DOWN, "Login is broken for everyone"),
    ("Nobody can log in since this morning", LOGIN_DOWN),
    ("Card payments declined in all branches", "Payments by card are declined in every branch"),
    ("Charged twice for October", "They were charged two times in October, second invoice"),
    ("The import dropped 1,200 orders since the weekend", "Import has lost orders, about 1200"),
    ("Export file is empty", "CSV export is empty"),
    ("API returns 500 on every call to /orders", "500 errors from the orders API"),
    ("Refund for invoice 4711 is missing", "Still waiting for the refund of invoice 4711"),
    ("Webhook deliveries delayed by hours", "Webhooks arrive hours late"),
    ("Threatens to cancel over slow support", "Threatens to cancel, support is too slow"),
    ("Password reset mails do not arrive", "No password reset mail arrives"),
    ("Dashboard shows wrong revenue figures", "Revenue on the dashboard is wrong"),
    ("App crashes when opening settings on iOS", "iOS app crashes in settings"),
    ("SSO with Azure fails after certificate change", "Azure SSO broken since certificate change"),
    ("Delivery 8812 arrived damaged", "Damaged delivery 8812, wants replacement"),
    ("Die Rechnung für März ist falsch", "Rechnung März falsch, zu hoher Betrag"),
)
DIFFERENT = (
    (LOGIN_DOWN, "Export file is empty"),
    (LOGIN_DOWN, "Charged twice for October"),
    ("Card payments declined in all branches", "Needs a new card reader for one branch"),
    ("Charged twice for October", "Discount for October is missing"),
    ("Refund for invoice 4711 is missing", "Invoice 4982 has the wrong address"),
    ("The import dropped 1,200 orders", "Import of customers asks for a new column"),
    ("API returns 500 on every call", "API key was leaked, needs to be rotated"),
    ("Webhook deliveries delayed", "Wants a webhook for refunds"),
    ("Threatens to cancel over slow support", "Cancel the trial account as agreed"),
    ("Password reset mails do not arrive", "Wants the mails in French"),
    ("Dashboard shows wrong revenue", "Dashboard loads very slowly"),
    ("App crashes on iOS", "App asks to be rated again and again"),
    ("SSO with Azure fails", "Wants SSO with Okta next quarter"),
    ("Delivery 8812 arrived damaged", "Delivery 9001 is late"),
    ("Die Rechnung für März ist falsch", "Die Lieferung im März kam zu spät"),
    ("Contract renewal: wants 20% off", "Contract ended, data must be deleted"),
    ("They want to speak to a manager", "They want to speak about the new prices"),
)


def is_duplicate(new: str, existing: str, customer: str = "Acme", **facts: object) -> bool:
    candidate = DuplicateCandidate(
        CaseId(1), key_of(customer), existing, str(facts.get("ticket_link", ""))
    )
    return likely(a_new_case(summary=new, **facts), [candidate]) == [1]


def test_nine_in_ten_suggested_duplicates_are_right_and_few_are_missed() -> None:
    """Keep the threshold of 62, the best on these pairs.

    At 62 precision is 0.93 and recall 0.88; at 61, 0.83 and 0.94; at 64, 0.92 and 0.75.
    """
    hits = sum(is_duplicate(*pair) for pair in SAME)
    false_alarms = sum(is_duplicate(*pair) for pair in DIFFERENT)
    assert hits / (hits + false_alarms) >= 0.9
    assert hits / len(SAME) >= 0.85


@pytest.mark.parametrize(
    ("customer", "duplicate"),
    [
        ("ACME", True),
        ("Acme Inc", True),
        ("Acme Incorporated (Berlin)", True),
        ("Acne", False),
        ("Beta", False),
        ("", False),
        ("*", False),
    ],
)
def test_only_a_case_of_the_same_customer_is_a_duplicate(customer: str, duplicate: bool) -> None:
    assert is_duplicate(LOGIN_DOWN, LOGIN_DOWN, customer) is duplicate


def test_a_case_with_the_same_ticket_link_is_a_duplicate() -> None:
    ticket = "https://desk.example/1"
    assert is_duplicate(LOGIN_DOWN, "Charged twice", ticket_link=ticket)
    assert not is_duplicate(LOGIN_DOWN, "Charged twice")


def test_the_three_most_similar_cases_come_first() -> None:
    summaries = [f"{LOGIN_DOWN} at all", *[LOGIN_DOWN] * 5, "Export is empty"]
    candidates = [
        DuplicateCandidate(CaseId(n), "acme", it, "") for n, it in enumerate(summaries, start=1)
    ]
    assert likely(a_new_case(summary=LOGIN_DOWN), candidates) == [6, 5, 4]
    assert OFFERED == 3


@pytest.mark.parametrize("text", ["\u202e", "x" * 100_000, "*", "👩‍🚒" * 3000, "%$!"])
def test_unusual_summaries_are_compared_without_errors(text: str) -> None:
    assert is_duplicate(text, text) in (True, False)
