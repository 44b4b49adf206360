"""Offboarding: an owner's open cases are reassigned, and leads and new owners are notified."""

import asyncio
import os

import pytest
from click.testing import CliRunner

from bot.case.event import EventKind
from bot.people import CaseId, UserId
from handlers.cli.main import main
from handlers.cli.offboard import reassign_cases
from tests.builders import LEO
from tests.handlers.actions import escalates_and_claims
from tests.world import SUPPORT, TEAM, WORKSPACE, World, settings_for


async def maya_owns_two(world: World) -> None:
    for customer in ("Acme", "Globex"):
        await world.escalates(world.ana, Customer=customer)
    await world.maya.types("/baton claim 1", channel=SUPPORT)
    await world.maya.types("/baton claim 2", channel=SUPPORT)
    await world.settle()


async def test_the_cases_of_a_deactivated_owner_go_back_to_the_queue(
    world: World,
) -> None:
    await maya_owns_two(world)
    for _ in range(2):  # Slack may send the event twice
        await world.slack.changes_person("U0MAYA", deleted=True)
    await world.settle()
    for number in (1, 2):
        case = await world.case(number)
        assert case.owner is None
        kinds = [event.kind for event in case.history]
        assert kinds[-2:] == [EventKind.OWNER_LEFT, EventKind.RELEASED]
    messages = [it.text for it in world.slack.workspace.im("U0LEO").messages]
    [left] = [text for text in messages if "<@U0MAYA> has left" in text]
    assert "2 cases need a new owner:" in left
    assert "|ESC-1>* · Acme\nUnclaimed" in left
    assert "|ESC-2>* · Globex\nUnclaimed" in left
    assert world.leo.can_press(world.leo.dms()[-1]) == ["Claim", "Claim"]
    thread = [it.text for it in world.slack.workspace.channel(SUPPORT).messages if it.is_reply]
    assert any("ESC-1 is back in the queue.\n" in text for text in thread)
    assert not any("no word on it" in text for text in thread)


async def test_a_deactivation_without_an_event_is_noticed_by_the_next_refresh(
    quick_world: World,
) -> None:
    world = quick_world
    await maya_owns_two(world)
    world.slack.workspace.member("U0MAYA").deleted = True
    await world.later(days=2)
    assert (await world.case(1)).owner is None


def offboard(world: World, url: str, *arguments: str) -> tuple[int, str]:
    settings = settings_for(world.slack, url, mode="socket")
    env = {
        "DATABASE_URL": url,
        "SLACK_API_URL": settings.slack_api_url,
        "SLACK_BOT_TOKEN": world.slack.bot_token,
    }
    result = CliRunner().invoke(main, ["offboard", *arguments], env={**os.environ, **env})
    return result.exit_code, result.output


@pytest.mark.parametrize(("to", "owner"), [(None, None), ("U0LEO", "U0LEO")])
async def test_an_operator_reassigns_the_cases_of_an_owner(
    quick_world: World, sqlite_url: str, to: str | None, owner: str | None
) -> None:
    world = quick_world
    await maya_owns_two(world)
    arguments = ["U0MAYA", *(["--to", to] if to else [])]
    code, output = await asyncio.to_thread(offboard, world, sqlite_url, *arguments)
    assert code == 0, output
    where = f"Reassigned to {to}" if to else "Back in the queue"
    assert output.startswith(f"{where}: ESC-1, ESC-2.\n")
    assert "Each case's thread says so, and the leads are notified." in output
    assert "Support: U0MAYA is still listed under managers. Edit line 6 " in output
    await world.settle()
    assert [(await world.case(number)).owner for number in (1, 2)] == [owner, owner]
    code, output = await asyncio.to_thread(offboard, world, sqlite_url, *arguments)
    assert (code, "U0MAYA has no open cases" in output) == (0, True)


@pytest.mark.parametrize("to", [None, "U0LEO"])
async def test_a_lead_gets_one_message_about_all_the_cases(
    quick_world: World, to: UserId | None
) -> None:
    world = quick_world
    await maya_owns_two(world)
    await world.store.of(WORKSPACE).run(reassign_cases, UserId("U0MAYA"), to)
    await world.settle()
    [left] = [it.text for it in world.leo.dms() if "<@U0MAYA> has left" in it.text]
    assert ("need a new owner" in left) is (to is None)
    assert left.count("\n<@U0LEO>") == (0 if to is None else 2)
    assert not any("is assigned to you" in it.text for it in world.leo.dms())


async def test_the_new_owner_of_one_case_reads_who_had_it(quick_world: World) -> None:
    world = quick_world
    await escalates_and_claims(world)
    await world.store.of(WORKSPACE).run(reassign_cases, UserId("U0MAYA"), UserId("U0BEN"))
    await world.settle()
    notification = world.ben.dms()[-1].text
    assert "*ESC-1* (Acme) is assigned to you; <@U0MAYA> had it before." in notification


async def test_the_new_owner_of_several_cases_gets_one_message_with_buttons(
    quick_world: World,
) -> None:
    world = quick_world
    await maya_owns_two(world)
    await world.store.of(WORKSPACE).run(reassign_cases, UserId("U0MAYA"), UserId("U0BEN"))
    await world.settle()
    [left] = [it for it in world.ben.dms() if "has left" in it.text]
    expected = (
        "<@U0MAYA> has left. Their 2 cases are yours now. Please say hello to each customer.\n"
    )
    assert expected in left.text
    assert world.ben.can_press(left) == ["Update", "Update"]


@pytest.mark.parametrize(
    ("released", "expected"),
    [
        (False, "Their case is yours now. Please say hello to its customer.\n"),
        (True, "One case needs a new owner:\n"),
    ],
)
async def test_a_lead_reads_the_state_of_a_case_at_the_time_of_sending(
    quick_world: World, released: bool, expected: str
) -> None:
    world = quick_world
    await escalates_and_claims(world)
    workspace_store = world.store.of(WORKSPACE)
    await workspace_store.run(reassign_cases, UserId("U0MAYA"), UserId("U0LEO"))
    if released:
        await workspace_store.run(lambda tx: tx.cases.get(CaseId(1)).release("", by=LEO, at=tx.now))
    await world.settle()
    assert f"<@U0MAYA> has left. {expected}" in world.leo.dms()[-1].text


async def test_the_output_mentions_leads_only_if_the_team_has_some(
    quick_world: World, sqlite_url: str
) -> None:
    world = quick_world
    await world.applies(TEAM.replace('leads = ["U0LEO"]\n', ""))
    await maya_owns_two(world)
    _, output = await asyncio.to_thread(offboard, world, sqlite_url, "U0MAYA")
    assert "Back in the queue: ESC-1, ESC-2.\nEach case's thread says so.\n" in output


async def test_cases_are_not_reassigned_to_a_person_who_cannot_own_them(
    quick_world: World, sqlite_url: str
) -> None:
    world = quick_world
    await maya_owns_two(world)
    code, output = await asyncio.to_thread(offboard, world, sqlite_url, "U0MAYA", "--to", "U0ANA")
    assert code == 2
    assert "Only managers and leads of Support" in output
    assert "Nothing was changed." in output
    assert (await world.case(1)).owner == "U0MAYA"
