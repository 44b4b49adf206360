"""Readers of a restricted case, and the redacted view of it for everyone else."""

from datetime import timedelta

from sqlalchemy import Text

from bot.case import Case, Edit, Fact
from bot.case.redaction import REDACTED, all_redacted_for, readable_by, redacted_for
from bot.delivery import Audience
from storage.tables import cases, events, tasks
from tests.builders import ANA, BEN, LEO, MAYA, a_case, a_member, a_team
from tests.world import MONDAY_9AM, TEAM

PRIVATE = "The mayor of Springfield"
AGENT = a_member("U0ELSE")
BILLING = '\n[departments.billing]\nchannel = "C0BILLING"\n'


def a_restricted_case(team: str = TEAM + BILLING) -> Case:
    """Return a restricted case with ``PRIVATE`` in every text."""
    case = a_case(
        team=a_team(team), customer=PRIVATE, summary=PRIVATE, wish=PRIVATE, answers=PRIVATE
    )
    case.category = case.ticket_link = PRIVATE
    case.claim(by=MAYA, at=MONDAY_9AM)
    case.ask("billing", PRIVATE, by=MAYA, at=MONDAY_9AM)
    case.answer(3, PRIVATE, by=BEN, at=MONDAY_9AM)  # the task is event 3
    case.outcome = case.root_cause = case.prevention = case.miss_note = PRIVATE
    facts = case.facts() | {Fact.RESTRICTED: "yes", Fact.WISH: f"{PRIVATE}, again"}
    number = len(case.history)
    case.edit(Edit(facts=facts, base=number, reviewed=number), by=MAYA, at=MONDAY_9AM)
    return case


def test_the_redacted_view_contains_no_text_that_people_wrote() -> None:
    case = a_restricted_case()
    redacted = redacted_for(None, case)
    shown = [redacted, *redacted.history, *redacted.tasks]
    assert PRIVATE not in str([vars(it) for it in shown if it is not redacted])
    for record, table in zip(shown, (cases, *[events] * len(case.history), tasks), strict=True):
        for column in table.columns:
            if isinstance(column.type, Text) and column.key in vars(type(record)):
                assert PRIVATE not in str(getattr(record, column.key)), column
    assert (redacted.customer, redacted.reference) == (REDACTED, case.reference)


def test_redaction_does_not_change_the_case_itself() -> None:
    case = a_restricted_case()
    before = len(case.history), case.history[2].note, case.tasks[0].answer
    redacted_for(None, case)
    assert (case.customer, *before) == (PRIVATE, len(case.history), PRIVATE, PRIVATE)


def test_the_redacted_view_keeps_the_policy_of_the_case() -> None:
    policy = '[[policies]]\nname = "Theirs"\nwhen = { customer = ["' + PRIVATE + '"] }\n'
    start = TEAM.index("[[policies]]")
    standard = TEAM[start : TEAM.index("[digest]")]
    theirs = standard.replace('[[policies]]\nname = "Standard"\n', policy)
    case = a_restricted_case(f"{TEAM[:start]}{theirs}{TEAM[start:]}{BILLING}")
    assert case.policy.name == "Theirs"
    redacted = redacted_for(None, case)
    assert redacted.policy == case.policy
    assert [clock.due_at for clock in redacted.clocks] == [clock.due_at for clock in case.clocks]


def test_its_owner_reporter_lead_and_pending_owner_read_a_restricted_case() -> None:
    case = a_restricted_case()
    assert [redacted_for(it, case) is case for it in (MAYA, ANA, LEO, BEN, AGENT)] == [
        *(True, True, True),
        *(False, False),
    ]
    case.hand_off(BEN, "Yours?", by=MAYA, at=MONDAY_9AM)
    assert redacted_for(BEN, case) is case
    case.decline_handoff(by=BEN, at=MONDAY_9AM + timedelta(minutes=1))
    assert redacted_for(BEN, case) is not case
    case.release("Not mine", by=MAYA, at=MONDAY_9AM + timedelta(minutes=2))
    assert redacted_for(BEN, case) is case


def test_a_list_shows_a_restricted_case_redacted_and_a_search_leaves_it_out() -> None:
    case, other = a_restricted_case(), a_case(number=2)
    assert [it.customer for it in all_redacted_for(AGENT, [case, other])] == [REDACTED, "Acme"]
    assert readable_by(AGENT, [case, other]) == [other]
    assert readable_by(ANA, [case, other]) == [case, other]


def test_notifications_about_a_restricted_case_go_to_its_readers() -> None:
    case = a_restricted_case()
    case.hand_off(BEN, "Yours?", by=LEO, at=MONDAY_9AM)
    audience_of = {str(it.channel): it.audience for it in case.history[-1].notifications}
    assert audience_of["U0ANA"] is Audience.READERS
    assert audience_of["U0BEN"] is Audience.NAMED
    assert audience_of["U0MAYA"] is Audience.OWNER
    assert "U0LEO" not in audience_of
