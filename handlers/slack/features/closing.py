"""Resolve, decline, appeal, reopen: how a case ends, and how it continues."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.case import Case
from bot.errors import MissReasonNeeded, StepsMissing
from bot.people import CaseId, UserId
from handlers.slack.context import user_of, workspace_of
from handlers.slack.ids import Button, Form
from handlers.slack.outgoing.compose import card_links
from handlers.slack.plumbing.listeners import empty_form, once, opens_form, submits_once
from handlers.slack.plumbing.steps import step
from handlers.slack.views.blocks import Block
from handlers.slack.views.forms.case_form import read_why
from handlers.slack.views.forms.closing_forms import (
    appeal_form,
    decline_form,
    read_decline_form,
    read_resolve_form,
    reopen_form,
    resolve_form,
)
from handlers.slack.views.forms.escalate_form import follow_up_form
from storage import Store, Transaction


def register(app: AsyncApp, store: Store) -> None:
    app.action(Button.DECLINE)(opens_form(store, empty_form(decline_form, Case.may_decline)))
    app.view(Form.DECLINE)(submits_once(store, read_decline_form, step(Case.decline)))
    app.action(Button.APPEAL)(opens_form(store, empty_form(appeal_form, Case.may_appeal)))
    app.view(Form.APPEAL)(submits_once(store, read_why, step(Case.appeal)))
    app.action(Button.REOPEN)(opens_form(store, view_reopen_form))
    app.view(Form.REOPEN)(submits_once(store, read_why, step(Case.reopen)))
    app.action(Button.RESOLVE)(opens_form(store, view_resolve_form))

    @app.view(Form.RESOLVE)
    async def resolve(ack: AsyncAck, view: dict[str, Any], context: AsyncBoltContext) -> None:
        by = user_of(context)
        case, resolution = read_resolve_form(view, by=by)
        workspace, key = store.of(workspace_of(context)), f"view/{view['id']}"
        try:
            await workspace.run(once, key, step(Case.resolve), (case, resolution), by=by)
        except (MissReasonNeeded, StepsMissing):  # it became due after the form was opened
            form = await workspace.read(view_resolve_form, case, by)
            await ack(response_action="update", view=form)
            return
        await ack()


def view_resolve_form(tx: Transaction, case_id: CaseId, by: UserId) -> Block:
    case = tx.cases.look_up(case_id)
    case.may_resolve(tx.person(by))
    return resolve_form(case, case.missed(at=tx.now))


def view_reopen_form(tx: Transaction, case_id: CaseId, by: UserId) -> Block:
    """Return the form that reopens the case, or one for a new case that follows it.

    The new case is for one that ended too long ago to be reopened.
    """
    case = tx.cases.look_up(case_id)
    case.may_reopen_or_continue(tx.person(by))
    if case.is_long_closed(at=tx.now):
        return follow_up_form(case, card_links(tx)(case))
    return reopen_form(case)
