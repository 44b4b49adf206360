"""Who the people are that use Baton: members, guests, bots, people of another workspace."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from aiohttp import ClientError
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import OperationalError

from bot.audit import Decision
from bot.case.permissions import STRANGERS
from bot.errors import AlreadyDone, BotError, Busy, ChangedMeanwhile, NotAllowed, Replayed
from bot.people import Person, Standing, UserId, WorkspaceId
from handlers.offboarding import reassign_open_cases
from handlers.slack.context import user_of, workspace_of
from handlers.slack.outgoing.api_outcome import shows_slack_away
from handlers.slack.web_session import reason_of
from storage import Store, Transaction
from storage.requests.current_request import outside_request

log = logging.getLogger(__name__)

CHECK_EVERY = timedelta(minutes=1)
ASKED_BY = "asked_by"
"""Where the context of a request has its workspace and person."""


class PeopleRefresher:
    """Asks Slack about people whose details are outdated, after their request was answered.

    The next request of such a person finds what Slack said.
    """

    def __init__(self, store: Store, client: AsyncWebClient) -> None:
        self._store, self._client = store, client
        self._checked: dict[tuple[WorkspaceId, UserId], datetime] = {}
        self._tasks: dict[tuple[WorkspaceId, UserId], asyncio.Task[None]] = {}

    def check(self, context: AsyncBoltContext) -> None:
        """Check the person behind a request in the background, once a minute at most."""
        if ASKED_BY not in context:
            return
        key: tuple[WorkspaceId, UserId] = context[ASKED_BY]
        now = self._store.clock()
        checked = self._checked.get(key)
        if key in self._tasks or (checked is not None and now - checked < CHECK_EVERY):
            return
        with outside_request():
            self._tasks[key] = asyncio.create_task(self._try_to_refresh(*key))
        self._tasks[key].add_done_callback(lambda _: self._tasks.pop(key))

    async def drain(self) -> None:
        """Wait for the checks that are under way."""
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _try_to_refresh(self, workspace: WorkspaceId, user: UserId) -> None:
        try:
            await self._refresh(workspace, user)
        except (BotError, OperationalError) as error:  # the next request tries again
            log.warning("person %s not refreshed: %r", user, type(error))

    async def _refresh(self, workspace: WorkspaceId, user: UserId) -> None:
        try:
            if await self._store.of(workspace).read(is_outdated, user):
                await learn(self._store, self._client, workspace, user)
        except (SlackApiError, ClientError, TimeoutError) as error:
            log.warning("users.info failed: %s", reason_of(error))
            if shows_slack_away(error):
                await self._store.of(workspace).run(note_failure)
        else:
            self._checked[workspace, user] = self._store.clock()


def register(app: AsyncApp, store: Store) -> None:
    @app.use
    async def identify_user(
        body: dict[str, Any], context: AsyncBoltContext, next: Callable[[], Awaitable[None]]
    ) -> None:
        refuse_outsiders(body, context)
        if isinstance(context.user_id, str):
            context[ASKED_BY] = (workspace_of(context), user_of(context))
        await next()

    @app.event("team_join")
    @app.event("user_change")
    async def hear(event: dict[str, Any], context: AsyncBoltContext) -> None:
        workspace = workspace_of(context)
        await store.of(workspace).run(keep_person, workspace, event["user"], store.clock())


async def learn(store: Store, client: AsyncWebClient, workspace: WorkspaceId, user: UserId) -> None:
    """Ask Slack about a person and store the answer."""
    asked_at = store.clock()
    answer = await client.users_info(user=user)
    await store.of(workspace).run(keep_person, workspace, answer["user"], asked_at)


def is_outdated(tx: Transaction, user: UserId) -> bool:
    return tx.people.outdated(user)


def note_failure(tx: Transaction) -> None:
    tx.contacts.failed()


def keep_person(
    tx: Transaction, workspace: WorkspaceId, user: dict[str, Any], asked_at: datetime
) -> None:
    for owner in keep_people(tx, workspace, [user], asked_at=asked_at):
        reassign_open_cases(tx, owner, None)
    tx.contacts.answered()


def keep_people(
    tx: Transaction, workspace: WorkspaceId, users: Iterable[dict[str, Any]], *, asked_at: datetime
) -> list[UserId]:
    """Store what Slack says about people. Return who has left and still owns open cases."""
    people = [_as_person(user, workspace) for user in users]
    tx.people.keep(*people, asked_at=asked_at)
    left = [person.user for person in people if person.standing is Standing.DEACTIVATED]
    return tx.cases.owners(left)


def _as_person(user: dict[str, Any], workspace: WorkspaceId) -> Person:
    runs_slack = bool(user.get("is_admin") or user.get("is_owner"))
    standing = standing_of(user, workspace)
    return Person(UserId(user["id"]), standing=standing, runs_slack=runs_slack)


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
