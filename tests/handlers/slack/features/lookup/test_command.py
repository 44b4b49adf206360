"""/baton: the board, mine, one case, claim, help, and suggestions for typos."""

import pytest

from tests.handlers.actions import add_stranger
from tests.world import RANDOM, SUPPORT, World


async def test_the_board_shows_the_most_urgent_first(world: World) -> None:
    await world.escalates(world.ana, Customer="Slowly", Priority="Low")
    await world.escalates(world.ana, Customer="Quickly", Priority="Urgent")
    for command in ("/baton", "/baton board", "/baton BOARD "):
        await world.maya.types(command, channel=SUPPORT)
        board = world.maya.ephemerals[-1]
        assert "2 open cases" in board
        assert board.index("Quickly") < board.index("Slowly")
        assert "claim due in" in board


async def test_a_case_is_claimed_from_the_board(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.maya.types("/baton", channel=RANDOM)
    await world.maya.presses("Claim", on=world.maya.sees(RANDOM)[-1])
    await world.settle()
    assert "You now own ESC-1" in world.maya.ephemerals[-1]
    assert "Owner: <@U0MAYA>" in world.card.text


async def test_an_empty_board_is_one_line(quick_world: World) -> None:
    await quick_world.maya.types("/baton board", channel=SUPPORT)
    assert quick_world.maya.ephemerals[-1] == "No open cases in *Support*. :sunny:"


async def test_mine_shows_the_cases_that_i_own_and_those_that_i_escalated(
    quick_world: World,
) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.maya.types("/baton claim ESC-1", channel=SUPPORT)
    await world.maya.types("/baton mine", channel=SUPPORT)
    assert "*You own*" in world.maya.ephemerals[-1]
    await world.ana.types("/baton mine", channel=SUPPORT)
    assert "*You escalated*" in world.ana.ephemerals[-1]
    await world.ben.types("/baton mine", channel=SUPPORT)
    assert "You have no open cases, owned or escalated." in world.ben.ephemerals[-1]


@pytest.mark.parametrize("typed", ["1", "ESC-1", "esc-1", "#1", "esc 1"])
async def test_a_case_is_shown_by_its_number(quick_world: World, typed: str) -> None:
    await quick_world.escalates(quick_world.ana)
    await quick_world.ben.types(f"/baton {typed}", channel=RANDOM)
    assert "ESC-1 · Acme" in quick_world.ben.ephemerals[-1]


@pytest.mark.parametrize(
    ("typed", "reply"),
    [
        ("42", "There is no ESC-42 here. See the open cases: /baton"),
        ("bord", "Did you mean /baton board?"),
        ("mien", "Did you mean /baton mine?"),
        ("xyzzy", "I don't know “xyzzy”. Try /baton help."),
        ("claim", "Which case?"),
        ("claim 42", "There is no ESC-42 here."),
        ("doctor", "Try /baton help."),
        ("resolve 42", "A case's card has its buttons: /baton 42"),
        ("help", "Baton keeps escalated cases from getting lost"),
        ("<!channel> $owner", "I don't know “&lt;!channel&gt; $owner”."),
    ],
)
async def test_each_command_gets_an_ephemeral_reply(
    quick_world: World, typed: str, reply: str
) -> None:
    await quick_world.ben.types(f"/baton {typed}", channel=SUPPORT)
    assert reply in quick_world.ben.ephemerals[-1]
    assert quick_world.cards() == []


async def test_claim_by_number_is_refused_for_a_claimed_case(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.maya.types("/baton claim 1", channel=SUPPORT)
    assert world.maya.ephemerals[-1].startswith("You now own ESC-1")
    await world.ben.types("/baton claim 1", channel=SUPPORT)
    assert "<@U0MAYA> already claimed ESC-1" in world.ben.ephemerals[-1]
    await world.ana.types("/baton claim 1", channel=SUPPORT)
    assert "Only managers of Support" in world.ana.ephemerals[-1]


async def test_outside_the_teams_channel_only_people_concerned_see_a_case(
    quick_world: World,
) -> None:
    world = quick_world
    stranger = await add_stranger(world, SUPPORT, RANDOM)
    await world.escalates(world.ana)
    for typed in ("1", "why 1", "board"):
        await stranger.types(f"/baton {typed}", channel=RANDOM)
        assert "Only managers of Support" in stranger.ephemerals[-1]
        assert "Acme" not in stranger.ephemerals[-1]
        await stranger.types(f"/baton {typed}", channel=SUPPORT)
        assert "Acme" in stranger.ephemerals[-1]
    await world.ana.types("/baton 1", channel=RANDOM)
    assert "Acme" in world.ana.ephemerals[-1]
