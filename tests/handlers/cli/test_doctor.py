"""baton doctor: each thing that is wrong is found, with how to mend it."""

import asyncio
import copy
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import SecretStr

from bot.settings import Settings
from handlers.cli.doctor.app import wrong_with_clock
from handlers.cli.doctor.command import examine
from handlers.cli.main import main
from handlers.manifest import manifest
from handlers.sandbox import Sandbox
from tests.handlers.actions import escalates
from tests.handlers.test_process import a_slack, environment
from tests.world import MONDAY_9AM, SUPPORT, TEAM, World, a_world, settings_for


@pytest.fixture
def settings(quick_world: World, sqlite_url: str) -> Settings:
    return settings_for(quick_world.slack, sqlite_url, mode="socket")


async def found(settings: Settings) -> list[str]:
    return [wrong async for wrong in examine(settings)]


async def test_where_all_is_well_nothing_is_found(database_url: str) -> None:
    async with a_world(database_url, mode="http") as world:
        assert await found(settings_for(world.slack, database_url, mode="http")) == []


def leaves(slack: Sandbox) -> None:
    slack.workspace.channel(SUPPORT).members.remove(slack.workspace.app.user)


def archives(slack: Sandbox) -> None:
    slack.workspace.channel(SUPPORT).archived = True


def vanishes(slack: Sandbox) -> None:
    del slack.workspace.channels[SUPPORT]


def forgets_a_scope(slack: Sandbox) -> None:
    less = copy.deepcopy(manifest())
    less["oauth_config"]["scopes"]["bot"].remove("channels:history")
    slack.workspace.install_manifest(less)


def moves_everyone(slack: Sandbox) -> None:
    for person in slack.workspace.people.values():
        person.tz = "Asia/Tokyo"


def deactivates(slack: Sandbox) -> None:
    slack.workspace.member("U0MAYA").deleted = True


def makes_a_guest(slack: Sandbox) -> None:
    slack.workspace.member("U0MAYA").guest = True


def removes_somebody(slack: Sandbox) -> None:
    del slack.workspace.people["U0LEO"]


def removes_the_group(slack: Sandbox) -> None:
    del slack.workspace.groups["S0MANAGERS"]


def empties_the_group(slack: Sandbox) -> None:
    slack.workspace.groups["S0MANAGERS"].members = []


@pytest.mark.parametrize(
    ("breaks", "told", "cure"),
    [
        (leaves, "Support: Baton is not in #support", "/invite @Baton"),
        (archives, "Support: #support is archived", "Unarchive it"),
        (vanishes, "does not show us the channel C0SUPPORT (channel_not_found)", "/invite"),
        (forgets_a_scope, "the app lacks channels:history", "install the app again"),
        (moves_everyone, "nobody whom it names lives in Europe/Berlin, but in Asia/Tokyo", "apply"),
        (deactivates, "U0MAYA, maya in Slack, is no member but deactivated", "baton config apply"),
        (makes_a_guest, "U0MAYA, maya in Slack, is no member but guest", "baton config apply"),
        (removes_somebody, "Slack does not know U0LEO (user_not_found)", "baton config apply"),
        (removes_the_group, "who is in the group S0MANAGERS (no_such_subteam)", "config apply"),
        (empties_the_group, "nobody is in the group S0MANAGERS", "Add people"),
    ],
)
async def test_what_does_not_fit_slack_is_found_and_nothing_else(
    quick_world: World,
    settings: Settings,
    breaks: Callable[[Sandbox], None],
    told: str,
    cure: str,
) -> None:
    breaks(quick_world.slack)
    [wrong] = await found(settings)
    assert told in wrong
    assert cure in wrong
    assert "\n" not in wrong


async def test_a_stopped_worker_is_found(quick_world: World, settings: Settings) -> None:
    await escalates(quick_world)  # in a month that is long over, by the clock of this machine
    [wrong] = await found(settings)
    assert "baton worker" in wrong


def test_a_clock_that_is_wrong_is_found() -> None:
    slack_says = {"date": format_datetime(MONDAY_9AM, usegmt=True)}
    assert not list(wrong_with_clock(slack_says, MONDAY_9AM + timedelta(seconds=59)))
    [wrong] = wrong_with_clock(slack_says, MONDAY_9AM - timedelta(minutes=4))
    assert "this host's clock is -240 s off Slack's. Set it by NTP" in wrong


async def test_a_token_that_slack_takes_no_more_is_found(
    quick_world: World, settings: Settings
) -> None:
    quick_world.slack.faults.next("auth.test", "error:token_revoked")
    [wrong] = await found(settings)
    assert "SLACK_BOT_TOKEN (token_revoked)" in wrong
    other = settings.model_copy(update={"slack_app_token": SecretStr("xapp-wrong")})
    [wrong] = await found(other)
    assert "SLACK_APP_TOKEN (invalid_auth)" in wrong


@pytest.mark.parametrize("fault", ["server_error", "reset_before"])
async def test_a_slack_that_is_not_well_is_no_traceback(
    quick_world: World, settings: Settings, fault: str
) -> None:
    quick_world.slack.faults.next("auth.test", fault)
    [wrong] = await found(settings)
    assert wrong.startswith("Slack ")


async def test_an_old_schema_and_one_that_does_not_open_are_found(
    quick_world: World, settings: Settings, tmp_path: Path
) -> None:
    fresh = settings.model_copy(update={"database_url": f"sqlite:///{tmp_path / 'new.db'}"})
    [wrong] = await found(fresh)
    assert "Run: baton migrate" in wrong
    away = settings.model_copy(update={"database_url": "sqlite:////no/such/folder/baton.db"})
    [wrong] = await found(away)
    assert "the database does not open" in wrong


async def test_the_command_ends_with_1_until_nothing_is_wrong(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with a_slack() as slack:
        for name, value in environment(slack, sqlite_url, mode="socket").items():
            monkeypatch.setenv(name, value)
        sick = await asyncio.to_thread(CliRunner().invoke, main, ["doctor"])
        assert (sick.exit_code, sick.output.count("\n")) == (1, 1), sick.output
        assert "wrong: there is no team yet" in sick.output
        document = tmp_path / "support.toml"
        await asyncio.to_thread(document.write_text, TEAM)
        await asyncio.to_thread(CliRunner().invoke, main, ["config", "apply", str(document)])
        well = await asyncio.to_thread(CliRunner().invoke, main, ["doctor"])
        assert (well.exit_code, well.output) == (0, "All is well.\n")
