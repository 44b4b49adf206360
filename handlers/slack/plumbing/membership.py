"""What Slack says of the people who ask: members, guests, bots, people of another company."""

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
from bot.errors import Busy, ChangedMeanwhile, DoneBefore, NotAllowed, Replayed
from bot.people import Person, Standing, UserId, WorkspaceId
from handlers.offboarding import hand_on
from handlers.slack.context import user_of, workspace_of
from storage import Store, Transaction
from storage.requests.current_request import outside_request

log = logging.getLogger(__name__)

IN_TIME = 1.0
"""Seconds to learn who somebody is before they are answered: Slack waits three in all."""


class Acquaintances:
    """Whoever asks is known before their request is looked at, if Slack tells in time."""

    def __init__(self, store: Store, client: AsyncWebClient) -> None:
        self._store, self._client = store, client
        self._met: set[tuple[WorkspaceId, UserId]] = set()

    async def meet(self, workspace: WorkspaceId, user: UserId) -> None:
        """Ask Slack once about somebody of whom we know nothing; no transaction is open."""
        if (workspace, user) in self._met:
            return
        person = await self._store.of(workspace).read(find_person, user)
        if person.standing is Standing.UNKNOWN:
            try:
                async with asyncio.timeout(IN_TIME):
                    with outside_request():
                        await learn(self._store, self._client, workspace, user)
            except (SlackApiError, ClientError, TimeoutError) as error:
                log.warning("Slack does not say who somebody is: %r", error)
                return
        self._met.add((workspace, user))


def register(app: AsyncApp, store: Store, client: AsyncWebClient) -> None:
    acquaintances = Acquaintances(store, client)

    @app.use
    async def know_who_asks(
        body: dict[str, Any], context: AsyncBoltContext, next: Callable[[], Awaitable[None]]
    ) -> None:
        see_that_they_are_of_ours(body, context)
        if isinstance(context.user_id, str):
            await acquaintances.meet(workspace_of(context), user_of(context))
        await next()

    @app.event("team_join")
    @app.event("user_change")
    async def hear(event: dict[str, Any], context: AsyncBoltContext) -> None:
        ours = workspace_of(context)
        await store.of(ours).run(keep_person, ours, event["user"])


async def learn(store: Store, client: AsyncWebClient, workspace: WorkspaceId, user: UserId) -> None:
    """Ask Slack who somebody is, and keep what it says."""
    answer = await client.users_info(user=user)
    await store.of(workspace).run(keep_person, workspace, answer["user"])


def find_person(tx: Transaction, user: UserId) -> Person:
    return tx.person(user)


def keep_person(tx: Transaction, workspace: WorkspaceId, user: dict[str, Any]) -> None:
    id_, standing = UserId(user["id"]), standing_of(user, workspace)
    runs_slack = bool(user.get("is_admin") or user.get("is_owner"))
    tx.people.keep(id_, standing, runs_slack=runs_slack)
    if standing is Standing.DEACTIVATED:
        hand_on(tx, id_, None)


def standing_of(user: dict[str, Any], workspace: WorkspaceId) -> Standing:
    """What Slack's description of a person comes to."""
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


def see_that_they_are_of_ours(body: dict[str, Any], context: AsyncBoltContext) -> None:
    """Raises NotAllowed for somebody of another workspace, whatever we knew of them."""
    event, user = body.get("event"), body.get("user")
    named = (isinstance(event, dict) and event.get("user_team")) or (
        isinstance(user, dict) and user.get("team_id")
    )
    if named and named not in (context.team_id, context.enterprise_id):
        raise NotAllowed(STRANGERS[Standing.OUTSIDER], step="ask")


async def note_denial(store: Store, error: Exception, context: AsyncBoltContext) -> None:
    """If it is one. In a transaction of its own: that of the request was undone."""
    if isinstance(error, NotAllowed):
        try:
            await store.of(workspace_of(context)).run(keep_denial, error, user_of(context))
        except (DoneBefore, Replayed):
            return  # it was noted when it came first
        except (Busy, ChangedMeanwhile):
            log.warning("a denial of %s was not noted: the database is busy", error.step)


def keep_denial(tx: Transaction, denied: NotAllowed, by: UserId) -> None:
    tx.audit.note(by, denied.step, denied.case_id, Decision.DENIED)
