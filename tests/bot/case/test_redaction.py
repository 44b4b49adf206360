"""Who reads a restricted case, and what everyone else sees of it."""

from datetime import timedelta

from sqlalchemy import Text

from bot.case import Case, Edit, Fact
from bot.case.redaction import REDACTED, all_redacted_for, readable_by, redacted_for
from bot.delivery import Audience
from storage.tables import cases, events, tasks
from tests.builders import ANA, BEN, LEO, MAYA, a_case, a_member, a_team
from tests.world import MONDAY_9AM, TEAM

STORY = "The mayor of Springfield"
AGENT = a_member("U0ELSE")
BILLING = '\n[departments.billing]\nchannel = "C0BILLING"\n'


def a_restricted_case(team: str = TEAM + BILLING) -> Case:
    """Every text of it is the secret."""
    case = a_case(team=a_team(team), customer=STORY, summary=STORY, wish=STORY, answers=STORY)
    case.category = case.ticket_link = STORY
    case.claim(by=MAYA, at=MONDAY_9AM)
    case.ask("billing", STORY, by=MAYA, at=MONDAY_9AM)
    case.answer(2 + 1, STORY, by=BEN, at=MONDAY_9AM)
    case.outcome = case.root_cause = case.prevention = case.miss_note = STORY
    wanted = case.facts() | {Fact.RESTRICTED: "yes", Fact.WISH: f"{STORY}, again"}
    number = len(case.history)
    case.edit(Edit(facts=wanted, base=number, reviewed=number), by=MAYA, at=MONDAY_9AM)
    return case


def test_nothing_that_anybody_wrote_is_behind_the_veil() -> None:
    case = a_restricted_case()
    veiled = redacted_for(None, case)
    shown = [veiled, *veiled.history, *veiled.tasks]
    assert STORY not in str([vars(it) for it in shown if it is not veiled])
    for thing, table in zip(shown, (cases, *[events] * len(case.history), tasks), strict=True):
        for column in table.columns:
            if isinstance(column.type, Text) and column.key in vars(type(thing)):
                assert STORY not in str(getattr(thing, column.key)), column
    assert (veiled.customer, veiled.reference) == (REDACTED, case.reference)


def test_the_case_itself_stays_as_it_is() -> None:
    case = a_restricted_case()
    before = len(case.history), case.history[2].note, case.tasks[0].answer
    redacted_for(None, case)
    assert (case.customer, *before) == (STORY, len(case.history), STORY, STORY)


def test_what_was_promised_to_the_customer_stays_promised_behind_the_veil() -> None:
    policy = '[[policies]]\nname = "Theirs"\nwhen = { customer = ["' + STORY + '"] }\n'
    start = TEAM.index("[[policies]]")
    standard = TEAM[start : TEAM.index("[digest]")]
    theirs = standard.replace('[[policies]]\nname = "Standard"\n', policy)
    case = a_restricted_case(f"{TEAM[:start]}{theirs}{TEAM[start:]}{BILLING}")
    assert case.policy.name == "Theirs"
    veiled = redacted_for(None, case)
    assert veiled.policy == case.policy
    assert [clock.due_at for clock in veiled.clocks] == [clock.due_at for clock in case.clocks]


def test_its_owner_its_reporter_its_lead_and_whoever_is_asked_to_take_it_read_it() -> None:
    case = a_restricted_case()
    assert [redacted_for(it, case) is case for it in (MAYA, ANA, LEO, BEN, AGENT)] == [
        *(True, True, True),
        *(False, False),
    ]
    case.hand_off(BEN, "Yours?", by=MAYA, at=MONDAY_9AM)
    assert redacted_for(BEN, case) is case
    case.turn_down(by=BEN, at=MONDAY_9AM + timedelta(minutes=1))
    assert redacted_for(BEN, case) is not case
    case.release("Not mine", by=MAYA, at=MONDAY_9AM + timedelta(minutes=2))
    assert redacted_for(BEN, case) is case


def test_a_list_keeps_its_place_for_it_and_a_search_does_not() -> None:
    case, other = a_restricted_case(), a_case(number=2)
    assert [it.customer for it in all_redacted_for(AGENT, [case, other])] == [REDACTED, "Acme"]
    assert readable_by(AGENT, [case, other]) == [other]
    assert readable_by(ANA, [case, other]) == [case, other]


def test_what_is_written_of_it_is_sent_to_those_who_read_it() -> None:
    case = a_restricted_case()
    case.hand_off(BEN, "Yours?", by=LEO, at=MONDAY_9AM)
    told = {str(it.channel): it.audience for it in case.history[-1].notifications}
    assert told["U0ANA"] is Audience.READERS
    assert told["U0BEN"] is Audience.NAMED
    assert told["U0MAYA"] is Audience.OWNER
    assert "U0LEO" not in told
