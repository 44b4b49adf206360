"""Customer keys, changed facts, and the policy that a tier selects."""

from datetime import date

import pytest

from bot.case import Case
from bot.customers.customer import KEY_LIMIT, Customer, CustomerChange, key_of
from bot.people import CaseId
from tests.builders import ANA, a_new_case, a_team
from tests.world import MONDAY_9AM, TEAM

TIERED = TEAM.replace(
    "[[policies]]",
    """[[policies]]
name = "Enterprise"
when = { tier = ["enterprise"] }
calendar = "24x7"
targets.urgent = { claim = "5m" }
targets.high = {}
targets.normal = {}
targets.low = {}

[[policies]]""",
    1,
)


@pytest.mark.parametrize(
    "spelling", ["Acme Inc", "ACME  inc ", "\tacme\u00a0INC\n", "Ac\u200bme Inc", "\uff21cme Inc"]
)
def test_spellings_of_a_name_share_one_key(spelling: str) -> None:
    assert key_of(spelling) == "acme inc"


@pytest.mark.parametrize(("one", "other"), [("Acme", "Acme Inc"), ("Müller", "Muller"), ("A", "Ä")])
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert key_of(one) != key_of(other)


@pytest.mark.parametrize(
    "name", ["x" * 10_000, "\ufdfa" * 120, "ß" * 10_000, "ab " * 99, "*", "<@U0ANA>"]
)
def test_a_key_fits_the_index_and_does_not_change_when_computed_again(name: str) -> None:
    assert 0 < len(key_of(name)) <= KEY_LIMIT
    assert key_of(key_of(name)) == key_of(name)


def test_only_changed_facts_are_reported() -> None:
    acme = Customer(key="acme", name="Acme", tier="pro", notes="Call Jo first")
    changes = acme.changed_by({"tier": "enterprise", "renews_on": date(2026, 4, 1), "name": "Acme"})
    assert changes == [
        CustomerChange("tier", "pro", "enterprise"),
        CustomerChange("renews_on", None, date(2026, 4, 1)),
    ]
    assert acme.changed_by({"tier": "pro"}) == []


def opened(customer: Customer | None) -> Case:
    team = a_team(TIERED)
    return Case.open(a_new_case(), team, id_=CaseId(1), by=ANA, at=MONDAY_9AM, customer=customer)


def test_the_tier_selects_the_policy() -> None:
    assert opened(Customer(key="acme", name="Acme", tier="Enterprise")).policy.name == "Enterprise"
    assert opened(Customer(key="acme", name="Acme")).policy.name == "Standard"
    assert opened(None).policy.name == "Standard"


def test_a_case_keeps_the_tier_that_it_was_opened_with() -> None:
    case = opened(Customer(key="acme", name="Acme", tier="Enterprise"))
    assert case.opened_tier == "Enterprise"
    assert case.clock_inputs.policy_in(a_team(TIERED).document).name == "Enterprise"
