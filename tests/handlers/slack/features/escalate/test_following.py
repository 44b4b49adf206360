"""A case that ended too long ago to reopen is continued in a new one; each links the other."""

from collections.abc import AsyncIterator

import pytest

from tests.handlers.actions import SOLVED, add_stranger, escalates_and_claims
from tests.world import SUPPORT, TEAM, World, a_world

REOPENS_TWO_DAYS = TEAM.replace('leads = ["U0LEO"]', 'leads = ["U0LEO"]\nreopen_days = 2')


@pytest.fixture
async def resolved_long_ago(database_url: str) -> AsyncIterator[World]:
    """Let Maya resolve Ana's case three days ago: it can be reopened for two."""
    async with a_world(database_url, mode="socket", team=REOPENS_TWO_DAYS) as world:
        await escalates_and_claims(world)
        await world.maya.presses("Resolve", on=world.card)
        await world.maya.fills(SOLVED)
        await world.maya.submits()
        await world.settle()
        await world.later(days=3)
        yield world


async def test_a_new_case_continues_the_old_one_and_each_card_names_the_other(
    resolved_long_ago: World,
) -> None:
    world = resolved_long_ago
    old = next(card for card in world.cards() if "ESC-1 " in card.text)
    await world.ana.presses("Reopen", on=old)
    await world.ana.fills({"Why does it need a manager?": ["Risk"], "Priority": "High"})
    await world.ana.submits()
    assert not world.ana.errors
    await world.settle()
    old, new = (next(it for it in world.cards() if f"ESC-{n} " in it.text) for n in (1, 2))
    assert "Continues in ESC-2" in old.text
    assert "Follows ESC-1" in new.text
    assert "Acme" in new.text
    assert "Continues ESC-1: https://" in new.text
    assert "Nobody can log in" in new.text
    assert "Reopen" not in world.ana.can_press(old)


async def test_the_second_of_two_people_who_continue_a_case_learns_where_it_continues(
    resolved_long_ago: World,
) -> None:
    world = resolved_long_ago
    old = next(card for card in world.cards() if "ESC-1 " in card.text)
    for person in (world.ana, world.ben):
        await person.presses("Reopen", on=old)
        await person.fills({"Why does it need a manager?": ["Risk"]})
    await world.ana.submits()
    await world.ben.submits()
    assert "ESC-1 continues in ESC-2. See it: /baton ESC-2" in world.ben.errors.values()
    await world.settle()
    assert len([card for card in world.cards() if card.text.startswith("ESC-")]) == 2


async def test_only_people_who_may_reopen_a_case_may_continue_it(resolved_long_ago: World) -> None:
    world = resolved_long_ago
    old = next(card for card in world.cards() if "ESC-1 " in card.text)
    stranger = await add_stranger(world, SUPPORT)
    await stranger.presses("Reopen", on=old)
    assert stranger.modal is None
    assert (
        "Only the reporter, a follower or a manager can reopen a case." in stranger.ephemerals[-1]
    )
