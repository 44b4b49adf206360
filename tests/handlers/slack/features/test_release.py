"""A case goes back to the queue: by a form, or because its owner says nothing."""

from tests.builders import berlin
from tests.handlers.actions import is_claimed
from tests.world import TEAM, World

OWNER_REMINDED = TEAM.replace('calendar = "office"', 'calendar = "office"\nstale_after = "4h"')


async def test_an_owner_releases_a_case_and_somebody_else_claims_it(world: World) -> None:
    await is_claimed(world)
    await world.maya.presses("More", on=world.card)
    await world.maya.presses("Release")
    await world.maya.fills({"What should the next owner know?": "They prefer a call <!here>"})
    await world.maya.submits()
    await world.settle()
    said = world.maya.thread(world.card)[-1].text
    assert "<@U0MAYA> put ESC-1 back in the queue" in said
    assert "They prefer a call &lt;!here&gt;" in said
    assert "Nobody has it yet" in world.card.text
    await world.ben.presses("Claim", on=world.card)
    await world.settle()
    assert "<@U0BEN> has it" in world.card.text


async def test_a_silent_owner_is_asked_and_says_so_in_one_press(quick_world: World) -> None:
    world = quick_world
    await world.applies(OWNER_REMINDED)
    await is_claimed(world)
    await world.until(berlin("2026-03-02 13:05"))
    asked = world.maya.dms()[-1]
    assert "Still on *ESC-1* (Acme)?" in asked.text
    assert "it goes back in the queue <!date^" in asked.text
    assert not any("still on" in it.text.lower() for it in world.ben.thread(world.card))
    await world.maya.presses("Update", on=asked)
    await world.maya.fills({"In a few words": "Still waiting for their network team"})
    await world.maya.submits()
    await world.until(berlin("2026-03-02 17:30"))
    assert "<@U0MAYA> has it" in world.card.text


async def test_a_case_whose_owner_says_nothing_goes_back_by_itself(quick_world: World) -> None:
    world = quick_world
    await world.applies(OWNER_REMINDED)
    await is_claimed(world)
    await world.until(berlin("2026-03-02 13:05"))
    await world.until(berlin("2026-03-02 17:10"))
    assert "there was no word from you" in world.maya.dms()[-1].text
    assert "ESC-1 is back in the queue" in "".join(
        message.text for message in world.maya.thread(world.card)
    )
    assert "Nobody has it yet" in world.card.text
