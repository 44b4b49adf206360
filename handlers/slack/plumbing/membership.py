"""Who the people are that use Baton: members, guests, bots, people of another workspace."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import ClientError
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.audit import Decision
from bot.case.permissions import STRANGERS
from bot.errors import AlreadyDone, Busy, ChangedMeanwhile, NotAllowed, Replayed
from bot.people import Person, Standing, UserId, WorkspaceId
from handlers.offboarding import reassign_open_cases
from handlers.slack.context import user_of, workspace_of
from handlers.slack.web_session import reason_of
from storage import Store, Transaction
from storage.requests.current_request import outside_request

log = logging.getLogger(__name__)

LOOKUP_SECONDS = 1.0
"""The time for users.info before an answer: Slack waits three seconds in all."""


class MembershipCheck:
    """Looks a person up in Slack before their first request, if Slack answers in time."""

    def __init__(self, store: Store, client: AsyncWebClient) -> None:
        self._store, self._client = store, client
        self._known: set[tuple[WorkspaceId, UserId]] = set()

    async def look_up(self, workspace: WorkspaceId, user: UserId) -> None:
        """Ask Slack once about a person whose standing is unknown; no transaction is open."""
        if (workspace, user) in self._known:
            return
        person = await self._store.of(workspace).read(find_person, user)
        if person.standing is Standing.UNKNOWN:
            try:
                async with asyncio.timeout(LOOKUP_SECONDS):
                    with outside_request():
                        await learn(self._store, self._client, workspace, user)
            except (SlackApiError, ClientError, TimeoutError) as error:
                log.warning("users.info failed: %s", reason_of(error))
                return
        self._known.add((workspace, user))


def register(app: AsyncApp, store: Store, client: AsyncWebClient) -> None:
    check = MembershipCheck(store, client)

    @app.use
    async def identify_user(
        body: dict[str, Any], context: AsyncBoltContext, next: Callable[[], Awaitable[None]]
    ) -> None:
        refuse_outsiders(body, context)
        if isinstance(context.user_id, str):
            await check.look_up(workspace_of(context), user_of(context))
        await next()

    @app.event("team_join")
    @app.event("user_change")
    async def hear(event: dict[str, Any], context: AsyncBoltContext) -> None:
        workspace = workspace_of(context)
        await store.of(workspace).run(keep_person, workspace, event["user"])


async def learn(store: Store, client: AsyncWebClient, workspace: WorkspaceId, user: UserId) -> None:
    """Ask Slack about a person and store the answer."""
    answer = await client.users_info(user=user)
    await store.of(workspace).run(keep_person, workspace, answer["user"])


def find_person(tx: Transaction, user: UserId) -> Person:
    return tx.person(user)


def keep_person(tx: Transaction, workspace: WorkspaceId, user: dict[str, Any]) -> None:
    id_, standing = UserId(user["id"]), standing_of(user, workspace)
    runs_slack = bool(user.get("is_admin") or user.get("is_owner"))
    tx.people.keep(id_, standing, runs_slack=runs_slack)
    if standing is Standing.DEACTIVATED:
        reassign_open_cases(tx, id_, None)


def standing_of(user: dict[str, Any], workspace: WorkspaceId) -> Standing:
    """Return the standing that Slack's user object describes."""
    homes = {user.get("team_id"), *(user.get("enterprise_user") or {}).get("teams", ())}
    if user.get("deleted"):
        return Standing.DEACTIVATED
    if user.get("is_bot") or user["id"] == "USLACKBOT":
        return Standing.BOT
    if user.get("is_stranger") or workspace not in homes:
        return Standing.OUTSIDER
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return Standing.GUEST
    return Standing.MEMBER


def refuse_outsiders(body: dict[str, Any], context: AsyncBoltContext) -> None:
    """Refuse people of another workspace, regardless of what is stored about them.

    Raises:
        NotAllowed: the request comes from another workspace.
    """
    event, user = body.get("event"), body.get("user")
    named = (isinstance(event, dict) and event.get("user_team")) or (
        isinstance(user, dict) and user.get("team_id")
    )
    if named and named not in (context.team_id, context.enterprise_id):
        raise NotAllowed(STRANGERS[Standing.OUTSIDER], step="ask")


async def note_denial(store: Store, error: Exception, context: AsyncBoltContext) -> None:
    """Record a denial in a transaction of its own: the request's was rolled back."""
    if isinstance(error, NotAllowed) and context.user_id is not None:
        try:
            await store.of(workspace_of(context)).run(keep_denial, error, user_of(context))
        except (AlreadyDone, Replayed):
            return  # the first delivery recorded it
        except (Busy, ChangedMeanwhile):
            log.warning("denial of %s not recorded: the database is busy", error.step)


def keep_denial(tx: Transaction, denied: NotAllowed, by: UserId) -> None:
    tx.audit.note(by, denied.step, denied.case_id, Decision.DENIED)
