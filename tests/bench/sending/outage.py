"""A hundred thousand cases of two hundred teams that came due while nothing ran, for six hours."""

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
LOOKS = 2.0  # seconds between two looks at how far it is
IS_NUDGE = deliveries.c.kind.in_((DeliveryKind.NUDGE, DeliveryKind.GATHERED))


@dataclass
class Timeline:
    """What was seen while it went on. Other cases come due meanwhile: they are not counted."""

    began_at: datetime
    looked_at: datetime | None = None  # at all that had been due then
    told_at: datetime | None = None  # what was found by that
    processor: float = 0.0  # seconds of it, of Baton's own process, until then
    processor_to_look: float = 0.0
    memory: list[float] = field(default_factory=list)  # megabytes, at each look


def show(console: Console, *, quick: bool) -> None:
    many, teams = (QUICKLY_CASES, QUICKLY_TEAMS) if quick else (CASES, TEAMS)
    for database, url in each_database(NAME):
        console.print(_table(asyncio.run(_after(database, url, many, teams))))


def _table(found: dict[str, str]) -> Table:
    made = Table(title=found.pop("title"), title_justify="left", show_header=False)
    for what, said in found.items():
        made.add_row(what, said)
    return made


async def _after(database: str, url: str, many: int, teams: int) -> dict[str, str]:
    crowd = LateCrowd(database, url, teams)
    await crowd.begin()
    crowd.grow(many)
    with started("teams", str(teams), str(crowd.size + 1)) as slack:
        api = slack.printed["api_url"], slack.printed["token"]
        with started("baton", url, *api, "ALL") as baton:
            timeline = await _course(crowd.store, baton)
        posted = await _posted(slack)
    found = _found(crowd.store, timeline, posted, crowd.size)
    crowd.close()
    return {"title": f"{database}: {many:,} cases of {teams} teams, late for six hours"} | found


async def _course(store: Store, baton: Server) -> Timeline:
    """Until all that had been due was looked at, and what was to be said of it was said."""
    timeline = Timeline(wall_clock())
    while timeline.told_at is None:
        await asyncio.sleep(LOOKS)
        timeline.memory.append(_megabytes(baton))
        if timeline.looked_at is None and not _some(
            store, cases.c.next_check_at <= timeline.began_at
        ):
            timeline.looked_at, timeline.processor_to_look = wall_clock(), baton.cpu_seconds()
        if timeline.looked_at is not None and not _some(store, *_nudges_until(timeline.looked_at)):
            timeline.told_at, timeline.processor = wall_clock(), baton.cpu_seconds()
    return timeline


def _nudges_until(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return IS_NUDGE, deliveries.c.due_at.is_not(None), deliveries.c.queued_at <= at


def _some(store: Store, *conditions: ColumnElement[bool]) -> bool:
    with store.database.reading.connect() as connection:
        return (
            connection.execute(select(literal(1)).where(*conditions).limit(1)).first() is not None
        )


def _megabytes(server: Server) -> float:
    [pages] = Path(f"/proc/{server.pid}/statm").read_text().split()[1:2]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6


async def _posted(slack: Server) -> list[Line]:
    """Slack's own log of what was posted, page by page."""
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


def _found(store: Store, timeline: Timeline, posted: list[Line], many: int) -> dict[str, str]:
    assert timeline.looked_at is not None
    began, looked = timeline.began_at.timestamp(), timeline.looked_at.timestamp()
    told = Received.read(store, until=timeline.looked_at)
    at = [message.ts - began for message in told.messages]
    lanes = told.by_lane
    first = [messages[0].ts - began for messages in lanes.values()]
    disordered, pairs = told.out_of_order()
    twice, again = told.twice()
    at_pace = (len(posted) - BURST) * INTERVAL.total_seconds()
    look = timeline.processor_to_look / many * 1e3
    waiting, made = _edits(store)
    memory = part(timeline.memory, 0.1), max(timeline.memory)
    return {
        "all looked at": f"{looked - began:,.0f} s, {look:.1f} ms of processor a case",
        "all told": f"{max(at):,.0f} s, in {len(at):,} messages to {len(lanes)} places",
        "at Slack's pace": f"{at_pace:,.0f} s for the {len(posted):,} messages that it has",
        "the first in a place": f"p50 {part(first, 0.5):,.0f} s, worst {max(first):,.0f} s",
        "messages in a place": f"{max(map(len, lanes.values()))} at the most",
        "between two in a place": f"{shortest_gap(posted):.2f} s at the least",
        "the worse after the less": f"{disordered} of {pairs:,} that follow each other",
        "not told": f"{told.untold}, and {told.dropped} that were no longer true",
        "told twice": f"{twice}, and {again} cases that went on to break meanwhile",
        "processor, in all": f"{timeline.processor:,.0f} s",
        "memory, in MB": f"{memory[0]:.0f} early, {memory[1]:.0f} at the most",
        "edits of cards": f"{made:,} made, {waiting:,} wait",
    }


def _edits(store: Store) -> tuple[int, int]:
    card = deliveries.c.kind == DeliveryKind.CARD
    waiting = select(func.count()).where(card, deliveries.c.due_at.is_not(None))
    made = select(func.count()).where(card, deliveries.c.tries > 0)
    with store.database.reading.connect() as connection:
        return connection.scalar(waiting) or 0, connection.scalar(made) or 0
