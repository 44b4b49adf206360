"""A missed due time needs a reason before the case can be resolved."""

from bot.case import MissReason, Status
from tests.handlers.actions import SOLVED, escalates_and_claims
from tests.world import TEAM, World, a_world

WITH_TARGETS = TEAM.replace('{ claim = "15m" }', '{ claim = "15m", resolution = "4h" }')
WHY = "Missed: resolution. What caused the delay?"


async def test_a_case_on_time_needs_no_reason(quick_world: World) -> None:
    await escalates_and_claims(quick_world)
    await quick_world.maya.presses("Resolve", on=quick_world.card)
    assert quick_world.maya.modal is not None
    assert "What caused the delay?" not in quick_world.maya.modal.words


async def test_a_late_case_is_resolved_with_a_reason_that_its_reporter_does_not_see(
    database_url: str,
) -> None:
    async with a_world(database_url, mode="http", team=WITH_TARGETS) as world:
        await escalates_and_claims(world)
        await world.later(hours=5)
        await world.maya.presses("Resolve", on=world.card)
        await world.maya.fills(SOLVED)
        await world.maya.submits()
        assert list(world.maya.errors) == [WHY]

        note = "<!channel> &\n*two* at once"
        await world.maya.fills({WHY: "Too many cases at once", "Details": note})
        await world.maya.submits()
        await world.settle()
        case = await world.case()
        assert (case.status, case.miss_reason) == (Status.RESOLVED, MissReason.TOO_MUCH_WORK)
        shown = "Why it was late:* Too many cases at once (&lt;!channel&gt; &amp; *two* at once)"
        assert shown in world.card.text
        assert "resolved your case *ESC-1*" in world.ana.dms()[-1].text
        assert "Too many cases" not in world.ana.dms()[-1].text


async def test_a_case_that_turns_late_while_the_form_is_open_needs_a_reason_too(
    sqlite_url: str,
) -> None:
    async with a_world(sqlite_url, mode="socket", team=WITH_TARGETS) as world:
        await escalates_and_claims(world)
        await world.maya.presses("Resolve", on=world.card)
        await world.maya.fills(SOLVED)
        await world.later(hours=5)
        await world.maya.submits()
        assert (await world.case()).status is Status.CLAIMED

        await world.maya.fills({WHY: "More facts needed"})
        await world.maya.submits()  # the other answers are still there
        case = await world.case()
        assert (case.outcome, case.miss_reason) == (
            SOLVED["What was the outcome?"],
            MissReason.MORE_FACTS,
        )
