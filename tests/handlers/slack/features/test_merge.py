"""Merging a case into another one about the same problem."""

from tests.handlers.actions import SOLVED
from tests.world import World

MERGE_INTO = "Merge into"


async def merges(world: World, number: str, *, times: int = 1) -> None:
    """Merge the newest case as Maya."""
    await world.maya.presses("More", on=world.cards()[-1])
    await world.maya.presses("Merge")
    await world.maya.fills({MERGE_INTO: number})
    await world.maya.submits(times=times)
    await world.settle()


async def test_a_merged_case_continues_in_the_other_and_both_link_to_each_other(
    world: World,
) -> None:
    await world.escalates(world.ana)
    await world.escalates(world.ben, **{"What happened?": "Log-in is down"})
    await world.maya.presses("More", on=world.cards()[-1])
    await world.maya.presses("Merge")
    assert world.maya.modal is not None
    assert "ESC-1* Acme: Nobody can log in" in world.maya.modal.words
    await world.maya.submits(times=2)  # the likeliest duplicate is prefilled
    await world.settle()
    first, second = world.cards()
    assert "Merged into this case: ESC-2" in first.text
    assert "Continues in *ESC-1*" in second.text
    assert world.maya.can_press(second) == ["More"]
    assert "|ESC-2>" in world.maya.thread(first)[-1].text
    assert "|ESC-1>" in world.maya.thread(second)[-1].text
    assert "|ESC-1> (same problem)" in world.ben.dms()[-1].text

    await world.maya.presses("Claim", on=world.cards()[0])
    await world.settle()
    await world.maya.presses("Resolve", on=world.cards()[0])
    await world.maya.fills(SOLVED)
    await world.maya.submits()
    await world.settle()
    assert "resolved *ESC-1* (Acme), which you follow" in world.ben.dms()[-1].text
    assert "They can log in again" in world.ben.dms()[-1].text


async def test_merging_checks_the_number_and_follows_chains(quick_world: World) -> None:
    world = quick_world
    for _ in range(3):
        await world.escalates(world.ana)
    await merges(world, "#2")
    assert (await world.case(3)).merged_into == 2
    await world.maya.presses("More", on=world.cards()[1])
    await world.maya.presses("Merge")
    for number, error in {
        "soon": "Please write a case number, for example ESC-42.",
        "ESC-77": "There is no ESC-77 here. See the open cases: /baton",
        "ESC-3": "ESC-2 cannot be merged into itself. Choose another case.",
    }.items():
        await world.maya.submits(Merge_into=number)
        assert world.maya.errors == {MERGE_INTO: error}
    await world.maya.submits(Merge_into="esc 1")
    assert (await world.case(2)).merged_into == 1
