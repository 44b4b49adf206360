"""Baton's processes: killed, paused, and restarted whenever they end."""

import asyncio
import os
import random
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENDS_WITHIN = 25  # seconds: Baton drains for at most 20
RESTART_AFTER = 0.2  # seconds, like a process supervisor


@dataclass
class Supervised:
    """A Baton process that is restarted whenever it ends."""

    command: list[str]
    env: dict[str, str]
    log: Path
    process: Process | None = None

    async def live(self, happened: Counter[str]) -> None:
        with self.log.open("ab") as log:
            while True:
                self.process = await asyncio.create_subprocess_exec(
                    *self.command, env=self.env, cwd=ROOT, stdin=DEVNULL, stdout=log, stderr=log
                )
                ended = await self.process.wait()
                happened["killed" if ended == -signal.SIGKILL else "exited"] += 1
                await asyncio.sleep(RESTART_AFTER)

    def send(self, number: signal.Signals) -> bool:
        """Send a signal. Return False if the process is not running."""
        if self.process is None or self.process.returncode is not None:
            return False
        self.process.send_signal(number)
        return True

    async def end(self) -> None:
        if not self.send(signal.SIGTERM) or self.process is None:
            return
        self.send(signal.SIGCONT)
        try:
            async with asyncio.timeout(ENDS_WITHIN):
                await self.process.wait()
        except TimeoutError:
            self.process.kill()
            await self.process.wait()


@dataclass
class Fleet:
    """All processes, and a count of what happened to them."""

    members: list[Supervised]
    happened: Counter[str] = field(default_factory=Counter)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(it.live(self.happened)) for it in self.members]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.gather(*(it.end() for it in self.members))

    async def kill_one(self, dice: random.Random) -> None:
        while True:
            if dice.choice(self.members).send(signal.SIGKILL):
                return
            await asyncio.sleep(RESTART_AFTER)

    async def pause_one(self, dice: random.Random, seconds: float) -> None:
        paused = dice.choice(self.members)
        if paused.send(signal.SIGSTOP):
            self.happened["paused"] += 1
            await asyncio.sleep(seconds)
            paused.send(signal.SIGCONT)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(sandbox: dict[str, str], database_url: str, port: int) -> dict[str, str]:
    """Return the environment for Baton in HTTP mode with this sandbox."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("SLACK_")},
        "SLACK_BOT_TOKEN": sandbox["bot_token"],
        "SLACK_SIGNING_SECRET": sandbox["signing_secret"],
        "SLACK_API_URL": sandbox["api_url"],
        "DATABASE_URL": database_url,
        "PORT": str(port),
    }


def baton(part: str, *, quick: bool) -> list[str]:
    """Return the command line that an operator uses, or the one with shorter waits."""
    module = "tests.chaos.quick" if quick else "bot"
    return [sys.executable, "-m", module, part]
