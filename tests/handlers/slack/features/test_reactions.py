"""An emoji on a card: for teams that like it, and never the only way."""

from collections.abc import AsyncIterator

import pytest

from bot.case import Status
from tests.world import SUPPORT, TEAM, World, a_world

LIKES_IT = TEAM.replace('leads = ["U0LEO"]', 'leads = ["U0LEO"]\nreactions = true')


@pytest.fixture
async def likes_it(database_url: str) -> AsyncIterator[World]:
    async with a_world(database_url, mode="socket", team=LIKES_IT) as world:
        await world.escalates(world.ana)
        yield world


async def test_eyes_on_a_card_claim_the_case(likes_it: World) -> None:
    world = likes_it
    await world.ana.reacts("eyes", on=world.card)
    await world.settle()
    assert (await world.case()).owner is None
    private = world.slack.workspace.im("U0ANA").messages
    assert "Only managers of Support can claim" in private[-1].text
    await world.maya.reacts("eyes", on=world.card)
    await world.ben.reacts("eyes", on=world.card)
    await world.settle()
    assert (await world.case()).owner == "U0MAYA"
    assert "<@U0MAYA> already claimed ESC-1" in world.slack.workspace.im("U0BEN").messages[-1].text


async def test_a_check_mark_brings_the_owner_the_button(likes_it: World) -> None:
    world = likes_it
    await world.maya.types("/baton claim 1", channel=SUPPORT)
    await world.settle()
    await world.maya.reacts("white_check_mark", on=world.card)
    await world.settle()
    [offer] = [it for it in world.slack.workspace.im("U0MAYA").messages if "is over?" in it.text]
    await world.maya.presses("Resolve", on=offer)
    assert world.maya.modal is not None
    assert (await world.case()).status is Status.CLAIMED


async def test_other_emoji_and_other_messages_are_left_alone(likes_it: World) -> None:
    world = likes_it
    await world.maya.reacts("tada", on=world.card)
    said = await world.maya.posts("Who has this?", SUPPORT)
    await world.maya.reacts("eyes", on=said)
    await world.settle()
    assert (await world.case()).owner is None


async def test_a_team_that_does_not_ask_for_it_is_left_alone(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.maya.reacts("eyes", on=world.card)
    await world.settle()
    assert (await world.case()).owner is None
