"""A sandbox workspace with a support team and a running Baton, on a clock that tests advance."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aiohttp import ClientSession
from pydantic import SecretStr

from bot.case import Case
from bot.keys import NO_KEYS, RootKeys
from bot.people import CaseId, ChannelId, WorkspaceId
from bot.settings import Settings
from handlers.cli.config import apply_team
from handlers.jobs.members import refresh_people
from handlers.manifest import manifest
from handlers.process import Baton, Part, introduce, make_client, running
from handlers.sandbox import Clock, Message, Person, Sandbox
from storage import Store, connect
from storage.due import Due
from storage.installations import Installation

SUPPORT, BILLING, RANDOM = ChannelId("C0SUPPORT"), ChannelId("C0BILLING"), ChannelId("C0RANDOM")
MONDAY_9AM = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # in Berlin
WORKSPACE = WorkspaceId("T0SANDBOX")
MANIFEST = manifest()
ROOT_KEYS = "cm9vdC1rZXktb2YtdGhlLXRlc3RzLTMyLWJ5dGVzISE="

TEAM = """
[team]
name = "Support"
channel = "C0SUPPORT"
timezone = "Europe/Berlin"
managers = ["U0MAYA", "S0MANAGERS"]
leads = ["U0LEO"]

[calendars.office]
mon = ["09:00-18:00"]
tue = ["09:00-18:00"]
wed = ["09:00-18:00"]
thu = ["09:00-18:00"]
fri = ["09:00-18:00"]

[[policies]]
name = "Standard"
calendar = "office"
targets.urgent = { claim = "15m" }
targets.high = { claim = "30m" }
targets.normal = { claim = "2h" }
targets.low = { claim = "4h" }

[digest]
at = "09:00"
"""


@dataclass
class HostClock:
    """The clock of Baton's host. Unlike Slack's it may be wrong, and be put right."""

    right: Clock
    ahead: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return self.right() + self.ahead


@dataclass(frozen=True)
class World:
    """Ana reports cases, Maya and Ben may claim them, Leo is the lead. All are in #support."""

    clock: Clock
    host: HostClock
    slack: Sandbox
    baton: Baton

    @property
    def store(self) -> Store:
        return self.baton.store

    @property
    def ana(self) -> Person:
        return self.slack.person("U0ANA")

    @property
    def maya(self) -> Person:
        return self.slack.person("U0MAYA")

    @property
    def ben(self) -> Person:
        return self.slack.person("U0BEN")

    @property
    def leo(self) -> Person:
        return self.slack.person("U0LEO")

    async def settle(self) -> None:
        """Process everything that is due. The clock advances, as a lane sends one message a second.

        Raises:
            AssertionError: messages are still due after two minutes.
        """
        for _ in range(120):
            await self.baton.catch_up()
            self.clock.advance(timedelta(seconds=1))
            if await self.store.query_all(Due.waiting) == 0:
                return
        raise AssertionError("there are still messages due")

    async def until(self, instant: datetime) -> None:
        """Advance the clock to ``instant`` and process everything that is due."""
        self.clock.advance_to(instant)
        await self.settle()

    async def later(self, **length: int) -> None:
        await self.until(self.clock() + timedelta(**length))

    async def escalates(self, who: Person, **answers: object) -> None:
        """Fill and submit the escalation form; ``answers`` override the defaults."""
        defaults = {
            "Customer": "Acme",
            "What happened?": "Nobody can log in",
            "Why does it need a manager?": ["Risk"],
            "Priority": "Urgent",
        }
        await who.types("/escalate", channel=SUPPORT)
        await who.fills({**defaults, **answers})
        await who.submits()
        if any("the same problem as" in words for words in who.errors.values()):
            await who.submits()
        if who.modal is not None and who.modal.title == "Is it one of these?":
            await who.submits()
        assert not who.errors
        await self.settle()

    async def reads_people(self) -> None:
        """Read everyone from Slack, as a worker does regularly."""
        baton = self.baton
        await refresh_people(baton.store, baton.client, baton.installation.workspace, again=True)

    async def applies(self, source: str) -> None:
        baton = self.baton
        workspace = baton.installation.workspace
        await apply_team(baton.store, baton.client, workspace, source, by="a test")

    def cards(self, channel: ChannelId = SUPPORT) -> list[Message]:
        """Return the top-level messages in a channel, without ephemeral ones."""
        return [it for it in self.maya.sees(channel) if not it.only_for]

    @property
    def card(self) -> Message:
        [card] = self.cards()
        return card

    async def case(self, number: int = 1) -> Case:
        workspace = self.store.of(self.baton.installation.workspace)
        return await workspace.read(lambda tx: tx.cases.look_up(CaseId(number)))


def add_people(slack: Sandbox) -> None:
    there = slack.workspace
    there.install_manifest(MANIFEST)
    for id_, name in (("U0ANA", "Ana"), ("U0MAYA", "Maya"), ("U0BEN", "Ben"), ("U0LEO", "Leo")):
        there.add_person(id_, name.lower(), name, tz="Europe/Berlin")
    everyone = ["U0ANA", "U0MAYA", "U0BEN", "U0LEO", there.app.user]
    there.add_channel(SUPPORT, "support", members=everyone)
    there.add_channel(RANDOM, "random", members=everyone)
    there.add_group("S0MANAGERS", "managers", members=["U0BEN"])


def settings_for(slack: Sandbox, database_url: str, *, mode: str) -> Settings:
    """Return settings; with SQLite, Baton makes its root keys itself."""
    socket, sqlite = mode == "socket", database_url.startswith("sqlite")
    return Settings(
        slack_bot_token=SecretStr(slack.bot_token),
        slack_app_token=SecretStr(slack.app_token) if socket else None,
        slack_signing_secret=None if socket else SecretStr(slack.signing_secret),
        slack_api_url=slack.api_url,
        database_url=database_url,
        baton_keys=None if sqlite else SecretStr(ROOT_KEYS),
        port=0,
    )


@asynccontextmanager
async def a_world(
    database_url: str,
    *,
    mode: str,
    team: str | None = TEAM,
    start: datetime = MONDAY_9AM,
    workspace: WorkspaceId = WORKSPACE,
) -> AsyncIterator[World]:
    clock = Clock(start)
    host = HostClock(clock)
    slack = Sandbox(clock, id=workspace)
    add_people(slack)
    async with slack.serving():
        settings = settings_for(slack, database_url, mode=mode)
        async with running(settings, Part.ALL, host, ticking=False) as baton:
            if mode == "http":
                slack.request_url = f"{baton.url}/slack/events"
            world = World(clock, host, slack, baton)
            if team is not None:
                await world.applies(team)
            yield world


async def apply_team_to(slack: Sandbox, database_url: str, source: str) -> None:
    """Apply a team document as ``baton config apply`` does, for processes that start later."""
    settings = settings_for(slack, database_url, mode="socket")
    async with ClientSession() as session:
        client = make_client(settings, session)
        with connect(database_url) as store:
            await introduce(client, store)
            await apply_team(store, client, WORKSPACE, source, by="a test")


@asynccontextmanager
async def second_process(world: World, database_url: str) -> AsyncIterator[World]:
    """Start a second Baton process in the same workspace, on the same database."""
    settings = settings_for(world.slack, database_url, mode="socket")
    async with running(settings, Part.ALL, world.host, ticking=False) as baton:
        yield World(world.clock, world.host, world.slack, baton)


@asynccontextmanager
async def a_store(
    database_url: str, clock: Clock, keys: RootKeys = NO_KEYS
) -> AsyncIterator[Store]:
    """Open a store with one workspace installed, without starting Baton."""
    with connect(database_url, clock, keys) as store:
        sandbox = Installation(WORKSPACE, "Sandbox", "https://sandbox.slack.com/", "B0", "U0BATON")
        await store.of(WORKSPACE).run(lambda tx: tx.installation.keep(sandbox))
        yield store
