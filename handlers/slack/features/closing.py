"""Claim, and how a case ends or goes on: what a press does, and the forms that follow."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.case import Case, Refusal, Resolution
from bot.delivery import home_key
from bot.errors import MissReasonNeeded, StepsMissing
from bot.people import CaseId, UserId, reference
from handlers.slack.context import user_of, workspace_of
from handlers.slack.ids import Button, Form
from handlers.slack.outgoing.compose import card_links
from handlers.slack.plumbing.ephemeral import EphemeralReplies
from handlers.slack.plumbing.listeners import empty_form, once, opens_form, runs_step, submits_once
from handlers.slack.views.blocks import Block
from handlers.slack.views.forms.case_forms import (
    appeal_form,
    decline_form,
    read_decline_form,
    read_resolve_form,
    read_why,
    reopen_form,
    resolve_form,
)
from handlers.slack.views.forms.escalate_form import follow_up_form
from storage import Store, Transaction


def register(app: AsyncApp, store: Store, ephemeral: EphemeralReplies) -> None:
    app.action(Button.CLAIM)(runs_step(store, ephemeral, claim_case, says=claimed))
    app.action(Button.DECLINE)(opens_form(store, empty_form(decline_form, Case.may_decline)))
    app.view(Form.DECLINE)(submits_once(store, read_decline_form, decline_case))
    app.action(Button.APPEAL)(opens_form(store, empty_form(appeal_form, Case.may_appeal)))
    app.view(Form.APPEAL)(submits_once(store, read_why, appeal_case))
    app.action(Button.RESOLVE)(opens_form(store, blank_resolve_form))

    @app.view(Form.RESOLVE)
    async def resolve(ack: AsyncAck, view: dict[str, Any], context: AsyncBoltContext) -> None:
        case, resolution = read_resolve_form(view, by=user_of(context))
        ours, key = store.of(workspace_of(context)), f"view/{view['id']}"
        try:
            await ours.run(once, key, resolve_case, (case, resolution), by=user_of(context))
        except (MissReasonNeeded, StepsMissing):  # what the form did not ask when it was opened
            asked = await ours.read(blank_resolve_form, case, user_of(context))
            await ack(response_action="update", view=asked)
            return
        await ack()

    app.action(Button.REOPEN)(opens_form(store, blank_reopen_form))
    app.view(Form.REOPEN)(submits_once(store, read_why, reopen_case))


def claimed(case: CaseId) -> str:
    """What somebody is told who has claimed a case."""
    return f"You have {reference(case)} now. Read its history, then call the customer."


def claim_case(tx: Transaction, case_id: CaseId, *, by: UserId) -> None:
    tx.cases.get(case_id).claim(by=tx.person(by), at=tx.now)
    tx.outbox.request_update(home_key(by), at=tx.now)


def decline_case(tx: Transaction, case_id: CaseId, refusal: Refusal, *, by: UserId) -> None:
    tx.cases.get(case_id).decline(refusal, by=tx.person(by), at=tx.now)


def appeal_case(tx: Transaction, case_id: CaseId, why: str, *, by: UserId) -> None:
    tx.cases.get(case_id).appeal(why, by=tx.person(by), at=tx.now)


def blank_resolve_form(tx: Transaction, case_id: CaseId, by: UserId) -> Block:
    case = tx.cases.look_up(case_id)
    case.may_resolve(tx.person(by))
    return resolve_form(case, case.missed(at=tx.now))


def resolve_case(tx: Transaction, case_id: CaseId, resolution: Resolution, *, by: UserId) -> None:
    tx.cases.get(case_id).resolve(resolution, by=tx.person(by), at=tx.now)


def blank_reopen_form(tx: Transaction, case_id: CaseId, by: UserId) -> Block:
    """Or, once it is over for too long, the form for a new case that follows it."""
    case = tx.cases.look_up(case_id)
    case.may_take_up(tx.person(by))
    if case.is_long_over(at=tx.now):
        return follow_up_form(case, card_links(tx)(case))
    return reopen_form(case)


def reopen_case(tx: Transaction, case_id: CaseId, why: str, *, by: UserId) -> None:
    tx.cases.get(case_id).reopen(why, by=tx.person(by), at=tx.now)
