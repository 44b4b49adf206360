"""Restricted cases in Slack: what a channel, the few and everyone else see of them."""

import re
from datetime import timedelta

import pytest

from handlers.jobs.tick import tick_due_cases
from handlers.sandbox import Person
from tests.handlers.actions import SOLVED, is_claimed, settles
from tests.world import RANDOM, SUPPORT, TEAM, World

STORY = "The mayor cannot log in"


async def is_restricted(world: World) -> None:
    """By Maya, who has it, after she has written of it."""
    await world.escalates(
        world.ana,
        **{
            "Customer": "Springfield",
            "What happened?": STORY,
            "Category": "Politics",
            "What does the customer want?": "Silence",
        },
    )
    await world.maya.presses("Claim", on=world.card)
    await world.settle()
    await world.maya.presses("Update", on=world.card)
    await world.maya.submits(In_a_few_words="The mayor calls back at noon")
    await world.settle()
    await restricts(world, world.maya)


async def restricts(world: World, who: Person) -> None:
    await who.presses("More", on=world.card)
    await who.presses("Edit")
    await who.submits(Who_may_read_it=["Only for the few who need it"])
    await world.settle()


def leaked(text: str) -> list[str]:
    secrets = ("mayor", "springfield", "politics", "silence")
    return [secret for secret in secrets if secret in text.lower()]


def everything_in(world: World, channel: str) -> str:
    return str([(it.text, it.blocks) for it in world.slack.workspace.channel(channel).messages])


async def test_what_the_channel_has_said_of_it_is_taken_back(world: World) -> None:
    await is_restricted(world)
    assert world.card.text.startswith("ESC-1 · restricted\n*:red_circle: Urgent*\nrestricted")
    assert "<@U0MAYA> has it." in world.card.text
    assert "Resolve" in world.ben.can_press(on=world.card)
    assert not leaked(everything_in(world, SUPPORT))
    assert [it.text.splitlines()[-1] for it in world.ben.thread(world.card)[-2:]] == [
        "restricted",
        "Only for the few who need it: restricted",
    ]
    assert len(world.cards()) == 1


async def test_what_is_written_later_goes_to_the_few_and_not_into_the_thread(
    quick_world: World,
) -> None:
    world = quick_world
    await is_restricted(world)
    await world.maya.presses("Update", on=world.card)
    await world.maya.submits(In_a_few_words="The mayor is content")
    await world.settle()
    assert world.ben.thread(world.card)[-1].text.endswith("spoke with the customer:\nrestricted")
    for reader in (world.ana, world.leo):
        told = reader.dms()[-1].text
        assert "*ESC-1* (Springfield)" in told
        assert "The mayor is content" in told
    assert not world.ben.dms() or not leaked(world.ben.dms()[-1].text)


async def test_the_few_who_read_why_it_is_back_in_the_queue_are_not_asked_to_claim_it(
    quick_world: World,
) -> None:
    world = quick_world
    await is_restricted(world)
    await world.maya.presses("More", on=world.card)
    await world.maya.presses("Release")
    await world.maya.submits(What_should_the_next_owner_know="The mayor is on holiday")
    await world.settle()
    told = world.ana.dms()[-1]
    assert "The mayor is on holiday" in told.text
    assert world.ana.can_press(told) == []


async def test_it_is_on_record_who_restricted_it_and_it_may_be_opened_again(
    quick_world: World,
) -> None:
    world = quick_world
    await is_restricted(world)
    await world.maya.types("/baton history 1", channel=SUPPORT)
    assert "restricted: no → yes" in world.maya.ephemerals[-1]
    await world.maya.presses("More", on=world.card)
    await world.maya.presses("Edit")
    await world.maya.submits(Who_may_read_it=[])
    await world.settle()
    assert "Springfield" in world.card.text
    assert "The mayor calls back at noon" in str([it.text for it in world.ben.thread(world.card)])


@pytest.mark.parametrize(
    "asked",
    [
        *("/baton 1", "/baton why 1", "/baton history 1", "/baton mine", "/baton", "/baton board"),
        *("/baton find mayor", "/baton find customer:springfield", "/baton find owner:<@U0MAYA>"),
        *("/baton customer Springfield", "/baton report", "/baton claim 1"),
    ],
)
@pytest.mark.parametrize("where", [SUPPORT, RANDOM])
async def test_whatever_somebody_else_asks_says_nothing_of_it(
    quick_world: World, asked: str, where: str
) -> None:
    world = quick_world
    await is_restricted(world)
    await world.ben.types(asked, channel=where)
    said = re.sub("“.*?”|find Springfield", "", world.ben.ephemerals[-1])  # their own words
    assert not leaked(said)
    if asked == "/baton board":
        assert "|ESC-1>* · restricted" in world.ben.ephemerals[-1]


async def test_no_form_menu_tab_or_digest_says_anything_of_it(quick_world: World) -> None:
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
    await world.maya.fills(
        {"Until when, at the latest?": until, "What has to happen?": "Springfield"}
    )
    await world.maya.submits()
    await world.ben.opens_home()
    await world.settle()
    assert world.ben.home is not None
    assert "restricted" in str(world.ben.home.view)
    assert not leaked(str(world.ben.home.view))
    await world.escalates(world.ben, Customer="Springfield", What_happened="A lamp is dark")
    other = world.cards()[-1]
    assert "other open" not in other.text
    await world.ben.presses("More", on=other)
    await world.ben.presses("Merge")
    assert world.ben.modal is not None
    assert STORY not in world.ben.modal.words
    await world.until(world.clock() + timedelta(days=1))
    digest = next(it for it in world.maya.sees(SUPPORT) if "Open now" in it.text)
    assert "ESC-1" in digest.text
    assert not leaked(digest.text.replace("Springfield", "", 1))


async def test_nobody_is_offered_a_restricted_case_as_a_duplicate(quick_world: World) -> None:
    world = quick_world
    await is_restricted(world)
    await world.ben.types("/escalate " + STORY, channel=SUPPORT)
    await world.ben.submits(Customer="Springfield", Why_does_it_need_a_manager=["Risk"])
    await world.settle()
    assert world.ben.modal is None
    assert len(world.cards()) == 2


async def test_a_manager_claims_a_restricted_case_that_nobody_has(quick_world: World) -> None:
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


async def test_a_nudge_to_somebody_who_is_no_manager_any_more_goes_to_the_next(
    quick_world: World,
) -> None:
    world = quick_world
    document = TEAM.replace(', "S0MANAGERS"', "") + LEVEL
    await world.applies(document)
    await world.escalates(world.ana)
    world.clock.wind(timedelta(minutes=11))
    await tick_due_cases(world.store)
    heard = len(world.maya.dms())
    await world.applies(document.replace("U0MAYA", "U0BEN"))
    await world.settle()
    assert len(world.maya.dms()) == heard
    assert "Nobody has *ESC-1* (Acme) yet" in world.leo.dms()[-1].text


async def test_a_nudge_about_a_case_restricted_since_is_kept_from_whoever_does_not_need_it(
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


async def test_whoever_became_a_guest_before_their_message_was_sent_hears_nothing(
    quick_world: World,
) -> None:
    world = quick_world
    await is_claimed(world)
    await world.slack.changes_person("U0ANA", guest=True)
    heard = len(world.ana.dms())
    await world.maya.presses("Resolve", on=world.card)
    await world.maya.fills(SOLVED)
    await world.maya.submits()
    await settles(world)
    assert len(world.ana.dms()) == heard


async def test_a_case_that_a_restricted_one_is_merged_into_is_restricted_from_then_on(
    quick_world: World,
) -> None:
    world = quick_world
    await world.escalates(world.ana, What_happened=STORY, Customer="Springfield")
    await world.escalates(world.ben, What_happened="The mayor calls", Customer="Acme")
    await world.leo.presses("More", on=world.cards()[1])
    await world.leo.presses("Edit")
    await world.leo.submits(Who_may_read_it=["Only for the few who need it"])
    await world.settle()
    await world.leo.presses("More", on=world.cards()[1])
    await world.leo.presses("Merge")
    assert world.leo.modal is not None
    assert "That case becomes restricted, as this one is." in world.leo.modal.words
    await world.leo.submits(In_which_case_does_it_go_on="1")
    await world.settle()
    assert not leaked(everything_in(world, SUPPORT))
    assert "It is restricted now, as that one is." in everything_in(world, SUPPORT)
    await world.leo.presses("Claim", on=world.cards()[0])
    await world.settle()
    await world.leo.presses("Resolve", on=world.cards()[0])
    await world.leo.fills({**SOLVED, "What was the outcome?": "The mayor is content"})
    await world.leo.submits()
    await world.settle()
    heard = world.ben.dms()[-1].text
    assert "resolved *ESC-1* (restricted), which you follow" in heard
    assert not leaked(heard)


async def test_a_case_that_follows_a_restricted_one_is_restricted_from_the_first(
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
    assert "goes on" not in everything_in(world, SUPPORT)
    assert not leaked(everything_in(world, SUPPORT))
    assert "went on in ESC-2" in world.ana.thread(old)[-1].text
    await world.leo.types("/baton history 1", channel=SUPPORT)
    assert "*continued in a new case* by <@U0ANA>" in world.leo.ephemerals[-1]
