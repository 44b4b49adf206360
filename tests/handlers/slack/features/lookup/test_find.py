"""/baton find: search by words, customer, owner, state and date."""

from datetime import timedelta

import pytest

from tests.handlers.actions import (
    add_stranger,
    escalates_and_claims,
    escalates_one_open_and_many_restricted,
)
from tests.world import RANDOM, SUPPORT, World


async def test_a_case_is_found_by_words_in_any_of_its_fields(world: World) -> None:
    await escalates_and_claims(world)
    await world.escalates(
        world.ana, Customer="Beta", **{"What happened?": "Export is <b>empty</b>"}
    )
    await world.maya.types("/baton find EXPO", channel=RANDOM)
    reply = world.maya.ephemerals[-1]
    assert reply.startswith("1 case for “EXPO”\n")
    assert "ESC-2" in reply
    await world.maya.types("/baton find owner:<@U0MAYA> state:open", channel=SUPPORT)
    assert "ESC-1" in world.maya.ephemerals[-1]
    assert "ESC-2" not in world.maya.ephemerals[-1]


async def test_find_returns_only_cases_that_the_person_may_see(quick_world: World) -> None:
    world = quick_world
    stranger = await add_stranger(world, SUPPORT)
    await world.escalates(world.ana)
    await stranger.types("/baton find acme", channel=SUPPORT)
    assert stranger.ephemerals[-1].startswith("No case that you may see matches “acme”")
    await world.ana.types("/baton find acme", channel=SUPPORT)
    assert "ESC-1" in world.ana.ephemerals[-1]


@pytest.mark.parametrize(
    ("typed", "reply"),
    [
        ("find", "What are you looking for? For example: `/baton find invoice"),
        ("find *", "Type a word to search for"),
        ("find owner:@ghost", "Pick a person from the list"),
        ("find state:lost", "“lost” is not a state"),
        (
            "find <!channel> & $owner",
            "No case that you may see matches “&lt;!channel&gt; &amp; $owner”",
        ),
        ("find " + "x" * 10_000, "No case that you may see matches “xxx"),
        ("find \u202e\u200bdrawkcab", "No case that you may see matches"),
        ("fnid acme", "Did you mean /baton find?"),
    ],
)
async def test_every_search_gets_a_reply(quick_world: World, typed: str, reply: str) -> None:
    await quick_world.maya.types(f"/baton {typed}", channel=SUPPORT)
    assert reply in quick_world.maya.ephemerals[-1]


async def test_of_many_matches_the_best_20_are_shown(quick_world: World) -> None:
    for number in range(21):
        await quick_world.escalates(quick_world.ana, Customer=f"Acme {number}")
        quick_world.clock.advance(timedelta(minutes=1))
    await quick_world.maya.types("/baton find acme", channel=RANDOM)
    assert "20 cases for “acme”, most relevant first" in quick_world.maya.ephemerals[-1]
    assert "More cases match: add a word" in quick_world.maya.ephemerals[-1]


async def test_restricted_cases_do_not_displace_those_that_a_person_may_read(
    quick_world: World,
) -> None:
    world = quick_world
    await escalates_one_open_and_many_restricted(world)
    await world.ben.types("/baton find acme", channel=RANDOM)
    reply = world.ben.ephemerals[-1]
    assert "1 case for “acme”" in reply
    assert "ESC-1>" in reply
    assert "More cases match" not in reply
