"""The audit trail: a case's history in Slack, and baton audit verify."""

import asyncio
import json
import re
from datetime import datetime

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from bot.audit import Decision
from bot.keys import RootKeys
from handlers.cli.main import main
from storage.database.engines import read_url
from tests.handlers.actions import SOLVED, escalates_and_claims
from tests.world import RANDOM, ROOT_KEYS, SUPPORT, TEAM, WORKSPACE, World, a_world

WITH_ADMIN = TEAM.replace('leads = ["U0LEO"]', 'leads = ["U0LEO"]\nadmins = ["U0ADA"]')


async def test_the_history_of_a_case_lists_actions_and_refusals(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.ana.types("/baton claim 1", channel=SUPPORT)
    await world.maya.types("/baton claim 1", channel=SUPPORT)
    for spelling in ("history 1", "1 history", "ESC-1 HISTORY", "history #1"):
        await world.ben.types(f"/baton {spelling}", channel=RANDOM)
        lines = world.ben.ephemerals[-1].splitlines()
        assert lines[0] == "*ESC-1 · Acme*"
        assert lines[1].endswith("*opened* by <@U0ANA>")
        assert lines[2].endswith("*claim* denied to <@U0ANA>")
        assert lines[3].endswith("*claimed* by <@U0MAYA>")


async def test_the_history_describes_changes_without_field_names(quick_world: World) -> None:
    world = quick_world
    await escalates_and_claims(world)
    await world.maya.presses("Next: History reviewed", on=world.card)
    await world.maya.presses("More", on=world.card)
    await world.maya.presses("Edit")
    await world.maya.fills({"Mood": "Angry", "What is at stake?": ["Churn risk"]})
    await world.maya.fills({"What does the customer want?": "A call", "Category": "Outage"})
    await world.maya.submits()
    await world.settle()
    await world.maya.presses("Resolve", on=world.card)
    await world.maya.fills({**SOLVED, "Prevention due by": "2026-03-16", "Prevention owner": "Ben"})
    await world.maya.submits()
    await world.leo.types("/baton history 1", channel=RANDOM)
    history = world.leo.ephemerals[-1]
    assert "*history reviewed* by <@U0MAYA>" in history
    assert "churn risk: no → yes, mood: none → angry, wish added" in history
    assert "root cause added" in history
    assert "prevention by: none → <!date^" in history
    assert "prevention owner: none → <@U0BEN>" in history
    assert not re.search("characters|True|False|status", history)


async def test_the_history_is_hidden_from_people_who_cannot_see_the_case(
    quick_world: World,
) -> None:
    world = quick_world
    await world.escalates(world.maya)
    await world.ana.types("/baton history 1", channel=RANDOM)
    assert "Only managers of Support" in world.ana.ephemerals[-1]
    await world.ana.types("/baton history", channel=RANDOM)
    assert "Which case?" in world.ana.ephemerals[-1]


async def test_a_case_that_an_admin_views_is_recorded_in_the_trail(sqlite_url: str) -> None:
    async with a_world(sqlite_url, mode="socket", team=WITH_ADMIN) as world:
        world.slack.workspace.add_person("U0ADA", "ada", "Ada")
        world.slack.workspace.channel(RANDOM).members.append("U0ADA")
        await world.reads_people()
        await world.escalates(world.ana)
        for reader in (world.slack.person("U0ADA"), world.leo, world.ana):
            await reader.types("/baton 1", channel=RANDOM)
            assert "Acme" in reader.ephemerals[-1]
        links = await world.store.of(WORKSPACE).read(lambda tx: tx.audit.after(0))
        views = [link.entry for link in links if link.entry.step == "see"]
        assert [(it.who, it.decision) for it in views] == [("U0ADA", Decision.DONE)]


async def baton(url: str, *args: str, keys: str = "") -> tuple[int, str]:
    """Run a command; return its exit code and its output."""
    env = {"DATABASE_URL": url, "BATON_KEYS": keys}
    result = await asyncio.to_thread(CliRunner().invoke, main, args, env=env)
    return result.exit_code, result.output


@pytest.fixture
async def audited(database_url: str) -> str:
    """A database in which a case was opened and claimed."""
    async with a_world(database_url, mode="socket") as world:
        await world.escalates(world.ana)
        await world.maya.types("/baton claim 1", channel=SUPPORT)
    return database_url


def keys_for(url: str) -> str:
    return "" if url.startswith("sqlite") else ROOT_KEYS


async def test_an_intact_trail_passes(audited: str) -> None:
    code, output = await baton(audited, "audit", "verify", keys=keys_for(audited))
    assert (code, "3 entries, all intact; sealed with a key: 3" in output) == (0, True), output


async def test_the_first_changed_entry_is_named(audited: str) -> None:
    engine = create_engine(read_url(audited))
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER audit_only_erases"))
        else:
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE audit SET who = 'U0BEN' WHERE number >= 2"))
    engine.dispose()
    code, output = await baton(audited, "audit", "verify", keys=keys_for(audited))
    assert (code, "entry 2 is not as it was written" in output) == (1, True), output


async def test_a_noted_head_is_found_again_and_a_removed_one_is_missed(audited: str) -> None:
    keys = keys_for(audited)
    code, output = await baton(audited, "audit", "head", "--json")
    head = json.loads(output)
    assert (code, head["workspace"], head["number"]) == (0, WORKSPACE, 3)
    assert datetime.fromisoformat(head["at"]).tzinfo is not None
    noted = f"3:{head['seal']}"
    assert noted in (await baton(audited, "audit", "head"))[1]
    for anchor in (noted, noted[:18]):
        code, output = await baton(audited, "audit", "verify", "--head", anchor, keys=keys)
        assert code == 0, output
    for lost in (f"2:{head['seal']}", f"4:{head['seal']}"):
        code, output = await baton(audited, "audit", "verify", "--head", lost, keys=keys)
        assert (code, f"The entry {lost} is not part of the trail." in output) == (1, True), output
    for nonsense in ("3", "3:abc", f"three:{head['seal']}"):
        code, output = await baton(audited, "audit", "verify", "--head", nonsense, keys=keys)
        assert (code, "is not a head. Write NUMBER:SEAL" in output) == (2, True), output


async def test_verify_says_which_key_is_missing(audited: str) -> None:
    other = RootKeys().rotated(b"another key".ljust(32)).written()
    code, output = await baton(audited, "audit", "verify", keys=other)
    assert (code, "entry 1 is sealed with the key" in output) == (1, True), output
    assert "which is missing here. Add it to the keys" in output
    code, output = await baton(audited, "audit", "verify", keys="%")
    assert code == 2
    assert "BATON_KEYS has no usable keys: key 1 is not base64url" in output


def test_an_operator_sees_who_looked_at_a_customer(looked_at: str) -> None:
    env = {"DATABASE_URL": looked_at}
    seen = CliRunner().invoke(main, ["audit", "customer", " ACME"], env=env)
    assert (seen.exit_code, seen.output) == (0, "T0SANDBOX  2026-03-02 08:00 UTC  U0MAYA\n")
    unseen = CliRunner().invoke(main, ["audit", "customer", "Globex"], env=env)
    assert (unseen.exit_code, unseen.output) == (
        0,
        "The audit trail has no look at this customer.\n",
    )


@pytest.fixture
async def looked_at(sqlite_url: str) -> str:
    """A database in which Maya and Ana looked at a customer; Ana did not see all facts."""
    async with a_world(sqlite_url, mode="socket") as world:
        await world.escalates(world.ana)
        for reader in (world.maya, world.ana):
            await reader.types("/baton customer Acme", channel=SUPPORT)
    return sqlite_url
