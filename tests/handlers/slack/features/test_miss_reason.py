"""A promise that was missed: its owner says why, and then the case may end."""

from bot.case import MissReason, Status
from tests.handlers.actions import SOLVED, is_claimed
from tests.world import TEAM, World, a_world

PROMISES = TEAM.replace('{ claim = "15m" }', '{ claim = "15m", resolution = "4h" }')
WHY = "Late: resolution. What held it up?"


async def test_a_case_in_time_is_asked_for_no_reason(quick_world: World) -> None:
    await is_claimed(quick_world)
    await quick_world.maya.presses("Resolve", on=quick_world.card)
    assert quick_world.maya.modal is not None
    assert "What held it up?" not in quick_world.maya.modal.words


async def test_a_case_that_is_late_is_resolved_with_a_reason_and_its_reporter_hears_of_it(
    database_url: str,
) -> None:
    async with a_world(database_url, mode="http", team=PROMISES) as world:
        await is_claimed(world)
        await world.later(hours=5)
        await world.maya.presses("Resolve", on=world.card)
        await world.maya.fills(SOLVED)
        await world.maya.submits()
        assert list(world.maya.errors) == [WHY]

        note = "<!channel> &\n*two* at once"
        await world.maya.fills({WHY: "Too much work at once", "In a few words": note})
        await world.maya.submits()
        await world.settle()
        case = await world.case()
        assert (case.status, case.miss_reason) == (Status.RESOLVED, MissReason.TOO_MUCH_WORK)
        shown = "Why it was late:* Too much work at once (&lt;!channel&gt; &amp; *two* at once)"
        assert shown in world.card.text
        assert "resolved your case *ESC-1*" in world.ana.dms()[-1].text
        assert "Too much work" not in world.ana.dms()[-1].text


async def test_a_case_that_came_to_be_late_while_the_form_was_open_is_asked_then(
    sqlite_url: str,
) -> None:
    async with a_world(sqlite_url, mode="socket", team=PROMISES) as world:
        await is_claimed(world)
        await world.maya.presses("Resolve", on=world.card)
        await world.maya.fills(SOLVED)
        await world.later(hours=5)
        await world.maya.submits()
        assert (await world.case()).status is Status.CLAIMED

        await world.maya.fills({WHY: "We needed more facts"})
        await world.maya.submits()  # with what was written before
        case = await world.case()
        assert (case.outcome, case.miss_reason) == (
            SOLVED["What was the outcome?"],
            MissReason.MORE_FACTS,
        )
