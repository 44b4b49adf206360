"""The command: starts the simulated workspace and plays a few cases in it."""

import tempfile
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from pydantic import SecretStr

from bot.messages import N_
from bot.settings import Settings
from handlers.cli.config import apply_team
from handlers.cli.demo import sample
from handlers.http.server import LOOPBACK
from handlers.i18n import _
from handlers.manifest import manifest
from handlers.process import Baton, running
from handlers.sandbox import Clock, Sandbox
from storage.database.migrate import migrate
from storage.due import Due
from storage.store import wall_clock

ZONE = ZoneInfo("Europe/Berlin")
AFTERNOON = time(13, 50)


@dataclass(frozen=True)
class Demo:
    slack: Sandbox
    baton: Baton

    @property
    def url(self) -> str:
        """The address of the page, shown to a manager in the team's channel."""
        return f"{self.slack.page_url}#as=U0MAYA&in={sample.SUPPORT}"


async def show(port: int, *, open_page: bool, until: Callable[[], Awaitable[None]]) -> None:
    """Run the demo until ``until`` returns.

    Raises:
        OSError: the port is taken.
    """
    async with running_demo(port, now=wall_clock(), say=click.echo) as demo:
        click.echo(_(WELCOME).format(url=demo.url))
        if open_page:
            webbrowser.open(demo.url)
        await until()


@asynccontextmanager
async def running_demo(
    port: int, *, now: datetime, say: Callable[[str], None]
) -> AsyncIterator[Demo]:
    """Start the workspace and Baton, play the sample cases and report progress to ``say``.

    ``now`` picks the day: the demo begins on the last working day before it.

    Raises:
        OSError: the port is taken.
    """
    clock = Clock(last_working_day(now), running=True)
    slack = Sandbox(clock, port=port)
    slack.workspace.install_manifest(manifest())
    sample.furnish(slack)
    with tempfile.TemporaryDirectory(prefix="baton-demo-") as folder:
        say(_("==> Starting a Slack workspace that only this machine can reach"))
        async with slack.serving():
            settings = demo_settings(slack, Path(folder) / "baton.db")
            migrate(settings.database_url)
            say(_("==> Connecting Baton over Socket Mode, with SQLite"))
            async with running(settings, clock=clock) as baton:
                say(_("==> Escalating a few sample cases"))
                await play(slack, baton, clock)
                yield Demo(slack, baton)


WELCOME = N_("""
    Open  {url}

    As Ana, the agent:    type /escalate in #support, fill in the form and submit it.
    As Maya, a manager:   click Claim on the card, and Resolve when you are done.
    Advance the clock:    click +15 min to see a reminder for an unclaimed case, then a breach;
                          click "Next morning" to see the digest.

    Stop with Ctrl+C. Nothing is saved.
""")


def last_working_day(now: datetime) -> datetime:
    """Return 13:50 on the last working day before ``now``."""
    day = now.astimezone(ZONE).date() - timedelta(days=1)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return datetime.combine(day, AFTERNOON, ZONE)


def demo_settings(slack: Sandbox, database: Path) -> Settings:
    return Settings(
        slack_bot_token=SecretStr(slack.bot_token),
        slack_app_token=SecretStr(slack.app_token),
        slack_api_url=slack.api_url,
        database_url=f"sqlite:///{database}",
        host=LOOPBACK,
        port=0,
    )


async def play(slack: Sandbox, baton: Baton, clock: Clock) -> None:
    """Play yesterday afternoon, this morning's digest, and a case that is still unclaimed."""
    workspace = baton.installation.workspace
    team = await apply_team(baton.store, baton.client, workspace, sample.TEAM, by="the demo")
    await perform(sample.YESTERDAY, slack, baton, clock)
    _, digest_due = team.document.digest_due(clock())
    clock.advance_to(digest_due)
    await settle(baton, clock)
    await perform(sample.TODAY, slack, baton, clock)


async def perform(
    cases: Sequence[sample.SampleCase], slack: Sandbox, baton: Baton, clock: Clock
) -> None:
    """Play the sample cases through the same commands, buttons and forms as in Slack."""
    for case in cases:
        clock.advance(case.after)
        reporter = slack.person(case.reporter)
        await reporter.types("/escalate", channel=sample.SUPPORT)
        await reporter.fills(case.answers)
        await reporter.submits()
        await settle(baton, clock)
        if case.owner is None:
            continue
        owner = slack.person(case.owner)
        card = owner.sees(sample.SUPPORT)[-1]
        clock.advance(timedelta(minutes=6))
        await owner.presses("Claim", on=card)
        await settle(baton, clock)
        if case.resolution is not None:
            clock.advance(timedelta(minutes=16))
            await owner.presses("Resolve", on=card)
            await owner.fills(case.resolution)
            await owner.submits()
            await settle(baton, clock)


async def settle(baton: Baton, clock: Clock) -> None:
    """Advance the clock by seconds until the outbox is empty: Slack takes one message a second."""
    while True:
        await baton.catch_up()
        if await baton.store.query_all(Due.waiting) == 0:
            return
        clock.advance(timedelta(seconds=1))
