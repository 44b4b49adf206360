"""Check Baton's invariants every minute and notify the leads of violations."""

import logging

from aiohttp import ClientError, ClientSession

from bot.errors import BotError
from bot.people import WorkspaceId
from bot.self_check import Invariant, compare
from handlers import metrics
from storage import Store, Transaction

log = logging.getLogger(__name__)


async def run_self_check(
    store: Store, workspace: WorkspaceId, session: ClientSession, heartbeat_url: str | None
) -> None:
    """Check the invariants; if all hold, call ``heartbeat_url``.

    An external monitor raises an alarm when the heartbeat stops.
    """
    try:
        broken = await store.of(workspace).run(record_findings)
    except BotError as error:
        log.warning("self-check failed: %s", error)
        return
    for invariant in Invariant:
        metrics.BROKEN.labels(invariant).set(invariant in broken)
    if heartbeat_url and not broken:
        await _beat(session, heartbeat_url)


def record_findings(tx: Transaction) -> set[Invariant]:
    """Store new and resolved findings, notify the leads and return the broken invariants."""
    tx.unreadable_cases.try_again()
    known, broken = tx.findings.open(), tx.findings.broken(at=tx.now)
    new, over = compare(known, broken, at=tx.now)
    leads = sorted({lead for team in tx.teams.all() for lead in team.leads})
    for finding in new:
        log.error("self-check problem: %s", finding.said)
        tx.findings.add(finding)
    for finding in over:
        log.info("self-check problem resolved: %s", finding.said)
    for finding in (*new, *over):
        for delivery in finding.notifications(leads, at=tx.now):
            tx.outbox.add(delivery)
    return {invariant for invariant, things in broken.items() if things}


async def _beat(session: ClientSession, url: str) -> None:
    try:
        async with session.get(url) as answer:
            answer.raise_for_status()
    except (ClientError, TimeoutError) as error:
        log.warning("heartbeat failed: %s", type(error).__name__)
