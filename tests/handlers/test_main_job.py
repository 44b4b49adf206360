"""The main job, end to end: escalate, nudge, claim, resolve, digest."""


from bot.case import Status
from tests.world import World


async def test_an_escalated_case_is_claimed_resolved_and_told_of(world: World) -> None:
    await world.escalates(world.ana)
    assert "Acme" in world.card.text
    await world.maya.presses("Claim", on=world.card)
    await world.settle()
    assert "<@U0MAYA> has it" in world.card.text
    case = await world.case()
    assert (case.owner, case.status) == ("U0MAYA", Status.CLAIMED)

    await world.maya.presses("Resolve", on=world.card)
    await world.maya.fills(
        {
            "What was the outcome?": "They can log in again",
            "What was the root cause?": "An expired certificate",
            "What will prevent it?": "We watch the date now",
        }
    )
    await world.maya.submits()
    await world.settle()
    assert "They can log in again" in world.card.text
    assert [m.text for m in world.maya.thread(world.card)]
    await world.later(days=1)
