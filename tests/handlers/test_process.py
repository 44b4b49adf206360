"""Real processes, started and stopped as an operator would."""

import asyncio
import os
import signal
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing

import aiohttp
import pytest
from click.testing import CliRunner

from handlers.cli.main import main
from handlers.sandbox import Clock, Sandbox
from storage.store import wall_clock
from tests.world import SUPPORT, TEAM, add_people, apply_team_to

IN_TIME = 60  # seconds for a process to start, to act, or to end
CASES = 4
ANSWERS = {
    "Customer": "Acme",
    "What happened?": "Users cannot log in",
    "Why does it need a manager?": ["Risk"],
}


@asynccontextmanager
async def a_slack() -> AsyncIterator[Sandbox]:
    """A workspace on the real clock, which the processes use too."""
    slack = Sandbox(Clock(wall_clock(), running=True))
    add_people(slack)
    async with slack.serving():
        yield slack


def environment(slack: Sandbox, database_url: str, *, mode: str) -> dict[str, str]:
    how = {"SLACK_APP_TOKEN": slack.app_token}
    if mode == "http":
        how = {"SLACK_SIGNING_SECRET": slack.signing_secret}
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("SLACK_")},
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": database_url,
        "PORT": "0",
        **how,
    }


@asynccontextmanager
async def a_process(command: str, env: dict[str, str]) -> AsyncIterator[tuple[Process, str]]:
    """Start a process; yield it with the address that it prints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", command, env=env, stderr=PIPE
    )
    assert process.stderr is not None
    output = b""
    try:
        async with asyncio.timeout(IN_TIME):
            while b"Stop it with" not in output:
                line = await process.stderr.readline()
                assert line, f"the process ended: {output.decode()}"
                output += line
        yield process, output.decode().partition("http://")[2].split(" ")[0]
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def eventually(what: Callable[[], Awaitable[bool] | bool]) -> None:
    """Wait until the condition holds."""
    async with asyncio.timeout(IN_TIME):
        while True:
            seen = what()
            if seen if isinstance(seen, bool) else await seen:
                return
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_one_process_handles_a_case_and_stops_on_sigterm(sqlite_url: str, mode: str) -> None:
    async with a_slack() as slack:
        env = environment(slack, sqlite_url, mode=mode)
        await apply_team_to(slack, sqlite_url, TEAM)
        async with a_process("run", env) as (process, address):
            slack.request_url = f"http://{address}/slack/events"
            ana, maya = slack.person("U0ANA"), slack.person("U0MAYA")
            await ana.types("/escalate", channel=SUPPORT)
            await ana.fills(ANSWERS)
            await ana.submits()
            await eventually(lambda: len(maya.sees(SUPPORT)) == 1)
            await maya.presses("Claim", on=maya.sees(SUPPORT)[0])
            await eventually(lambda: "Owner: <@U0MAYA>" in maya.sees(SUPPORT)[0].text)
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(IN_TIME):
                assert await process.wait() == 0


async def test_two_web_and_two_worker_processes_share_the_work(postgres_url: str) -> None:
    async with a_slack() as slack, AsyncExitStack() as stack:
        env = environment(slack, postgres_url, mode="socket")
        await apply_team_to(slack, postgres_url, TEAM)
        for command in ("web", "web", "worker", "worker"):
            await stack.enter_async_context(a_process(command, env))
        slack.pace.on = False
        ana, maya = slack.person("U0ANA"), slack.person("U0MAYA")
        for number in range(CASES):
            await ana.types("/escalate", channel=SUPPORT)
            await ana.fills({**ANSWERS, "What happened?": f"Users cannot log in, {number}"})
            await ana.submits()
        await eventually(lambda: len(maya.sees(SUPPORT)) == CASES)
        await eventually(lambda: len(ana.dms()) == CASES)
        titles = [card.text.split("\n")[0] for card in maya.sees(SUPPORT)]
        assert sorted(titles) == sorted(f"ESC-{number} · Acme" for number in range(1, CASES + 1))


async def test_health_and_metrics_are_served(sqlite_url: str) -> None:
    async with a_slack() as slack:
        env = environment(slack, sqlite_url, mode="socket")
        async with (
            a_process("run", env) as (_, address),
            aiohttp.ClientSession(f"http://{address}") as session,
        ):
            async with session.get("/healthz") as alive:
                assert (alive.status, await alive.text()) == (200, "alive")
            async with session.get("/readyz") as ready:
                assert await ready.json() == {"ready": True}
            async with session.get("/status") as status:
                answer = await status.json()
                assert (status.status, answer["problems"]) == (200, [])
                assert [it["parts"] for it in answer["processes"]] == [["web", "worker"]]
            async with session.get("/metrics") as metrics:
                assert "baton_case_late_seconds 0.0" in await metrics.text()
            async with session.post("/slack/events") as response:
                assert response.status == 404  # in Socket Mode there is no endpoint


async def test_a_worker_serves_health_and_metrics_too(postgres_url: str) -> None:
    async with a_slack() as slack:
        env = environment(slack, postgres_url, mode="http")
        async with (
            a_process("worker", env) as (_, address),
            aiohttp.ClientSession(f"http://{address}") as session,
        ):
            for path in ("/healthz", "/readyz", "/status", "/metrics"):
                async with session.get(path) as answer:
                    assert answer.status == 200
            async with session.post("/slack/events") as response:
                assert response.status == 404  # a worker receives no requests from Slack


async def test_a_broken_database_ends_the_start_with_one_line(sqlite_url: str) -> None:
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        connection.execute("DROP TABLE people")
    async with a_slack() as slack:
        env = environment(slack, sqlite_url, mode="http")
        command = [sys.executable, "-m", "bot", "run"]
        process = await asyncio.create_subprocess_exec(*command, env=env, stderr=PIPE)
        async with asyncio.timeout(IN_TIME):
            _, output = await process.communicate()
    assert process.returncode == 2
    assert output.decode().splitlines()[-1] == (
        "Error: Baton cannot use its database: no such table: people. "
        "To find the cause, run: baton doctor"
    )
    assert b"Traceback" not in output


@pytest.mark.parametrize("command", ["run", "web", "worker"])
def test_all_missing_settings_are_named_at_once(
    command: str, monkeypatch: pytest.MonkeyPatch, sqlite_url: str
) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    answer = CliRunner().invoke(main, [command])
    assert answer.exit_code == 2
    assert "SLACK_BOT_TOKEN" in answer.output
    assert ("SLACK_APP_TOKEN" in answer.output) == (command != "worker")


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("PORT", "many", "PORT"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL"),
        ("DATABASE_URL", "sqlite:////no/such/folder/baton.db", "DATABASE_URL"),
        ("DATABASE_URL", "postgres://baton@127.0.0.1:1/none", "DATABASE_URL"),
    ],
)
def test_an_invalid_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, named: str
) -> None:
    monkeypatch.setenv(name, value)
    answer = CliRunner().invoke(main, ["migrate"])
    assert answer.exit_code == 2
    assert named in answer.output
    assert "Traceback" not in answer.output


def test_migrating_twice_is_harmless(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    for _ in range(2):
        answer = CliRunner().invoke(main, ["migrate"])
        assert answer.output == "The database is up to date.\n"


async def test_a_taken_port_ends_the_process_with_a_message(sqlite_url: str) -> None:
    async with a_slack() as slack:
        _, _, taken = slack.page_url.rstrip("/").rpartition(":")
        env = environment(slack, sqlite_url, mode="http") | {"METRICS_BIND": f"127.0.0.1:{taken}"}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env=env, stderr=PIPE
        )
        async with asyncio.timeout(IN_TIME):
            _, output = await process.communicate()
        assert process.returncode == 2
        assert (
            f"Address already in use: 127.0.0.1:{taken}. Set PORT and METRICS_BIND"
            in output.decode()
        )
        assert b"Traceback" not in output


async def test_a_refused_app_token_ends_the_process_with_a_message(sqlite_url: str) -> None:
    async with a_slack() as slack:
        env = environment(slack, sqlite_url, mode="socket") | {"SLACK_APP_TOKEN": "xapp-wrong"}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env=env, stderr=PIPE
        )
        async with asyncio.timeout(IN_TIME):
            _, output = await process.communicate()
        assert process.returncode == 2
        assert b"Slack refuses SLACK_APP_TOKEN (invalid_auth)" in output
