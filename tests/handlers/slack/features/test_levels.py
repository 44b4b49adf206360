"""Escalation levels: an unclaimed or unresolved case notifies more and more people."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from handlers.cli.cli_error import CliError
from tests.builders import berlin
from tests.handlers.actions import assert_no_duplicates
from tests.world import SUPPORT, TEAM, World, a_world

LADDER = """
[[escalation]]
when = "unclaimed"
notify = ["on_duty", "channel"]
repeat = 1
every = "15m"

[[escalation]]
when = "unclaimed"
after = "45m"
notify = ["U0LEO", "S0MANAGERS"]

[[escalation]]
when = "unresolved"
after = "60m"
notify = ["U0LEO"]
"""
WITH_TARGETS = TEAM.replace('{ claim = "15m" }', '{ claim = "15m", resolution = "4h" }') + LADDER


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with a_world(database_url, mode="socket", team=WITH_TARGETS) as world:
        yield world


@pytest.fixture
async def quick_world(sqlite_url: str) -> AsyncIterator[World]:
    async with a_world(sqlite_url, mode="socket", team=WITH_TARGETS) as world:
        yield world


async def test_the_levels_of_an_unclaimed_case_are_notified_in_turn(world: World) -> None:
    await world.escalates(world.ana)
    await world.until(berlin("2026-03-02 09:15"))
    assert "ESC-1 is overdue and unclaimed: claim was due" in world.maya.thread(world.card)[-1].text
    assert "*ESC-1* (Acme) is overdue and unclaimed" in world.maya.dms()[-1].text
    assert "*ESC-1* (Acme) is overdue and unclaimed" in world.leo.dms()[-1].text

    await world.until(berlin("2026-03-02 09:30"))
    assert "ESC-1 is still unclaimed: claim was due" in world.maya.thread(world.card)[-1].text
    assert ", 15 min ago" in world.maya.dms()[-1].text
    before = len(world.leo.dms())

    await world.until(berlin("2026-03-02 10:00"))
    assert ", 45 min ago" in world.leo.dms()[-1].text
    assert len(world.leo.dms()) == before + 1

    await world.maya.presses("Claim", on=world.maya.dms()[-1])
    await world.until(berlin("2026-03-02 13:00"))
    await world.until(berlin("2026-03-02 14:00"))
    assert "resolution was due" in world.leo.dms()[-2].text
    assert "<@U0MAYA> owns it; can you help?" in world.leo.dms()[-1].text
    assert_no_duplicates(world)


async def test_after_an_outage_of_six_hours_each_recipient_gets_one_message(world: World) -> None:
    await world.escalates(world.ana)
    before = len(world.maya.thread(world.card))
    world.clock.advance(timedelta(hours=6))
    await world.settle()
    await world.later(minutes=30)
    assert len(world.maya.thread(world.card)) == before + 1
    assert ", 5 h 45 min ago" in world.maya.thread(world.card)[-1].text
    assert len(world.maya.dms()) == 1
    assert len(world.leo.dms()) == 1


async def test_the_card_shows_when_a_level_that_is_off_duty_is_notified(quick_world: World) -> None:
    world = quick_world
    evening_ladder = LADDER.replace(
        "repeat = 1", 'hours = "evenings"\nif_nobody = "hold"\nrepeat = 1'
    )
    evenings = '[calendars.evenings]\nmon = ["17:00-20:00"]\n'
    await world.applies(WITH_TARGETS.replace(LADDER, evening_ladder) + evenings)
    await world.escalates(world.ana)
    await world.until(berlin("2026-03-02 09:16"))
    assert ":zzz: Off duty: the next level is notified <!date^" in world.card.text
    await world.until(berlin("2026-03-02 17:01"))
    assert ":zzz:" not in world.card.text


async def test_a_level_may_notify_another_channel_that_baton_is_in(quick_world: World) -> None:
    world = quick_world
    ladder = LADDER.replace('"U0LEO", "S0MANAGERS"', '"C0RANDOM"')
    await world.applies(WITH_TARGETS.replace(LADDER, ladder))
    await world.escalates(world.ana)
    await world.until(berlin("2026-03-02 09:15"))
    await world.until(berlin("2026-03-02 10:00"))
    [note] = world.maya.sees("C0RANDOM")
    assert "*ESC-1* (Acme) is still unclaimed" in note.text
    assert note.text.count("archives") == 1
    assert SUPPORT in note.text


async def test_a_level_may_not_notify_a_channel_that_baton_is_not_in(quick_world: World) -> None:
    world = quick_world
    world.slack.workspace.add_channel("C0HEADS", "heads", members=["U0LEO"])
    ladder = LADDER.replace('"U0LEO", "S0MANAGERS"', '"C0HEADS"')
    with pytest.raises(CliError, match="Baton is not a member of #heads"):
        await world.applies(WITH_TARGETS.replace(LADDER, ladder))
