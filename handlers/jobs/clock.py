"""Notice that the clock was ahead, and repair what was stored meanwhile."""

import logging
from datetime import datetime, timedelta

from bot.errors import Busy, ChangedMeanwhile
from bot.people import TeamId, WorkspaceId
from storage import Store, Transaction

log = logging.getLogger(__name__)

A_JUMP = timedelta(seconds=5)  # less is the usual work of NTP


class ClockWatch:
    """Watches the clock for a jump back.

    While a clock is ahead, everything that waits for a time is stored too late: the next try of a
    message, the end of a lease, the next digest. After the jump back it would wait for as long as
    the clock was ahead. The same may have happened before a start.
    """

    def __init__(self, store: Store, workspace: WorkspaceId) -> None:
        self._store, self._workspace = store, workspace
        self._latest: datetime | None = None

    async def check(self) -> None:
        now = self._store.clock()
        if self._latest is None or now < self._latest - A_JUMP:
            if self._latest is not None:
                log.error("the clock was ahead and went back by %s", self._latest - now)
            try:
                await self._store.of(self._workspace).run(put_right)
            except (Busy, ChangedMeanwhile):
                return  # the next run tries again
        self._latest = now


def put_right(tx: Transaction) -> None:
    """Bring stored times back to what they can mean now, and check cases and digests again."""
    tx.stored_times.bound(at=tx.now)
    tx.stored_times.check_cases_again(at=tx.now)
    for team in tx.teams.all():
        put_digests_right(tx, team.id)


def put_digests_right(tx: Transaction, team_id: TeamId) -> None:
    """Void the digests that were made ahead of their time; they are made again on their dates."""
    team = tx.teams.get(team_id)
    ahead = tx.teams.digests_after(team, tx.now)
    for digest in ahead:
        tx.teams.remove_digest(digest)
        tx.outbox.get(digest.delivery).withdraw()
    if ahead:
        team.digested_on, team.digested_until = tx.teams.last_digest_date(team), ahead[0].since
        team.plan_digest(after=team.digested_until + datetime.resolution)
    elif team.next_digest_at > tx.now:  # one that is due stays due
        team.plan_digest(after=tx.now)
