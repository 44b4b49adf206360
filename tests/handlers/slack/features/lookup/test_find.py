"""/baton find: words, a customer, an owner, a state, days."""

from datetime import timedelta

import pytest

from tests.handlers.actions import is_claimed
from tests.world import RANDOM, SUPPORT, World


async def test_a_case_is_found_by_words_in_any_part_of_it(world: World) -> None:
    await is_claimed(world)
    await world.escalates(
        world.ana, Customer="Beta", **{"What happened?": "Export is <b>empty</b>"}
    )
    await world.maya.types("/baton find EXPO", channel=RANDOM)
    told = world.maya.ephemerals[-1]
    assert told.startswith("1 case for “EXPO”\n")
    assert "ESC-2" in told
    await world.maya.types("/baton find owner:<@U0MAYA> state:open", channel=SUPPORT)
    assert "ESC-1" in world.maya.ephemerals[-1]
    assert "ESC-2" not in world.maya.ephemerals[-1]


async def test_nobody_finds_what_is_not_theirs_to_see(quick_world: World) -> None:
    world = quick_world
    world.slack.workspace.add_person("U0ELSE", "else", "Somebody Else")
    world.slack.workspace.channel(SUPPORT).members.append("U0ELSE")
    stranger = world.slack.person("U0ELSE")
    await world.escalates(world.ana)
    await stranger.types("/baton find acme", channel=SUPPORT)
    assert stranger.ephemerals[-1].startswith("No case that you may see fits “acme”")
    await world.ana.types("/baton find acme", channel=SUPPORT)
    assert "ESC-1" in world.ana.ephemerals[-1]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("find", "What shall I look for? For example `/baton find invoice"),
        ("find *", "Type a word to search for"),
        ("find owner:@nobody", "Pick a person from the list"),
        ("find state:lost", "“lost” is not a state"),
        (
            "find <!channel> & $owner",
            "No case that you may see fits “&lt;!channel&gt; &amp; $owner”",
        ),
        ("find " + "x" * 10_000, "No case that you may see fits “xxx"),
        ("find \u202e\u200bdrawkcab", "No case that you may see fits"),
        ("fnid acme", "Did you mean /baton find?"),
    ],
)
async def test_whatever_is_looked_for_gets_an_answer(
    quick_world: World, asked: str, told: str
) -> None:
    await quick_world.maya.types(f"/baton {asked}", channel=SUPPORT)
    assert told in quick_world.maya.ephemerals[-1]


async def test_of_many_the_best_are_shown_and_the_rest_is_said(quick_world: World) -> None:
    for number in range(21):
        await quick_world.escalates(quick_world.ana, Customer=f"Acme {number}")
        quick_world.clock.wind(timedelta(minutes=1))
    await quick_world.maya.types("/baton find acme", channel=RANDOM)
    assert "20 cases for “acme”" in quick_world.maya.ephemerals[-1]
    assert "And more: add a word" in quick_world.maya.ephemerals[-1]
