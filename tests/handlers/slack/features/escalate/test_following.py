"""A case that comes back too late to be reopened: a new one follows, and each names the other."""

from collections.abc import AsyncIterator

import pytest

from tests.handlers.actions import SOLVED, is_claimed
from tests.world import SUPPORT, TEAM, World, a_world

TWO_DAYS = TEAM.replace('leads = ["U0LEO"]', 'leads = ["U0LEO"]\nreopen_days = 2')


@pytest.fixture
async def long_over(database_url: str) -> AsyncIterator[World]:
    """Ana's case, which Maya resolved three days ago."""
    async with a_world(database_url, mode="socket", team=TWO_DAYS) as world:
        await is_claimed(world)
        await world.maya.presses("Resolve", on=world.card)
        await world.maya.fills(SOLVED)
        await world.maya.submits()
        await world.settle()
        await world.later(days=3)
        yield world


async def test_a_new_case_follows_it_and_each_card_names_the_other(long_over: World) -> None:
    world = long_over
    old = next(card for card in world.cards() if "ESC-1 " in card.text)
    await world.ana.presses("Reopen", on=old)
    await world.ana.fills({"Why does it need a manager?": ["Risk"], "Priority": "High"})
    await world.ana.submits()
    assert not world.ana.errors
    await world.settle()
    old, new = (next(it for it in world.cards() if f"ESC-{n} " in it.text) for n in (1, 2))
    assert "Continued in ESC-2" in old.text
    assert "Follows ESC-1" in new.text
    assert "Acme" in new.text
    assert "ESC-1 goes on: https://" in new.text
    assert "Nobody can log in" in new.text
    assert "Reopen" not in world.ana.can_press(old)


async def test_of_two_who_would_go_on_with_it_the_second_is_told_where_it_goes_on(
    long_over: World,
) -> None:
    world = long_over
    old = next(card for card in world.cards() if "ESC-1 " in card.text)
    for person in (world.ana, world.ben):
        await person.presses("Reopen", on=old)
        await person.fills({"Why does it need a manager?": ["Risk"]})
    await world.ana.submits()
    await world.ben.submits()
    assert "ESC-1 continues in ESC-2. See it: /baton ESC-2" in world.ben.errors.values()
    await world.settle()
    assert len([card for card in world.cards() if card.text.startswith("ESC-")]) == 2


async def test_to_go_on_with_a_case_is_for_those_who_may_reopen_it(long_over: World) -> None:
    world = long_over
    world.slack.workspace.add_person("U0ELSE", "else", "Somebody Else")
    world.slack.workspace.channel(SUPPORT).members.append("U0ELSE")
    old = next(card for card in world.cards() if "ESC-1 " in card.text)
    stranger = world.slack.person("U0ELSE")
    await stranger.presses("Reopen", on=old)
    assert stranger.modal is None
    assert (
        "Only the reporter, a follower or a manager can reopen a case." in stranger.ephemerals[-1]
    )
