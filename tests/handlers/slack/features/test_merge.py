"""Two cases turn out to be one, as people meet it."""

from tests.handlers.actions import SOLVED
from tests.world import World

ASKED = "In which case does it go on?"


async def merges(world: World, number: str, *, times: int = 1) -> None:
    """Maya merges the newest case."""
    await world.maya.presses("More", on=world.cards()[-1])
    await world.maya.presses("Merge")
    await world.maya.fills({ASKED: number})
    await world.maya.submits(times=times)
    await world.settle()


async def test_a_duplicate_goes_on_in_the_other_case_and_both_link(world: World) -> None:
    await world.escalates(world.ana)
    await world.escalates(world.ben, **{"What happened?": "Log-in is down"})
    await world.maya.presses("More", on=world.cards()[-1])
    await world.maya.presses("Merge")
    assert world.maya.modal is not None
    assert "ESC-1* Acme: Nobody can log in" in world.maya.modal.words
    await world.maya.submits(times=2)  # the number stands in the form already
    await world.settle()
    first, second = world.cards()
    assert "Merged into it: ESC-2" in first.text
    assert "It goes on in *ESC-1*." in second.text
    assert world.maya.can_press(second) == ["More"]
    assert "|ESC-2>" in world.maya.thread(first)[-1].text
    assert "|ESC-1>" in world.maya.thread(second)[-1].text
    assert "goes on there" in world.ben.dms()[-1].text

    await world.maya.presses("Claim", on=world.cards()[0])
    await world.settle()
    await world.maya.presses("Resolve", on=world.cards()[0])
    await world.maya.fills(SOLVED)
    await world.maya.submits()
    await world.settle()
    assert "resolved *ESC-1* (Acme), which you follow" in world.ben.dms()[-1].text
    assert "They can log in again" in world.ben.dms()[-1].text


async def test_a_merge_follows_the_chain_and_refuses_what_makes_no_sense(
    quick_world: World,
) -> None:
    world = quick_world
    for _ in range(3):
        await world.escalates(world.ana)
    await merges(world, "#2")
    assert (await world.case(3)).merged_into == 2
    await world.maya.presses("More", on=world.cards()[1])
    await world.maya.presses("Merge")
    for number, told in {
        "soon": "Please write the number of a case: ESC-42",
        "ESC-77": "There is no ESC-77 here. See the open cases: /baton board",
        "ESC-3": "ESC-2 cannot be merged into itself. Choose another case.",
    }.items():
        await world.maya.submits(In_which_case_does_it_go_on=number)
        assert world.maya.errors == {ASKED: told}
    await world.maya.submits(In_which_case_does_it_go_on="esc 1")
    assert (await world.case(2)).merged_into == 1
