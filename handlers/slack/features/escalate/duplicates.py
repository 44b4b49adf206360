"""Is it one of these? Likely duplicates are offered once, before a second case is opened."""

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import ClientError
from pydantic import TypeAdapter
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError

from bot.case import Case, NewCase
from bot.case.permissions import Step, is_granted, permit
from bot.case.redaction import readable_by
from bot.errors import BotError, Busy, ChangedMeanwhile
from bot.lookup.duplicates import LOOK_BACK, likely
from bot.messages import N_
from bot.people import CaseId, TeamId, UserId
from bot.rate_limit import RATE_WINDOW, Quota
from handlers.i18n import _
from handlers.intake import Submission, open_case, record_warning, with_full_summary
from handlers.slack.context import user_of, workspace_of
from handlers.slack.ids import Button, Form
from handlers.slack.outgoing.compose import card_links
from handlers.slack.plumbing.listeners import pressed_case
from handlers.slack.views.blocks import Block
from handlers.slack.views.forms.duplicate_form import duplicate_form, followed_view
from handlers.slack.web_session import reason_of
from storage import Store, Transaction, WorkspaceStore

log = logging.getLogger(__name__)

SEARCH_SECONDS = 1.0
"""Slack waits three seconds in all, and opening the case needs the rest."""


@dataclass(frozen=True)
class EscalationDraft:
    """What a person typed into the form, and its team. Stored as a draft: keep the names."""

    wanted: NewCase
    team: TeamId
    this: Submission


TYPED = TypeAdapter(EscalationDraft)


class DraftExpired(BotError):
    message = N_("This form has expired, and your text was not kept. Type /escalate again.")


async def offered(workspace: WorkspaceStore, typed: EscalationDraft, *, by: UserId) -> Block | None:
    """Return the form that offers likely duplicates, if there are any.

    A failed or slow search never stops an escalation.
    """
    try:
        async with asyncio.timeout(SEARCH_SECONDS):
            if await workspace.read(cases_like, typed, by):
                return await workspace.run(offer, typed, by)
    except (Busy, ChangedMeanwhile, SQLAlchemyError, TimeoutError) as error:
        log.warning("duplicate search failed: %r", type(error))
    return None


def register(app: AsyncApp, store: Store, quota: Quota) -> None:
    @app.view(Form.ANYWAY)
    async def escalate_anyway(
        ack: AsyncAck, view: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        workspace = store.of(workspace_of(context))
        await workspace.run(open_anyway, view["private_metadata"], quota, by=user_of(context))
        await ack()

    @app.action(Button.FOLLOW)
    async def follow(
        ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        view, case = body["view"], pressed_case(body)
        workspace, draft = store.of(workspace_of(context)), view["private_metadata"]
        followed = await workspace.run(follow_case, case, draft, by=user_of(context))
        try:
            await client.views_update(view_id=view["id"], view=followed)
        except (SlackApiError, ClientError, TimeoutError) as error:
            # The case is followed all the same.
            log.warning("form not updated: %s", reason_of(error))
        await ack()


def cases_like(tx: Transaction, typed: EscalationDraft, by: UserId) -> list[Case]:
    """Return likely duplicates that this person may read.

    Raises:
        NotAllowed: the person may not escalate to the team, so they learn nothing.
    """
    person = tx.person(by)
    permit(Step.ESCALATE, person, tx.teams.look_up(typed.team))
    if typed.wanted.follows is not None:  # the new case names its predecessor itself
        return []
    candidates = tx.search.duplicate_candidates(
        typed.wanted.customer,
        typed.team,
        since=tx.now - LOOK_BACK,
        by=by,
        opened_before=tx.now - RATE_WINDOW,  # open_case asks about the person's own repetitions
    )
    return readable_by(person, tx.cases.look_up_all(likely(typed.wanted, candidates)))


def offer(tx: Transaction, typed: EscalationDraft, by: UserId) -> Block | None:
    if not (cases := cases_like(tx, typed, by)):
        return None
    person = tx.person(by)
    seen = [is_granted(Step.SEE, person, case.team, case) for case in cases]
    draft = keep_typed(tx, typed)
    return duplicate_form(cases, card_links(tx), seen, draft)


def open_anyway(tx: Transaction, draft: str, quota: Quota, *, by: UserId) -> None:
    typed = find_typed(tx, draft)
    record_warning(tx, typed.this)
    confirmed = replace(typed.this, trigger=draft)  # the reporter has seen the duplicates
    open_case(tx, typed.wanted, typed.team, confirmed, quota, by=by)


def follow_case(tx: Transaction, case_id: CaseId, draft: str, *, by: UserId) -> Block:
    case, typed = tx.cases.get(case_id), find_typed(tx, draft)
    if not tx.inbox.mark_handled(f"follow/{draft}"):
        wanted = with_full_summary(tx, typed.wanted, typed.this)
        wish = "\n\n" + _("They want: {wish}").format(wish=wanted.wish) if wanted.wish else ""
        case.follow(f"{wanted.summary}{wish}", by=tx.person(by), at=tx.now)
    return followed_view(case)


def keep_typed(tx: Transaction, typed: EscalationDraft) -> str:
    """Store what was typed and return the id of the draft."""
    return tx.drafts.keep(TYPED.dump_json(typed).decode())


def find_typed(tx: Transaction, draft: str) -> EscalationDraft:
    """Return what was typed.

    Raises:
        DraftExpired: the draft was deleted after some days.
    """
    if not (kept := tx.drafts.find(draft)):
        raise DraftExpired
    return TYPED.validate_json(kept)
