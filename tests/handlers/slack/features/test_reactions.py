"""Emoji on a card as shortcuts, for teams that allow them."""

from collections.abc import AsyncIterator

import pytest

from bot.case import Status
from tests.world import SUPPORT, TEAM, World, a_world

WITH_REACTIONS = TEAM.replace('leads = ["U0LEO"]', 'leads = ["U0LEO"]\nreactions = true')


@pytest.fixture
async def with_reactions(database_url: str) -> AsyncIterator[World]:
    async with a_world(database_url, mode="socket", team=WITH_REACTIONS) as world:
        await world.escalates(world.ana)
        yield world


async def test_eyes_on_a_card_claim_the_case(with_reactions: World) -> None:
    world = with_reactions
    await world.ana.reacts("eyes", on=world.card)
    await world.settle()
    assert (await world.case()).owner is None
    dms = world.slack.workspace.im("U0ANA").messages
    assert "Only managers of Support can claim" in dms[-1].text
    await world.maya.reacts("eyes", on=world.card)
    await world.ben.reacts("eyes", on=world.card)
    await world.settle()
    assert (await world.case()).owner == "U0MAYA"
    assert "<@U0MAYA> already claimed ESC-1" in world.slack.workspace.im("U0BEN").messages[-1].text


async def test_a_check_mark_sends_the_owner_the_resolve_button(with_reactions: World) -> None:
    world = with_reactions
    await world.maya.types("/baton claim 1", channel=SUPPORT)
    await world.settle()
    await world.maya.reacts("white_check_mark", on=world.card)
    await world.settle()
    dms = world.slack.workspace.im("U0MAYA").messages
    [offer] = [it for it in dms if "Is *ESC-1* resolved?" in it.text]
    await world.maya.presses("Resolve", on=offer)
    assert world.maya.modal is not None
    assert (await world.case()).status is Status.CLAIMED


async def test_other_emoji_and_other_messages_are_ignored(with_reactions: World) -> None:
    world = with_reactions
    await world.maya.reacts("tada", on=world.card)
    message = await world.maya.posts("Who has this?", SUPPORT)
    await world.maya.reacts("eyes", on=message)
    await world.settle()
    assert (await world.case()).owner is None


async def test_reactions_are_ignored_unless_the_team_allows_them(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.maya.reacts("eyes", on=world.card)
    await world.settle()
    assert (await world.case()).owner is None
