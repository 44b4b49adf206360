"""/baton: the board, mine, one case, claim, help, and the nearest command."""

import pytest

from tests.world import RANDOM, SUPPORT, World


async def test_the_board_shows_the_most_urgent_first(world: World) -> None:
    await world.escalates(world.ana, Customer="Slowly", Priority="Low")
    await world.escalates(world.ana, Customer="Quickly", Priority="Urgent")
    for text in ("/baton", "/baton board", "/baton BOARD "):
        await world.maya.types(text, channel=SUPPORT)
        board = world.maya.ephemerals[-1]
        assert "2 open cases" in board
        assert board.index("Quickly") < board.index("Slowly")
        assert "left for the claim" in board


async def test_a_case_is_claimed_from_the_board(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.maya.types("/baton", channel=RANDOM)
    await world.maya.presses("Claim", on=world.maya.sees(RANDOM)[-1])
    await world.settle()
    assert "You have ESC-1 now" in world.maya.ephemerals[-1]
    assert "<@U0MAYA> has it" in world.card.text


async def test_an_empty_board_says_so_in_one_line(quick_world: World) -> None:
    await quick_world.maya.types("/baton board", channel=SUPPORT)
    assert quick_world.maya.ephemerals[-1] == "*Support* has no open case. :sunny:"


async def test_mine_shows_what_i_have_and_what_i_escalated(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.maya.types("/baton claim ESC-1", channel=SUPPORT)
    await world.maya.types("/baton mine", channel=SUPPORT)
    assert "*You have*" in world.maya.ephemerals[-1]
    await world.ana.types("/baton mine", channel=SUPPORT)
    assert "*You escalated*" in world.ana.ephemerals[-1]
    await world.ben.types("/baton mine", channel=SUPPORT)
    assert "You have no open case" in world.ben.ephemerals[-1]


@pytest.mark.parametrize("asked", ["1", "ESC-1", "esc-1", "#1", "esc 1"])
async def test_a_case_is_shown_by_its_number(quick_world: World, asked: str) -> None:
    await quick_world.escalates(quick_world.ana)
    await quick_world.ben.types(f"/baton {asked}", channel=RANDOM)
    assert "ESC-1 · Acme" in quick_world.ben.ephemerals[-1]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("42", "There is no ESC-42 here. See the open cases: /baton board"),
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
async def test_whatever_is_typed_is_answered_to_whoever_typed_it(
    quick_world: World, asked: str, answer: str
) -> None:
    await quick_world.ben.types(f"/baton {asked}", channel=SUPPORT)
    assert answer in quick_world.ben.ephemerals[-1]
    assert quick_world.cards() == []


async def test_somebody_elses_case_cannot_be_claimed_by_its_number(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.maya.types("/baton claim 1", channel=SUPPORT)
    assert world.maya.ephemerals[-1].startswith("You have ESC-1 now")
    await world.ben.types("/baton claim 1", channel=SUPPORT)
    assert "<@U0MAYA> already claimed ESC-1" in world.ben.ephemerals[-1]
    await world.ana.types("/baton claim 1", channel=SUPPORT)
    assert "Only managers of Support" in world.ana.ephemerals[-1]


async def test_outside_the_teams_channel_only_those_whom_it_concerns_see_a_case(
    quick_world: World,
) -> None:
    world = quick_world
    world.slack.workspace.add_person("U0ELSE", "else", "Somebody Else")
    for channel in (SUPPORT, RANDOM):
        world.slack.workspace.channel(channel).members.append("U0ELSE")
    stranger = world.slack.person("U0ELSE")
    await world.escalates(world.ana)
    for asked in ("1", "why 1", "board"):
        await stranger.types(f"/baton {asked}", channel=RANDOM)
        assert "Only managers of Support" in stranger.ephemerals[-1]
        assert "Acme" not in stranger.ephemerals[-1]
        await stranger.types(f"/baton {asked}", channel=SUPPORT)
        assert "Acme" in stranger.ephemerals[-1]
    await world.ana.types("/baton 1", channel=RANDOM)
    assert "Acme" in world.ana.ephemerals[-1]
