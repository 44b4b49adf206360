"""Find out at start whether the database was restored: Slack has messages that it does not know.

A backup does not know what was sent after it was made, so Baton would send it again, and give case
numbers a second time. A restored file is recognized by its mark; a restored PostgreSQL or a
snapshot of a whole disk only by what is in Slack.
"""

import asyncio
import logging

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery import RESTORED, Stamp
from bot.messages import N_
from bot.people import ChannelId
from handlers.i18n import _
from handlers.slack.outgoing.delivery_marker import stamp_of
from handlers.slack.web_session import reason_of
from storage import Store, Transaction
from storage.database.restored import LEFT_OUT
from storage.installations import Installation

log = logging.getLogger(__name__)

NEWEST = 100  # messages of a channel
SECONDS = 5.0
"""How long a start waits for the channels. It does not wait for Slack to recover."""

SENDS_NOTHING = N_(
    "Slack has messages from Baton that its database does not know, so the database was restored "
    "from a backup. Nothing is sent until you stop every Baton process, run baton restored and "
    "start Baton again."
)


async def hold_if_restored(
    store: Store, client: AsyncWebClient, installation: Installation
) -> None:
    """Stop sending for this workspace if Slack has messages that the database does not know."""
    workspace = store.of(installation.workspace)
    channels = await workspace.read(team_channels)
    sent = await asyncio.gather(*(_newest_stamps(client, installation, it) for it in channels))
    # Slack is read first: a message that another process sends now is in the database by then.
    if await workspace.run(hold_if_older, [stamp for stamps in sent for stamp in stamps]):
        log.error("%s", _(SENDS_NOTHING))


def team_channels(tx: Transaction) -> list[ChannelId]:
    return sorted({team.channel for team in tx.teams.all()})


def hold_if_older(tx: Transaction, sent: list[Stamp]) -> bool:
    """Stop sending if the database does not know one of these messages of its own.

    Returns whether sending is stopped for this reason, now or since an earlier start.
    """
    quota = tx.outbox.send_quota()
    if quota.shut_for != RESTORED and any(quota.is_older_than(stamp) for stamp in sent):
        quota.hold()
        tx.installation.skip_case_numbers(LEFT_OUT)  # people may escalate before the operator acts
    return quota.shut_for == RESTORED


async def _newest_stamps(
    client: AsyncWebClient, installation: Installation, channel: ChannelId
) -> list[Stamp]:
    """Return the stamps of our newest messages in a channel; none if it cannot be read."""
    try:
        async with asyncio.timeout(SECONDS):
            seen = await client.conversations_history(channel=channel, limit=NEWEST)
    except (SlackApiError, ClientError, TimeoutError) as error:
        log.warning(
            "channel %s: cannot check whether the database was restored: %s",
            channel,
            reason_of(error),
        )
        return []
    ours = [it for it in seen["messages"] if it.get("bot_id") == installation.bot_id]
    return [stamp for it in ours if (stamp := stamp_of(it)) is not None]
