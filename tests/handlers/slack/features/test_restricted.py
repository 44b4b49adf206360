"""Restricted cases: what their readers, the channel and everyone else see of them."""

import re
from datetime import timedelta

import pytest

from handlers.jobs.tick import tick_due_cases
from handlers.sandbox import Person
from tests.handlers.actions import SOLVED, escalates_and_claims, settles_slowly
from tests.world import RANDOM, SUPPORT, TEAM, World

SUMMARY = "The mayor cannot log in"


async def is_restricted(world: World) -> None:
    """Let Maya claim a case, post an update and then restrict it."""
    await world.escalates(
        world.ana,
        **{
            "Customer": "Springfield",
            "What happened?": SUMMARY,
            "Category": "Politics",
            "What does the customer want?": "Silence",
        },
    )
    await world.maya.presses("Claim", on=world.card)
    await world.settle()
    await world.maya.presses("Update", on=world.card)
    await world.maya.submits(Details="The mayor calls back at noon")
    await world.settle()
    await restricts(world, world.maya)


async def restricts(world: World, person: Person) -> None:
    await person.presses("More", on=world.card)
    await person.presses("Edit")
    await person.submits(Who_may_read_it=["Restricted to owner, reporter and leads"])
    await world.settle()


def leaked(text: str) -> list[str]:
    """Return the secrets of the restricted case that a text contains."""
    secrets = ("mayor", "springfield", "politics", "silence")
    return [secret for secret in secrets if secret in text.lower()]


def everything_in(world: World, channel: str) -> str:
    return str([(it.text, it.blocks) for it in world.slack.workspace.channel(channel).messages])


async def test_restricting_a_case_redacts_its_card_and_thread(world: World) -> None:
    await is_restricted(world)
    assert world.card.text.startswith("ESC-1 · restricted\n*:red_circle: Urgent*\nrestricted")
    assert "Owner: <@U0MAYA>" in world.card.text
    assert "Resolve" in world.ben.can_press(on=world.card)
    assert not leaked(everything_in(world, SUPPORT))
    assert [it.text.splitlines()[-1] for it in world.ben.thread(world.card)[-2:]] == [
        "restricted",
        "Restricted to owner, reporter and leads: restricted",
    ]
    assert len(world.cards()) == 1


async def test_later_updates_go_to_the_readers_and_not_to_the_thread(quick_world: World) -> None:
    world = quick_world
    await is_restricted(world)
    await world.maya.presses("Update", on=world.card)
    await world.maya.submits(Details="The mayor is content")
    await world.settle()
    assert world.ben.thread(world.card)[-1].text.endswith("contacted the customer:\nrestricted")
    for reader in (world.ana, world.leo):
        note = reader.dms()[-1].text
        assert note.startswith("*ESC-1* (Springfield)\n:telephone_receiver: <@U0MAYA>")
        assert "The mayor is content" in note
    assert not world.ben.dms() or not leaked(world.ben.dms()[-1].text)


async def test_readers_of_a_release_note_are_not_asked_to_claim_the_case(
    quick_world: World,
) -> None:
    world = quick_world
    await is_restricted(world)
    await world.maya.presses("More", on=world.card)
    await world.maya.presses("Release")
    await world.maya.submits(What_should_the_next_owner_know="The mayor is on holiday")
    await world.settle()
    note = world.ana.dms()[-1]
    assert "The mayor is on holiday" in note.text
    assert "can one of you claim it" not in note.text
    assert world.ana.can_press(note) == []
    assert "can one of you claim it" in world.ben.thread(world.card)[-1].text


async def test_restricting_is_audited_and_can_be_undone(quick_world: World) -> None:
    world = quick_world
    await is_restricted(world)
    await world.maya.types("/baton history 1", channel=SUPPORT)
    assert "restricted: no → yes" in world.maya.ephemerals[-1]
    await world.maya.presses("More", on=world.card)
    await world.maya.presses("Edit")
    await world.maya.submits(Who_may_read_it=[])
    await world.settle()
    assert "Springfield" in world.card.text
    thread = str([it.text for it in world.ben.thread(world.card)])
    assert "The mayor calls back at noon" in thread
    assert "Restricted to owner, reporter and leads: yes → no" in thread


@pytest.mark.parametrize(
    "command",
    [
        *("/baton 1", "/baton why 1", "/baton history 1", "/baton mine", "/baton", "/baton board"),
        *("/baton find mayor", "/baton find customer:springfield", "/baton find owner:<@U0MAYA>"),
        *("/baton customer Springfield", "/baton report", "/baton claim 1"),
    ],
)
@pytest.mark.parametrize("channel", [SUPPORT, RANDOM])
async def test_no_command_of_another_person_reveals_a_restricted_case(
    quick_world: World, command: str, channel: str
) -> None:
    world = quick_world
    await is_restricted(world)
    await world.ben.types(command, channel=channel)
    # A reply may quote the search words: those are no leak.
    reply = re.sub("“.*?”|find Springfield", "", world.ben.ephemerals[-1])
    assert not leaked(reply)
    if command == "/baton board":
        assert "|ESC-1>* · restricted" in world.ben.ephemerals[-1]


async def test_no_form_menu_tab_or_digest_reveals_a_restricted_case(quick_world: World) -> None:
    world = quick_world
    await is_restricted(world)
    for button in ("More", "Resolve"):
        await world.ben.presses(button, on=world.card)
        assert world.ben.modal is None
        assert (
            world.ben.ephemerals[-1] == "ESC-1 is restricted. Ask <@U0MAYA> or a lead of Support."
        )
    await world.maya.presses("Wait", on=world.card)
    until = int((world.clock() + timedelta(hours=3)).timestamp())
    await world.maya.fills({"Until": until, "What has to happen?": "Springfield"})
    await world.maya.submits()
    await world.ben.opens_home()
    await world.settle()
    assert world.ben.home is not None
    assert "restricted" in str(world.ben.home.view)
    assert not leaked(str(world.ben.home.view))
    await world.escalates(world.ben, Customer="Springfield", What_happened="A lamp is dark")
    other = world.cards()[-1]
    assert "Other open cases" not in other.text
    await world.ben.presses("More", on=other)
    await world.ben.presses("Merge")
    assert world.ben.modal is not None
    assert SUMMARY not in world.ben.modal.words
    await world.until(world.clock() + timedelta(days=1))
    digest = next(it for it in world.maya.sees(SUPPORT) if "Open now" in it.text)
    assert "ESC-1" in digest.text
    assert not leaked(digest.text.replace("Springfield", "", 1))


async def test_a_restricted_case_is_not_offered_as_a_duplicate(quick_world: World) -> None:
    world = quick_world
    await is_restricted(world)
    await world.ben.types("/escalate " + SUMMARY, channel=SUPPORT)
    await world.ben.submits(Customer="Springfield", Why_does_it_need_a_manager=["Risk"])
    await world.settle()
    assert world.ben.modal is None
    assert len(world.cards()) == 2


async def test_a_manager_may_read_and_claim_an_unclaimed_restricted_case(
    quick_world: World,
) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await restricts(world, world.ana)
    await world.ben.types("/baton 1", channel=RANDOM)
    assert "Acme" in world.ben.ephemerals[-1]
    await world.ben.presses("Claim", on=world.card)
    await world.settle()
    await world.maya.types("/baton 1", channel=RANDOM)
    assert world.maya.ephemerals[-1] == "ESC-1 is restricted. Ask <@U0BEN> or a lead of Support."


LEVEL = """
[[escalation]]
when = "unclaimed"
after = "-5m"
notify = ["managers"]
"""


async def test_a_nudge_to_a_former_manager_goes_to_the_current_leads_instead(
    quick_world: World,
) -> None:
    world = quick_world
    document = TEAM.replace(', "S0MANAGERS"', "") + LEVEL
    await world.applies(document)
    await world.escalates(world.ana)
    world.clock.advance(timedelta(minutes=11))
    await tick_due_cases(world.store)
    before = len(world.maya.dms())
    await world.applies(document.replace("U0MAYA", "U0BEN"))
    await world.settle()
    assert len(world.maya.dms()) == before
    assert "*ESC-1* (Acme) is still unclaimed: claim due" in world.leo.dms()[-1].text


async def test_a_nudge_about_a_case_restricted_meanwhile_reveals_nothing(
    quick_world: World,
) -> None:
    world = quick_world
    await world.applies(
        TEAM
        + LEVEL.replace("managers", "U0BEN", 1)
        .replace("unclaimed", "unresolved")
        .replace("-5m", "0m")
    )
    await is_restricted(world)
    await world.later(hours=1)
    assert not leaked(str([it.text for it in world.ben.dms()]))


async def test_a_reporter_who_became_a_guest_gets_no_more_messages(quick_world: World) -> None:
    world = quick_world
    await escalates_and_claims(world)
    await world.slack.changes_person("U0ANA", guest=True)
    before = len(world.ana.dms())
    await world.maya.presses("Resolve", on=world.card)
    await world.maya.fills(SOLVED)
    await world.maya.submits()
    await settles_slowly(world)
    assert len(world.ana.dms()) == before


async def test_merging_a_restricted_case_restricts_the_other_one(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana, What_happened=SUMMARY, Customer="Springfield")
    await world.escalates(world.ben, What_happened="The mayor calls", Customer="Acme")
    await world.leo.presses("More", on=world.cards()[1])
    await world.leo.presses("Edit")
    await world.leo.submits(Who_may_read_it=["Restricted to owner, reporter and leads"])
    await world.settle()
    await world.leo.presses("More", on=world.cards()[1])
    await world.leo.presses("Merge")
    assert world.leo.modal is not None
    assert "That case becomes restricted, like this one." in world.leo.modal.words
    await world.leo.submits(Merge_into="1")
    await world.settle()
    assert not leaked(everything_in(world, SUPPORT))
    assert "It is now restricted, like that case." in everything_in(world, SUPPORT)
    await world.leo.presses("Claim", on=world.cards()[0])
    await world.settle()
    await world.leo.presses("Resolve", on=world.cards()[0])
    await world.leo.fills({**SOLVED, "What was the outcome?": "The mayor is content"})
    await world.leo.submits()
    await world.settle()
    notice = world.ben.dms()[-1].text
    assert "resolved *ESC-1* (restricted), which you follow" in notice
    assert not leaked(notice)


async def test_a_case_that_continues_a_restricted_one_is_restricted_from_the_start(
    quick_world: World,
) -> None:
    world = quick_world
    await is_restricted(world)
    await world.maya.presses("Resolve", on=world.card)
    await world.maya.fills(SOLVED)
    await world.maya.submits()
    await world.later(days=8)
    old = world.cards()[0]
    await world.ana.presses("Reopen", on=old)
    await world.ana.submits(Why_does_it_need_a_manager=["Risk"])
    await world.settle()
    assert (await world.case(2)).restricted
    assert "Continues ESC-1" not in everything_in(world, SUPPORT)
    assert not leaked(everything_in(world, SUPPORT))
    assert "continues it in ESC-2" in world.ana.thread(old)[-1].text
    await world.leo.types("/baton history 1", channel=SUPPORT)
    assert "*continued in a new case* by <@U0ANA>" in world.leo.ephemerals[-1]
