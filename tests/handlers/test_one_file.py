"""A real process on a SQLite file: other commands work next to it, a restored file is refused."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

from handlers.sandbox import Sandbox
from tests.handlers.cli.test_restored import back_up
from tests.handlers.test_process import (
    ANSWERS,
    IN_TIME,
    a_process,
    a_slack,
    environment,
    eventually,
)
from tests.world import SUPPORT, TEAM, apply_team_to


async def baton(env: dict[str, str], *arguments: str) -> tuple[int | None, str]:
    """Run a command in a process of its own; return its exit code and all that it prints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, env=env, stdout=PIPE, stderr=PIPE
    )
    async with asyncio.timeout(IN_TIME):
        output, errors = await process.communicate()
    return process.returncode, output.decode() + errors.decode()


async def escalate(slack: Sandbox, customer: str, cards: int) -> None:
    ana = slack.person("U0ANA")
    await ana.types("/escalate", channel=SUPPORT)
    await ana.fills({**ANSWERS, "Customer": customer})
    await ana.submits()
    await eventually(lambda: len(ana.sees(SUPPORT)) == cards)


async def test_commands_work_next_to_a_process_and_leave_its_locks_alone(sqlite_url: str) -> None:
    async with a_slack() as slack:
        env = environment(slack, sqlite_url, mode="socket")
        await apply_team_to(slack, sqlite_url, TEAM)
        async with a_process("run", env):
            await escalate(slack, "Acme", 1)
            for arguments in (["doctor"], ["report"], ["config", "show"]):
                code, output = await baton(env, *arguments)
                assert code in (0, 1), output
                assert "Traceback" not in output
            for arguments in (["run"], ["restored"]):
                code, output = await baton(env, *arguments)
                assert code == 2
                assert "Stop it first" in output
            await escalate(slack, "Beta", 2)


async def test_a_backup_put_back_after_a_crash_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    file = tmp_path / "baton.db"
    async with a_slack() as slack:
        env = environment(slack, sqlite_url, mode="socket")
        await apply_team_to(slack, sqlite_url, TEAM)
        async with a_process("run", env) as (process, _):
            await escalate(slack, "Acme", 1)
            process.terminate()
            await process.wait()
            await asyncio.to_thread(back_up, sqlite_url, tmp_path / "backup.db")
        async with a_process("run", env) as (process, _):
            await escalate(slack, "Beta", 2)
            process.kill()
            await process.wait()
        file.write_bytes((tmp_path / "backup.db").read_bytes())
        code, output = await baton(env, "run")
        assert (code, "baton.db-wal is left from" in output) == (2, True), output
        for name in ("baton.db-wal", "baton.db-shm"):
            (tmp_path / name).unlink(missing_ok=True)
        code, output = await baton(env, "run")
        assert (code, "a restored backup" in output) == (2, True), output
        code, output = await baton(env, "restored")
        assert code == 0, output
        async with a_process("run", env):
            await escalate(slack, "Gamma", 3)
            titles = [it.text.split("\n")[0] for it in slack.person("U0ANA").sees(SUPPORT)]
            assert titles == ["ESC-1 · Acme", "ESC-2 · Beta", "ESC-1002 · Gamma"]
