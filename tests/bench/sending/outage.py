"""Recovery after an outage: 100,000 cases of 200 teams came due in the six hours before."""

import asyncio
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import aiohttp
from rich.console import Console
from rich.table import Table
from sqlalchemy import ColumnElement, func, literal, select

from bot.delivery import DeliveryKind
from bot.delivery.send_quota import BURST, INTERVAL
from storage import Store
from storage.store import wall_clock
from storage.tables import cases, deliveries
from tests.bench.databases import each_database
from tests.bench.processes import Server, started
from tests.bench.sending.late_crowd import LateCrowd
from tests.bench.sending.received import Line, Received, part, shortest_gap

NAME = "outage"
CASES, TEAMS = 100_000, 200
QUICKLY_CASES, QUICKLY_TEAMS = 4_000, 40
POLL = 2.0  # seconds
IS_NUDGE = deliveries.c.kind.in_((DeliveryKind.NUDGE, DeliveryKind.GATHERED))


@dataclass
class Recovery:
    """The recovery as observed. Cases that come due after it began are not counted."""

    began_at: datetime
    checked_at: datetime | None = None  # all cases that were due when it began
    notified_at: datetime | None = None  # all recipients of these cases
    processor: float = 0.0  # seconds that Baton's process used until notified_at
    processor_to_check: float = 0.0  # seconds that it used until checked_at
    memory: list[float] = field(default_factory=list)  # megabytes, at each poll


def show(console: Console, *, quick: bool) -> None:
    many, teams = (QUICKLY_CASES, QUICKLY_TEAMS) if quick else (CASES, TEAMS)
    for database, url in each_database(NAME):
        console.print(_table(asyncio.run(_after(database, url, many, teams))))


def _table(found: dict[str, str]) -> Table:
    made = Table(title=found.pop("title"), title_justify="left", show_header=False)
    for name, value in found.items():
        made.add_row(name, value)
    return made


async def _after(database: str, url: str, many: int, teams: int) -> dict[str, str]:
    crowd = LateCrowd(database, url, teams)
    await crowd.begin()
    crowd.grow(many)
    with started("teams", str(teams), str(crowd.size + 1)) as slack:
        api = slack.printed["api_url"], slack.printed["token"]
        with started("baton", url, *api, "ALL") as baton:
            recovery = await _recover(crowd.store, baton)
        posted = await _posted(slack)
    found = _found(crowd.store, recovery, posted, crowd.size)
    crowd.close()
    return {
        "title": f"{database}: {many:,} cases of {teams} teams after six hours of outage"
    } | found


async def _recover(store: Store, baton: Server) -> Recovery:
    """Watch until all due cases are checked and all their recipients are notified."""
    recovery = Recovery(wall_clock())
    while recovery.notified_at is None:
        await asyncio.sleep(POLL)
        recovery.memory.append(_megabytes(baton))
        if recovery.checked_at is None and not _any(
            store, cases.c.next_check_at <= recovery.began_at
        ):
            recovery.checked_at, recovery.processor_to_check = wall_clock(), baton.cpu_seconds()
        if recovery.checked_at is not None and not _any(store, *_nudges_until(recovery.checked_at)):
            recovery.notified_at, recovery.processor = wall_clock(), baton.cpu_seconds()
    return recovery


def _nudges_until(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return IS_NUDGE, deliveries.c.due_at.is_not(None), deliveries.c.queued_at <= at


def _any(store: Store, *conditions: ColumnElement[bool]) -> bool:
    with store.database.reading.connect() as connection:
        return (
            connection.execute(select(literal(1)).where(*conditions).limit(1)).first() is not None
        )


def _megabytes(server: Server) -> float:
    [pages] = Path(f"/proc/{server.pid}/statm").read_text().split()[1:2]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6


async def _posted(slack: Server) -> list[Line]:
    """Read Slack's own log of posted messages, page by page."""
    token = {"Authorization": f"Bearer {slack.printed['control_token']}"}
    lines: list[Line] = []
    async with aiohttp.ClientSession(headers=token) as session:
        while True:
            page = {"since": str(len(lines))}
            async with session.get(f"{slack.printed['control_url']}log", params=page) as answer:
                found = (await answer.json())["lines"]
            if not found:
                return lines
            lines += [(it["peer"] or it["channel"], float(it["ts"])) for it in found]


def _found(store: Store, recovery: Recovery, posted: list[Line], many: int) -> dict[str, str]:
    assert recovery.checked_at is not None
    began, checked = recovery.began_at.timestamp(), recovery.checked_at.timestamp()
    received = Received.read(store, until=recovery.checked_at)
    at = [message.ts - began for message in received.messages]
    lanes = received.by_lane
    first = [messages[0].ts - began for messages in lanes.values()]
    disordered, pairs = received.out_of_order()
    twice, again = received.twice()
    at_limit = (len(posted) - BURST) * INTERVAL.total_seconds()
    per_case = recovery.processor_to_check / many * 1e3
    waiting, made = _edits(store)
    memory = part(recovery.memory, 0.1), max(recovery.memory)
    return {
        "all cases checked": f"{checked - began:,.0f} s, {per_case:.1f} ms of processor per case",
        "all recipients notified": f"{max(at):,.0f} s, {len(at):,} messages to {len(lanes)} lanes",
        "at Slack's rate limit": f"{at_limit:,.0f} s for all {len(posted):,} messages",
        "first message in a lane": f"p50 {part(first, 0.5):,.0f} s, worst {max(first):,.0f} s",
        "most messages in a lane": f"{max(map(len, lanes.values()))}",
        "shortest interval in a lane": f"{shortest_gap(posted):.2f} s",
        "more urgent after less urgent": f"{disordered} of {pairs:,} consecutive messages",
        "never sent": f"{received.unsent}, and {received.dropped} dropped as outdated",
        "sent twice": f"{twice}, and {again} cases with another event meanwhile",
        "processor": f"{recovery.processor:,.0f} s",
        "memory": f"{memory[0]:.0f} MB early, {memory[1]:.0f} MB at the peak",
        "card edits": f"{made:,} made, {waiting:,} queued",
    }


def _edits(store: Store) -> tuple[int, int]:
    card = deliveries.c.kind == DeliveryKind.CARD
    waiting = select(func.count()).where(card, deliveries.c.due_at.is_not(None))
    made = select(func.count()).where(card, deliveries.c.tries > 0)
    with store.database.reading.connect() as connection:
        return connection.scalar(waiting) or 0, connection.scalar(made) or 0
