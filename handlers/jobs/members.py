"""Read the people of the workspace from Slack, so that requests are decided without asking it."""

import logging
from datetime import datetime
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.people import UserId, WorkspaceId
from handlers.offboarding import reassign_open_cases
from handlers.slack.outgoing.api_outcome import shows_slack_away
from handlers.slack.plumbing.membership import keep_people, note_failure
from handlers.slack.web_session import reason_of
from storage import Store, Transaction, WorkspaceStore

log = logging.getLogger(__name__)

PAGE = 500
"""People per call. Slack allows up to 1,000, and recommends fewer."""

PAGES_PER_RUN = 15
"""Slack allows about twenty ``users.list`` calls a minute (tier 2); a run starts every minute."""

EXPIRED_CURSOR = "invalid_cursor"


async def refresh_people(
    store: Store, client: AsyncWebClient, workspace: WorkspaceId, *, again: bool = False
) -> None:
    """Read everyone if that is due; with ``again``, in any case.

    A large workspace takes several runs. Each continues where the last one stopped, in this or
    another process, and a rate limit only ends the run.
    """
    workspace_store = store.of(workspace)
    if not again and not await workspace_store.read(is_run_due):
        return
    cursor = await workspace_store.run(begin_run, again=again)
    for _ in range(PAGES_PER_RUN):
        if cursor is None:
            return
        asked_at = store.clock()
        try:
            page = await client.users_list(cursor=cursor or None, limit=PAGE)
        except (SlackApiError, ClientError, TimeoutError) as error:
            log.warning("people not refreshed: %s", reason_of(error))
            if shows_slack_away(error):
                await workspace_store.run(note_failure)
            if reason_of(error) != EXPIRED_CURSOR:
                return
            cursor = await workspace_store.run(begin_run, again=True)
        else:
            # The cursor of the last page is empty or missing.
            following = (page.get("response_metadata") or {}).get("next_cursor") or ""
            people = page["members"]
            left = await workspace_store.run(keep_page, workspace, people, following, asked_at)
            await reassign_cases_of(workspace_store, left)
            cursor = following or None


async def reassign_cases_of(workspace_store: WorkspaceStore, left: list[UserId]) -> None:
    """Reassign the open cases of people who have left. The next round tries again."""
    for user in left:
        try:
            await workspace_store.run(reassign, user)
        except Exception:  # one person's cases must not leave everyone unconfirmed
            log.exception("person %s: open cases not reassigned", user)


def reassign(tx: Transaction, user: UserId) -> None:
    reassign_open_cases(tx, user, None)


def is_run_due(tx: Transaction) -> bool:
    return tx.contacts.is_run_due()


def begin_run(tx: Transaction, *, again: bool) -> str | None:
    return tx.contacts.begin_run(again=again)


def keep_page(
    tx: Transaction,
    workspace: WorkspaceId,
    users: list[dict[str, Any]],
    following: str,
    asked_at: datetime,
) -> list[UserId]:
    left = keep_people(tx, workspace, users, asked_at=asked_at)
    tx.contacts.page_read(following)
    return left
