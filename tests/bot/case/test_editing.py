"""Editing the facts of a case: concurrent edits are merged and the history keeps every value."""

from datetime import timedelta

import pytest

from bot.case import Case, Edit, Fact, Mood, Refusal, Source
from bot.case.event import EventKind
from bot.case.facts import FactChange
from bot.errors import AlreadyDeclined, NotAllowed
from bot.people import Person, Standing, UserId
from bot.sla import Metric
from tests.builders import ANA, LEO, MAYA, a_case, a_team
from tests.world import MONDAY_9AM, TEAM

SOON, LATER = MONDAY_9AM + timedelta(minutes=1), MONDAY_9AM + timedelta(minutes=2)


def an_edit(case: Case, *, base: int = 1, **facts: str) -> Edit:
    """Return the edit that a form would submit: every fact, with ``facts`` changed."""
    changed = {Fact(name): text for name, text in facts.items()}
    return Edit(facts=case.facts(after=base) | changed, base=base, reviewed=base)


def test_an_edit_changes_the_facts_and_the_history_keeps_the_old_values() -> None:
    case = a_case()
    edit = an_edit(case, customer="Acme Ltd", source="phone", mood="angry", churn_risk="yes")
    case.edit(edit, by=ANA, at=SOON)
    assert (case.customer, case.customer_key) == ("Acme Ltd", "acme ltd")
    assert (case.source, case.mood, case.churn_risk) == (Source.PHONE, Mood.ANGRY, True)
    assert case.history[-1].changes[0] == FactChange(Fact.CUSTOMER, "Acme", "Acme Ltd")
    case.edit(edit, by=ANA, at=LATER)
    assert [event.kind for event in case.history] == [EventKind.OPENED, EventKind.EDITED]


def test_two_concurrent_edits_of_different_facts_are_both_kept() -> None:
    case = a_case()
    first, second = an_edit(case, category="Billing"), an_edit(case, wish="A call")
    case.edit(first, by=MAYA, at=SOON)
    assert case.edited_since(second.reviewed) == [case.history[-1]]
    case.edit(second, by=LEO, at=LATER)
    assert (case.category, case.wish) == ("Billing", "A call")


def test_the_later_of_two_edits_to_the_same_fact_wins_and_the_history_shows_both() -> None:
    case = a_case()
    first, second = an_edit(case, category="Billing"), an_edit(case, category="Outage")
    case.edit(first, by=MAYA, at=SOON)
    case.edit(second, by=LEO, at=LATER)
    assert case.category == "Outage"
    assert case.history[-1].changes == (FactChange(Fact.CATEGORY, "Billing", "Outage"),)
    assert case.facts(after=1)[Fact.CATEGORY] == ""
    assert case.facts(after=2)[Fact.CATEGORY] == "Billing"


def test_a_new_category_can_change_the_policy_and_its_due_times() -> None:
    promises = TEAM.replace(
        '[[policies]]\nname = "Standard"',
        '[[policies]]\nname = "Bills"\nwhen = { category = ["billing"] }\ncalendar = "office"\n'
        "targets.high = {}\ntargets.normal = {}\ntargets.low = {}\n"
        'targets.urgent = { claim = "5m" }\n\n[[policies]]\nname = "Standard"',
    )
    case = a_case(team=a_team(promises))
    case.edit(an_edit(case, category="Billing"), by=ANA, at=SOON)
    claim = case.clock(Metric.CLAIM)
    assert claim is not None
    assert claim.due_at == MONDAY_9AM + timedelta(minutes=5)


def test_only_people_involved_edit_a_case_and_only_until_it_is_closed() -> None:
    case = a_case()
    colleague = Person(UserId("U0ELSE"), standing=Standing.MEMBER)
    with pytest.raises(NotAllowed):
        case.edit(an_edit(case, wish="A call"), by=colleague, at=SOON)
    case.decline(Refusal(why="The FAQ has it", next_step="Page 7"), by=MAYA, at=SOON)
    with pytest.raises(AlreadyDeclined):
        case.edit(an_edit(case, wish="A call"), by=ANA, at=LATER)
