"""Decline and appeal: the reporter learns why and may appeal once."""

from bot.case import Status
from tests.handlers.actions import kinds
from tests.world import World


async def declines(world: World) -> None:
    await world.escalates(world.ana)
    await world.maya.presses("Decline", on=world.card)
    await world.maya.fills(
        {
            "Why does it not need a manager?": "The <FAQ> has it",
            "What should they do instead?": "Send them page 7",
        }
    )
    await world.maya.submits(times=2)
    await world.settle()


async def test_a_declined_case_comes_back_with_a_reason_and_a_next_step(world: World) -> None:
    await declines(world)
    notice = world.ana.dms()[-1]
    for part in ("declined your case *ESC-1*", "Why: The &lt;FAQ&gt; has it", "page 7"):
        assert part in notice.text
    assert "*Why:* The &lt;FAQ&gt; has it" in world.card.text
    assert "Declined by <@U0MAYA>" in world.card.text
    assert world.maya.can_press(world.card)[0] == "Reopen"

    await world.ana.presses("Appeal", on=notice)
    await world.ana.submits(Why_does_it_need_a_manager_after_all="They want to leave")
    await world.settle()
    assert (await world.case()).status is Status.OPEN
    assert "appealed the decision to decline *ESC-1*" in world.leo.dms()[-1].text
    assert "They want to leave" in world.maya.thread(world.card)[-1].text
    await world.leo.presses("Claim", on=world.leo.dms()[-1])
    await world.settle()
    assert "Owner: <@U0LEO>" in world.card.text
    assert len(world.cards()) == 1


async def test_an_appeal_pressed_again_after_it_reopened_the_case_is_refused(
    quick_world: World,
) -> None:
    world = quick_world
    await declines(world)
    notice = world.ana.dms()[-1]
    await world.ana.presses("Appeal", on=notice)
    await world.ana.submits(Why_does_it_need_a_manager_after_all="They want to leave")
    await world.ana.presses("Appeal", on=notice)
    assert "no appeal is needed" in world.ana.ephemerals[-1]
    assert len(await kinds(world)) == 3


async def test_a_refusal_to_decline_names_the_people_who_may(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.ana.presses("Decline", on=world.card)
    assert "managers of Support" in world.ana.ephemerals[-1]
    assert world.ana.modal is None


async def test_a_declined_case_is_not_on_the_board(quick_world: World) -> None:
    world = quick_world
    await declines(world)
    await world.maya.types("/baton", channel=world.card.channel)
    assert "No open cases" in world.maya.ephemerals[-1]
