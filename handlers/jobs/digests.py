"""Create the digests that are due: one per team and local date."""

import logging

from bot.errors import Busy, ChangedMeanwhile, UnreadableTeam
from bot.people import TeamId
from bot.reports.digest import Digest
from storage import Store, Transaction
from storage.due import Due

log = logging.getLogger(__name__)


async def make_due_digests(store: Store) -> None:
    for workspace, team in await store.query_all(Due.digests):
        try:
            await store.of(workspace).run(make_digest, team)
        except (Busy, ChangedMeanwhile):
            log.info("team %s: digest postponed, retrying on the next run", team)
        except UnreadableTeam:
            log.debug("team %s: its file cannot be read", team)  # the self-check reports the digest
        except Exception:  # one team must not stop the others
            log.exception("team %s: digest failed; other teams are not affected", team)


def make_digest(tx: Transaction, team: TeamId) -> None:
    if (made := Digest.make(tx.teams.get(team), at=tx.now)) is not None:
        digest, queued = made
        if tx.outbox.find(queued.key) is not None:  # from when the clock was ahead
            queued.key = digest.delivery = f"{queued.key}/{tx.now:%Y%m%dT%H%M%S}"
        tx.teams.add_digest(digest)
        tx.outbox.add(queued)
