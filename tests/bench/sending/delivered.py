"""The time from due to delivered, in real time, on a sandbox with Slack's rate limits."""

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from bot.delivery import Audience, Delivery, DeliveryKind
from bot.delivery.send_quota import BURST, INTERVAL
from bot.people import CaseId, TeamId
from bot.priority import Priority
from handlers.cli.config import apply_team
from handlers.process import Baton, Part, running
from handlers.sandbox import Clock, Sandbox
from storage import Transaction
from storage.due import Due
from storage.store import wall_clock
from storage.tables import deliveries
from tests.bench.databases import each_database
from tests.bench.life import just_opened
from tests.bench.sending.many_teams import add_teams, channel_of
from tests.bench.sending.together import TEAMS, notified_after
from tests.world import SUPPORT, TEAM, WORKSPACE, add_people, settings_for

NAME = "delivered"
CASES = 10
SINGLES, SINGLES_APART = 40, 0.5  # messages, and seconds between two of them
CLAIMS_APART = 2.0
AT_ONCE, QUICKLY_AT_ONCE = 1_000, 200
POLL = 0.02  # seconds


@dataclass(frozen=True)
class Delivered:
    """The delays in seconds; ``bound`` are the shortest ones that Slack's rate limit allows."""

    name: str
    seconds: Sequence[float]
    bound: Sequence[float]


def show(console: Console, *, quick: bool) -> None:
    many = QUICKLY_AT_ONCE if quick else AT_ONCE
    with console.status("running in real time, for several minutes"):
        found = asyncio.run(_databases(many))
    console.print(table(found))


def table(found: Sequence[Delivered]) -> Table:
    made = Table(title="From due to delivered, seconds", title_justify="left")
    made.add_column("measurement")
    for heading in ("count", "p50", "p99", "worst", "at Slack's rate limit: p50", "p99"):
        made.add_column(heading, justify="right")
    for it in found:
        ours = [_part(it.seconds, part) for part in (0.5, 0.99, 1.0)]
        bound = [_part(it.bound, part) for part in (0.5, 0.99)]
        made.add_row(it.name, f"{len(it.seconds):,}", *(f"{one:.2f}" for one in (*ours, *bound)))
    return made


def bound(messages: int) -> list[float]:
    """Return the shortest possible delays in seconds for messages to as many channels.

    A workspace may send a burst at once, then one message per ``INTERVAL``.
    """
    pace = INTERVAL.total_seconds()
    return [max((n - BURST + 1) * pace, 0.0) for n in range(messages)]


def _part(seconds: Sequence[float], part: float) -> float:
    ordered = sorted(seconds)
    return ordered[max(math.ceil(part * len(ordered)) - 1, 0)]


async def _databases(many: int) -> list[Delivered]:
    found: list[Delivered] = []
    for database, url in each_database(NAME):
        found += await _measured(database, url, many)
    return found


async def _measured(database: str, url: str, many: int) -> list[Delivered]:
    async with _at_work(url) as (slack, baton):
        await baton.store.of(WORKSPACE).run(_open_cases)
        await _until(lambda: _outbox_is_empty(baton))
        claims = await _claims(slack)
        await _until(lambda: _outbox_is_empty(baton))
        for number in range(SINGLES):
            await baton.store.of(WORKSPACE).run(_queue, "single", range(number, number + 1))
            await asyncio.sleep(SINGLES_APART)
        await _until(lambda: _outbox_is_empty(baton))
        singles = _delays(baton, "single")
    first, last = await notified_after(url, many)
    return [
        Delivered(f"{database}: from a click on Claim to the new card", claims, [0.0]),
        Delivered(f"{database}: single messages", singles, [0.0]),
        Delivered(f"{database}: breach, first recipient notified", first, bound(TEAMS)),
        Delivered(f"{database}: breach, all recipients notified", last, bound(2 * TEAMS)),
    ]


@asynccontextmanager
async def _at_work(url: str) -> AsyncIterator[tuple[Sandbox, Baton]]:
    slack = Sandbox(Clock(wall_clock(), running=True))
    add_people(slack)
    add_teams(slack, TEAMS, 0)
    async with slack.serving(), running(settings_for(slack, url, mode="http"), Part.ALL) as baton:
        slack.request_url = f"{baton.url}/slack/events"
        await apply_team(baton.store, baton.client, WORKSPACE, TEAM, by="the bench")
        yield slack, baton


async def _claims(slack: Sandbox) -> list[float]:
    """Claim each case and return the seconds from the click until Slack has the new card."""
    maya, delays = slack.person("U0MAYA"), []
    for card in maya.sees(SUPPORT):
        pressed, edits = slack.clock(), len(slack.calls.to("chat.update"))
        await maya.presses("Claim", on=card)
        await _until(partial(_more_than, edits, slack))
        delays.append((slack.calls.to("chat.update")[edits].at - pressed).total_seconds())
        await asyncio.sleep(CLAIMS_APART)
    return delays


def _open_cases(tx: Transaction) -> None:
    team = tx.teams.get(TeamId(1))
    for number in range(1, CASES + 1):
        tx.cases.add(just_opened(team, number, Priority.LOW, at=tx.now))


def _queue(tx: Transaction, name: str, numbers: range) -> None:
    """Queue a note for each number, in one channel after the other."""
    for number in numbers:
        key, channel = f"{name}/{number}", channel_of(number % TEAMS)
        case = CaseId(number % CASES + 1)
        at, who = tx.now, Audience.REPORTER
        tx.outbox.add(Delivery(key, DeliveryKind.NOTE, who, channel, at, at, case=case, event=1))


def _delays(baton: Baton, name: str) -> list[float]:
    query = select(deliveries.c.queued_at, deliveries.c.sent_at).where(
        deliveries.c.key.startswith(f"{name}/"), deliveries.c.sent_at.is_not(None)
    )
    with baton.store.database.reading.connect() as connection:
        rows = connection.execute(query).all()
    return [(row.sent_at - row.queued_at).total_seconds() for row in rows]


async def _outbox_is_empty(baton: Baton) -> bool:
    return await baton.store.query_all(Due.waiting) == 0


async def _more_than(known: int, slack: Sandbox) -> bool:
    return len(slack.calls.to("chat.update")) > known


async def _until(condition: Callable[[], Awaitable[bool]]) -> None:
    while not await condition():  # noqa: ASYNC110  the sandbox has no event for it
        await asyncio.sleep(POLL)
