"""What a case says is corrected, and nothing that anybody wrote is lost."""

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


def edited(case: Case, *, base: int = 1, **facts: str) -> Edit:
    """As a form would send it: every fact, with those changed."""
    changed = {Fact(name): text for name, text in facts.items()}
    return Edit(facts=case.facts(after=base) | changed, base=base, reviewed=base)


def test_an_edit_changes_what_a_case_says_and_history_keeps_what_it_was() -> None:
    case = a_case()
    wanted = edited(case, customer="Acme Ltd", source="phone", mood="angry", churn_risk="yes")
    case.edit(wanted, by=ANA, at=SOON)
    assert (case.customer, case.customer_key) == ("Acme Ltd", "acme ltd")
    assert (case.source, case.mood, case.churn_risk) == (Source.PHONE, Mood.ANGRY, True)
    assert case.history[-1].changes[0] == FactChange(Fact.CUSTOMER, "Acme", "Acme Ltd")
    case.edit(wanted, by=ANA, at=LATER)
    assert [event.kind for event in case.history] == [EventKind.OPENED, EventKind.EDITED]


def test_of_two_at_once_each_keeps_what_only_they_touched() -> None:
    case = a_case()
    first, second = edited(case, category="Billing"), edited(case, wish="A call")
    case.edit(first, by=MAYA, at=SOON)
    assert case.edited_since(second.reviewed) == [case.history[-1]]
    case.edit(second, by=LEO, at=LATER)
    assert (case.category, case.wish) == ("Billing", "A call")


def test_of_two_who_change_the_same_the_later_counts_and_both_are_in_the_history() -> None:
    case = a_case()
    first, second = edited(case, category="Billing"), edited(case, category="Outage")
    case.edit(first, by=MAYA, at=SOON)
    case.edit(second, by=LEO, at=LATER)
    assert case.category == "Outage"
    assert case.history[-1].changes == (FactChange(Fact.CATEGORY, "Billing", "Outage"),)
    assert case.facts(after=1)[Fact.CATEGORY] == ""
    assert case.facts(after=2)[Fact.CATEGORY] == "Billing"


def test_another_category_may_be_promised_something_else() -> None:
    promises = TEAM.replace(
        '[[policies]]\nname = "Standard"',
        '[[policies]]\nname = "Bills"\nwhen = { category = ["billing"] }\ncalendar = "office"\n'
        "targets.high = {}\ntargets.normal = {}\ntargets.low = {}\n"
        'targets.urgent = { claim = "5m" }\n\n[[policies]]\nname = "Standard"',
    )
    case = a_case(team=a_team(promises))
    case.edit(edited(case, category="Billing"), by=ANA, at=SOON)
    claim = case.clock(Metric.CLAIM)
    assert claim is not None
    assert claim.due_at == MONDAY_9AM + timedelta(minutes=5)


def test_only_whom_a_case_concerns_edits_it_and_only_while_it_runs() -> None:
    case = a_case()
    colleague = Person(UserId("U0ELSE"), standing=Standing.MEMBER)
    with pytest.raises(NotAllowed):
        case.edit(edited(case, wish="A call"), by=colleague, at=SOON)
    case.decline(Refusal(why="The FAQ has it", next_step="Page 7"), by=MAYA, at=SOON)
    with pytest.raises(AlreadyDeclined):
        case.edit(edited(case, wish="A call"), by=ANA, at=LATER)
