"""A case goes back to the queue: released by its owner, or after a silence."""

from tests.builders import berlin
from tests.handlers.actions import escalates_and_claims
from tests.world import TEAM, World

REMINDS_OWNERS = TEAM.replace('calendar = "office"', 'calendar = "office"\nstale_after = "4h"')


async def test_an_owner_releases_a_case_and_another_manager_claims_it(world: World) -> None:
    await escalates_and_claims(world)
    await world.maya.presses("More", on=world.card)
    await world.maya.presses("Release")
    await world.maya.fills({"What should the next owner know?": "They prefer a call <!here>"})
    await world.maya.submits()
    await world.settle()
    note = world.maya.thread(world.card)[-1].text
    assert "<@U0MAYA> put ESC-1 back in the queue" in note
    assert "They prefer a call &lt;!here&gt;" in note
    assert "Unclaimed" in world.card.text
    await world.ben.presses("Claim", on=world.card)
    await world.settle()
    assert "Owner: <@U0BEN>" in world.card.text


async def test_a_silent_owner_is_reminded_and_keeps_the_case_by_an_update(
    quick_world: World,
) -> None:
    world = quick_world
    await world.applies(REMINDS_OWNERS)
    await escalates_and_claims(world)
    await world.until(berlin("2026-03-02 13:05"))
    reminder = world.maya.dms()[-1]
    assert "Still working on *ESC-1* (Acme)?" in reminder.text
    assert "Post an update by <!date^" in reminder.text
    assert "or it goes back to the queue" in reminder.text
    assert not any("still working on" in it.text.lower() for it in world.ben.thread(world.card))
    await world.maya.presses("Update", on=reminder)
    await world.maya.fills({"Details": "Still waiting for their network team"})
    await world.maya.submits()
    await world.until(berlin("2026-03-02 17:30"))
    assert "Owner: <@U0MAYA>" in world.card.text


async def test_a_case_without_an_update_goes_back_to_the_queue_by_itself(
    quick_world: World,
) -> None:
    world = quick_world
    await world.applies(REMINDS_OWNERS)
    await escalates_and_claims(world)
    await world.until(berlin("2026-03-02 13:05"))
    await world.until(berlin("2026-03-02 17:10"))
    assert "it had no update for a while" in world.maya.dms()[-1].text
    assert "ESC-1 went back to the queue" in "".join(
        message.text for message in world.maya.thread(world.card)
    )
    assert "Unclaimed" in world.card.text
