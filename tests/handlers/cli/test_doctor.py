"""baton doctor reports each problem together with its fix."""

import asyncio
import copy
import re
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import SecretStr

from bot.settings import Settings
from handlers.cli.doctor.app import check_clock
from handlers.cli.doctor.command import find_problems
from handlers.cli.main import main
from handlers.manifest import manifest
from handlers.process import Part, running
from handlers.sandbox import Sandbox
from tests.handlers.actions import escalates
from tests.handlers.test_process import a_slack, environment
from tests.world import (
    MONDAY_9AM,
    SUPPORT,
    TEAM,
    World,
    a_world,
    apply_team_to,
    settings_for,
)


@pytest.fixture
def settings(quick_world: World, sqlite_url: str) -> Settings:
    return settings_for(quick_world.slack, sqlite_url, mode="socket")


async def found(settings: Settings) -> list[str]:
    return [problem async for problem in find_problems(settings)]


async def test_a_healthy_installation_has_no_problems(database_url: str) -> None:
    async with a_world(database_url, mode="http") as world:
        assert await found(settings_for(world.slack, database_url, mode="http")) == []


def removes_baton(slack: Sandbox) -> None:
    slack.workspace.channel(SUPPORT).members.remove(slack.workspace.app.user)


def archives_the_channel(slack: Sandbox) -> None:
    slack.workspace.channel(SUPPORT).archived = True


def shares_the_channel(slack: Sandbox) -> None:
    slack.workspace.channel(SUPPORT).shared = True


def deletes_the_channel(slack: Sandbox) -> None:
    del slack.workspace.channels[SUPPORT]


def drops_a_scope(slack: Sandbox) -> None:
    reduced = copy.deepcopy(manifest())
    reduced["oauth_config"]["scopes"]["bot"].remove("channels:history")
    slack.workspace.install_manifest(reduced)


def moves_everyone(slack: Sandbox) -> None:
    for person in slack.workspace.people.values():
        person.tz = "Asia/Tokyo"


def deactivates_a_manager(slack: Sandbox) -> None:
    slack.workspace.member("U0MAYA").deleted = True


def demotes_a_manager_to_guest(slack: Sandbox) -> None:
    slack.workspace.member("U0MAYA").guest = True


def deletes_a_lead(slack: Sandbox) -> None:
    del slack.workspace.people["U0LEO"]


def deletes_the_group(slack: Sandbox) -> None:
    del slack.workspace.groups["S0MANAGERS"]


def empties_the_group(slack: Sandbox) -> None:
    slack.workspace.groups["S0MANAGERS"].members = []


@pytest.mark.parametrize(
    ("breaks", "expected", "fix"),
    [
        (removes_baton, "Support: Baton is not in #support", "/invite @Baton"),
        (shares_the_channel, "#support is shared with another company", "Stop sharing it"),
        (archives_the_channel, "Support: #support is archived", "Unarchive it"),
        (
            deletes_the_channel,
            "does not show Baton the channel C0SUPPORT (channel_not_found)",
            "/invite",
        ),
        (drops_a_scope, "The Slack app lacks these scopes: channels:history", "reinstall the app"),
        (
            moves_everyone,
            "time zone is Europe/Berlin, but the people it names are in Asia/Tokyo",
            "baton config apply",
        ),
        (
            deactivates_a_manager,
            "U0MAYA (@maya) is deactivated, not a full member of the workspace",
            "baton config apply",
        ),
        (
            demotes_a_manager_to_guest,
            "U0MAYA (@maya) is a guest, not a full member of the workspace",
            "baton config apply",
        ),
        (deletes_a_lead, "Slack does not know U0LEO (user_not_found)", "baton config apply"),
        (
            deletes_the_group,
            "does not list the members of the group S0MANAGERS (no_such_subteam)",
            "baton config apply",
        ),
        (empties_the_group, "The group S0MANAGERS has no members", "Add people"),
    ],
)
async def test_each_mismatch_with_slack_is_the_only_problem_reported(
    quick_world: World,
    settings: Settings,
    breaks: Callable[[Sandbox], None],
    expected: str,
    fix: str,
) -> None:
    breaks(quick_world.slack)
    [problem] = await found(settings)
    assert expected in problem
    assert fix in problem
    assert "\n" not in problem


async def test_a_database_that_others_can_read_is_reported(
    quick_world: World, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "baton.db").chmod(0o644)
    [problem] = await found(settings)
    assert problem.startswith("Other users of this machine can read ")
    assert "chmod 600" in problem


async def test_a_stopped_worker_is_reported(quick_world: World, settings: Settings) -> None:
    await escalates(quick_world)  # months ago by this machine's clock, so its messages are overdue
    [problem] = await found(settings)
    assert "baton worker" in problem


async def test_a_web_process_without_a_worker_is_reported_though_nothing_is_due(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_slack() as slack:
        settings = settings_for(slack, database_url, mode="http")
        await apply_team_to(slack, database_url, TEAM)
        async with running(settings, Part.WEB):
            [problem] = await found(settings)
            assert problem.startswith("No worker was seen for 60 s")
            async with running(settings, Part.WORKER):
                assert await found(settings) == []
        for name, value in environment(slack, database_url, mode="http").items():
            monkeypatch.setenv(name, value)
        if settings.baton_keys is not None:
            monkeypatch.setenv("BATON_KEYS", settings.baton_keys.get_secret_value())
        async with running(settings):
            answer = await asyncio.to_thread(CliRunner().invoke, main, ["doctor"])
    assert re.match(r"Process \S+ \(web, worker, version \S+\): seen \d s ago\.\n", answer.output)


def test_a_wrong_clock_is_reported() -> None:
    headers = {"date": format_datetime(MONDAY_9AM, usegmt=True)}
    assert not list(check_clock(headers, MONDAY_9AM + timedelta(seconds=59)))
    [problem] = check_clock(headers, MONDAY_9AM - timedelta(minutes=4))
    assert "This host's clock is -240 s off Slack's. Synchronize it with NTP" in problem


async def test_a_revoked_token_is_reported(quick_world: World, settings: Settings) -> None:
    quick_world.slack.faults.next("auth.test", "error:token_revoked")
    [problem] = await found(settings)
    assert "SLACK_BOT_TOKEN (token_revoked)" in problem
    other = settings.model_copy(update={"slack_app_token": SecretStr("xapp-wrong")})
    [problem] = await found(other)
    assert "SLACK_APP_TOKEN (invalid_auth)" in problem


@pytest.mark.parametrize("fault", ["server_error", "reset_before"])
async def test_a_slack_outage_is_a_problem_and_not_a_traceback(
    quick_world: World, settings: Settings, fault: str
) -> None:
    quick_world.slack.faults.next("auth.test", fault)
    [problem] = await found(settings)
    assert problem.startswith("Slack ")


async def test_an_old_schema_and_an_unreachable_database_are_reported(
    quick_world: World, settings: Settings, tmp_path: Path
) -> None:
    fresh = settings.model_copy(update={"database_url": f"sqlite:///{tmp_path / 'new.db'}"})
    [problem] = await found(fresh)
    assert "Run: baton migrate" in problem
    unreachable = settings.model_copy(update={"database_url": "sqlite:////no/such/folder/baton.db"})
    [problem] = await found(unreachable)
    assert "The database does not open" in problem


async def test_the_command_exits_with_1_until_every_problem_is_fixed(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with a_slack() as slack:
        for name, value in environment(slack, sqlite_url, mode="socket").items():
            monkeypatch.setenv(name, value)
        broken = await asyncio.to_thread(CliRunner().invoke, main, ["doctor"])
        assert (broken.exit_code, broken.output.count("Problem: ")) == (1, 1), broken.output
        assert "Problem: No team is set up yet" in broken.output
        document = tmp_path / "support.toml"
        await asyncio.to_thread(document.write_text, TEAM)
        await asyncio.to_thread(CliRunner().invoke, main, ["config", "apply", str(document)])
        fixed = await asyncio.to_thread(CliRunner().invoke, main, ["doctor"])
        assert fixed.exit_code == 0
        assert fixed.output == (
            "No process of Baton is running. Start one with: baton run\nNo problems found.\n"
        )
