"""What people wrote in the threads of a restricted case, for those who can have it removed."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.people import ChannelId
from storage import Transaction

PAGE, PAGES_AT_MOST = 999, 3


@dataclass(frozen=True)
class Thread:
    """The thread of a card or of a question to a department."""

    channel: ChannelId
    ts: str


@dataclass(frozen=True)
class Reply:
    """A message in a thread that Baton did not post."""

    thread: Thread
    ts: str


def threads_of(tx: Transaction, key: str) -> tuple[list[Thread], str]:
    """Return the threads of a delivery's case, and the id of Baton's bot."""
    delivery, installation = tx.outbox.look_up(key), tx.installation.get()
    if delivery.case is None or installation is None:
        raise ValueError(f"delivery {key} without a case")
    case = tx.cases.look_up(delivery.case)
    roots = [case.card, *(task.card for task in case.tasks)]
    threads = [Thread(root.channel, root.ts) for root in roots if root.ts is not None]
    return threads, installation.bot_id


async def replies_in(
    client: AsyncWebClient, threads: Sequence[Thread], *, bot: str
) -> list[Reply] | None:
    """Return what others wrote in the threads, in order; None if Slack does not let us read it."""
    try:
        return [reply for thread in threads for reply in await _replies(client, thread, bot)]
    except (SlackApiError, ClientError, TimeoutError):
        return None


async def _replies(client: AsyncWebClient, thread: Thread, bot: str) -> list[Reply]:
    found: list[Reply] = []
    cursor: str | None = None
    for _ in range(PAGES_AT_MOST):
        page = await client.conversations_replies(
            channel=thread.channel, ts=thread.ts, limit=PAGE, cursor=cursor
        )
        others = (it for it in page["messages"] if it.get("bot_id") != bot)
        found += (Reply(thread, it["ts"]) for it in others)
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            break
    return found
