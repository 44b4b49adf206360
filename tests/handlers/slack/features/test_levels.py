"""A case that nobody claims gets louder, level by level, until somebody does."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from handlers.cli.cli_error import CliError
from tests.builders import berlin
from tests.handlers.actions import assert_no_twins
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
PROMISES = TEAM.replace('{ claim = "15m" }', '{ claim = "15m", resolution = "4h" }') + LADDER


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with a_world(database_url, mode="socket", team=PROMISES) as world:
        yield world


@pytest.fixture
async def quick_world(sqlite_url: str) -> AsyncIterator[World]:
    async with a_world(sqlite_url, mode="socket", team=PROMISES) as world:
        yield world


async def test_nobody_claims_it_and_each_level_is_told_in_its_turn(world: World) -> None:
    await world.escalates(world.ana)
    await world.until(berlin("2026-03-02 09:15"))
    assert "is late, and nobody has it" in world.maya.thread(world.card)[-1].text
    assert "Nobody claimed *ESC-1* (Acme)" in world.maya.dms()[-1].text
    assert "Nobody claimed *ESC-1* (Acme)" in world.leo.dms()[-1].text

    await world.until(berlin("2026-03-02 09:30"))
    assert "Nobody has ESC-1 yet: claim due" in world.maya.thread(world.card)[-1].text
    assert "(15 min late)" in world.maya.dms()[-1].text
    leo = len(world.leo.dms())

    await world.until(berlin("2026-03-02 10:00"))
    assert "(45 min late)" in world.leo.dms()[-1].text
    assert len(world.leo.dms()) == leo + 1

    await world.maya.presses("Claim", on=world.maya.dms()[-1])
    await world.until(berlin("2026-03-02 13:00"))
    await world.until(berlin("2026-03-02 14:00"))
    assert "resolution due" in world.leo.dms()[-2].text
    assert "<@U0MAYA> has it; can you help?" in world.leo.dms()[-1].text
    assert_no_twins(world)


async def test_after_an_outage_of_six_hours_there_is_one_message_for_each(world: World) -> None:
    await world.escalates(world.ana)
    before = len(world.maya.thread(world.card))
    world.clock.wind(timedelta(hours=6))
    await world.settle()
    await world.later(minutes=30)
    assert len(world.maya.thread(world.card)) == before + 1
    assert "(5 h 45 min late)" in world.maya.thread(world.card)[-1].text
    assert len(world.maya.dms()) == 1
    assert len(world.leo.dms()) == 1


async def test_the_card_says_that_a_level_waits_for_its_hours(
    quick_world: World,
) -> None:
    world = quick_world
    held = LADDER.replace("repeat = 1", 'hours = "evenings"\nif_nobody = "hold"\nrepeat = 1')
    evenings = '[calendars.evenings]\nmon = ["17:00-20:00"]\n'
    await world.applies(PROMISES.replace(LADDER, held) + evenings)
    await world.escalates(world.ana)
    await world.until(berlin("2026-03-02 09:16"))
    assert ":zzz: Nobody is on duty: a level waits until <!date^" in world.card.text
    await world.until(berlin("2026-03-02 17:01"))
    assert ":zzz:" not in world.card.text


async def test_another_channel_hears_where_baton_is_in_it(
    quick_world: World,
) -> None:
    world = quick_world
    ladder = LADDER.replace('"U0LEO", "S0MANAGERS"', '"C0RANDOM"')
    await world.applies(PROMISES.replace(LADDER, ladder))
    await world.escalates(world.ana)
    await world.until(berlin("2026-03-02 09:15"))
    await world.until(berlin("2026-03-02 10:00"))
    [note] = world.maya.sees("C0RANDOM")
    assert "Nobody has *ESC-1* (Acme) yet" in note.text
    assert note.text.count("archives") == 1
    assert SUPPORT in note.text


async def test_a_channel_that_baton_is_not_in_is_refused_in_words(
    quick_world: World,
) -> None:
    world = quick_world
    world.slack.workspace.add_channel("C0HEADS", "heads", members=["U0LEO"])
    ladder = LADDER.replace('"U0LEO", "S0MANAGERS"', '"C0HEADS"')
    with pytest.raises(CliError, match="Baton is not in #heads"):
        await world.applies(PROMISES.replace(LADDER, ladder))
