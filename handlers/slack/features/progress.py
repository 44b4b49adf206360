"""Update, wait, resume, change priority, and why: what a card offers that has to do with time."""

from slack_bolt.async_app import AsyncApp

from bot.case import Case, clocks_at_each_priority
from bot.case.permissions import Step
from bot.people import CaseId, UserId
from bot.priority import Priority
from handlers.slack.ids import Button, Form
from handlers.slack.plumbing.ephemeral import EphemeralReplies
from handlers.slack.plumbing.listeners import empty_form, may, opens_form, runs_step, submits_once
from handlers.slack.views.blocks import Block
from handlers.slack.views.forms.progress_forms import (
    News,
    Wait,
    priority_form,
    read_priority_form,
    read_update_form,
    read_wait_form,
    update_form,
    wait_form,
)
from handlers.slack.views.why import why_view
from storage import Store, Transaction


def register(app: AsyncApp, store: Store, ephemeral: EphemeralReplies) -> None:
    app.action(Button.UPDATE)(opens_form(store, empty_form(update_form, may(Step.UPDATE))))
    app.view(Form.UPDATE)(submits_once(store, read_update_form, update_case))
    app.action(Button.WAIT)(opens_form(store, blank_wait_form))
    app.view(Form.WAIT)(submits_once(store, read_wait_form, let_case_wait))
    app.action(Button.RESUME)(runs_step(store, ephemeral, resume_case))
    app.action(Button.PRIORITY)(opens_form(store, blank_priority_form))
    app.view(Form.PRIORITY)(submits_once(store, read_priority_form, reprioritise))
    app.action(Button.WHY)(opens_form(store, account_of))


def update_case(tx: Transaction, case_id: CaseId, news: News, note: str, *, by: UserId) -> None:
    case = tx.cases.get(case_id)
    TOLD[news](case, note, by=tx.person(by), at=tx.now)


TOLD = {News.CONTACTED: Case.contact, News.REPLIED: Case.hear, News.UPDATED: Case.update}


def blank_wait_form(tx: Transaction, case_id: CaseId, by: UserId) -> Block:
    case = tx.cases.look_up(case_id)
    case.may(Step.WAIT, tx.person(by))
    return wait_form(case, at=tx.now)


def let_case_wait(tx: Transaction, case_id: CaseId, wait: Wait, *, by: UserId) -> None:
    person = tx.person(by)
    tx.cases.get(case_id).wait(wait.on, wait.why, resume_by=wait.resume_by, by=person, at=tx.now)


def resume_case(tx: Transaction, case_id: CaseId, *, by: UserId) -> None:
    tx.cases.get(case_id).resume(by=tx.person(by), at=tx.now)


def blank_priority_form(tx: Transaction, case_id: CaseId, by: UserId) -> Block:
    case = tx.cases.look_up(case_id)
    case.may(Step.CHANGE_PRIORITY, tx.person(by))
    return priority_form(case, clocks_at_each_priority(case, at=tx.now))


def reprioritise(tx: Transaction, case_id: CaseId, to: Priority, why: str, *, by: UserId) -> None:
    tx.cases.get(case_id).change_priority(to, why, by=tx.person(by), at=tx.now)


def account_of(tx: Transaction, case_id: CaseId, by: UserId) -> Block:
    case = tx.cases.look_up(case_id)
    case.may_be_seen(by=tx.person(by), where=case.card.channel)
    return why_view(case, at=tx.now)
