"""The audit trail as people read it, and as an operator has it verified."""

import asyncio
import re

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from bot.audit import Decision
from handlers.cli.main import main
from tests.handlers.actions import SOLVED, is_claimed
from tests.world import RANDOM, SUPPORT, TEAM, WORKSPACE, World, a_world

WITH_ADMIN = TEAM.replace('leads = ["U0LEO"]', 'leads = ["U0LEO"]\nadmins = ["U0ADA"]')


async def test_a_cases_history_is_read_in_plain_words(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.ana.types("/baton claim 1", channel=SUPPORT)
    await world.maya.types("/baton claim 1", channel=SUPPORT)
    for asked in ("history 1", "1 history", "ESC-1 HISTORY", "history #1"):
        await world.ben.types(f"/baton {asked}", channel=RANDOM)
        told = world.ben.ephemerals[-1].splitlines()
        assert told[0] == "*ESC-1 · Acme*"
        assert told[1].endswith("*opened* by <@U0ANA>")
        assert told[2].endswith("<@U0ANA> was not allowed to claim")
        assert told[3].endswith("*claimed* by <@U0MAYA>")


async def test_a_history_tells_what_changed_as_people_say_it(quick_world: World) -> None:
    world = quick_world
    await is_claimed(world)
    await world.maya.presses("Next: History reviewed", on=world.card)
    await world.maya.presses("More", on=world.card)
    await world.maya.presses("Edit")
    await world.maya.fills({"How are they?": "Angry", "What is at stake?": ["Churn risk"]})
    await world.maya.fills({"What does the customer want?": "A call", "Category": "Outage"})
    await world.maya.submits()
    await world.settle()
    await world.maya.presses("Resolve", on=world.card)
    await world.maya.fills({**SOLVED, "By which day?": "2026-03-16", "Who sees to it?": "Ben"})
    await world.maya.submits()
    await world.leo.types("/baton history 1", channel=RANDOM)
    told = world.leo.ephemerals[-1]
    assert "*history read* by <@U0MAYA>" in told
    assert "churn risk: no → yes, mood: none → angry, wish written" in told
    assert "root cause written" in told
    assert "prevention by: none → <!date^" in told
    assert "prevention owner: none → <@U0BEN>" in told
    assert not re.search("characters|True|False|status", told)


async def test_only_those_who_may_see_a_case_read_its_history(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.maya)
    await world.ana.types("/baton history 1", channel=RANDOM)
    assert "Only managers of Support" in world.ana.ephemerals[-1]
    await world.ana.types("/baton history", channel=RANDOM)
    assert "Which case?" in world.ana.ephemerals[-1]


async def test_what_only_an_admin_may_look_at_is_on_record(sqlite_url: str) -> None:
    async with a_world(sqlite_url, mode="socket", team=WITH_ADMIN) as world:
        world.slack.workspace.add_person("U0ADA", "ada", "Ada")
        world.slack.workspace.channel(RANDOM).members.append("U0ADA")
        await world.escalates(world.ana)
        for somebody in (world.slack.person("U0ADA"), world.leo, world.ana):
            await somebody.types("/baton 1", channel=RANDOM)
            assert "Acme" in somebody.ephemerals[-1]
        links = await world.store.of(WORKSPACE).read(lambda tx: tx.audit.after(0))
        looks = [link.entry for link in links if link.entry.step == "see"]
        assert [(it.who, it.decision) for it in looks] == [("U0ADA", Decision.DONE)]


def verify(url: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["audit", "verify"], env={"DATABASE_URL": url})
    return result.exit_code, result.output


@pytest.fixture
async def told(sqlite_url: str) -> str:
    """A database in which a case was opened and claimed."""
    async with a_world(sqlite_url, mode="socket") as world:
        await world.escalates(world.ana)
        await world.maya.types("/baton claim 1", channel=SUPPORT)
    return sqlite_url


async def test_a_whole_trail_is_verified(told: str) -> None:
    code, output = await asyncio.to_thread(verify, told)
    assert (code, "3 entries, all as they were written" in output) == (0, True), output


async def test_the_first_entry_that_was_changed_is_named(told: str) -> None:
    engine = create_engine(told)
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_never_changes"))
        connection.execute(text("UPDATE audit SET who = 'U0BEN' WHERE number >= 2"))
    engine.dispose()
    code, output = await asyncio.to_thread(verify, told)
    assert (code, "entry 2 is not as it was written" in output) == (1, True), output
