"""Baton's processes, which are killed, held up, and started again whenever they end."""

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
A_BREATH = 0.2  # seconds until a supervisor starts again what has ended


@dataclass
class Supervised:
    """One command of Baton's, alive again soon after whatever ended it."""

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
                happened["killed" if ended == -signal.SIGKILL else "ended by itself"] += 1
                await asyncio.sleep(A_BREATH)

    def send(self, number: signal.Signals) -> bool:
        """False if there is nothing to send it to just now."""
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
    """All of them, and what happened to them."""

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
            await asyncio.sleep(A_BREATH)

    async def hold_up_one(self, dice: random.Random, seconds: float) -> None:
        held = dice.choice(self.members)
        if held.send(signal.SIGSTOP):
            self.happened["held up"] += 1
            await asyncio.sleep(seconds)
            held.send(signal.SIGCONT)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def environment(told: dict[str, str], database_url: str, port: int) -> dict[str, str]:
    """What Baton needs to work in HTTP mode with the sandbox that told this."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("SLACK_")},
        "SLACK_BOT_TOKEN": told["bot_token"],
        "SLACK_SIGNING_SECRET": told["signing_secret"],
        "SLACK_API_URL": told["api_url"],
        "DATABASE_URL": database_url,
        "PORT": str(port),
    }


def baton(part: str, *, quick: bool) -> list[str]:
    """The command line of an operator's; the quick one differs in its waits alone."""
    module = "tests.chaos.quick" if quick else "bot"
    return [sys.executable, "-m", module, part]
