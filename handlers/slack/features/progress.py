"""Update, wait, resume, change priority, and why these times: the buttons that move clocks."""

from datetime import datetime

from slack_bolt.async_app import AsyncApp

from bot.case import Case, clocks_at_each_priority
from bot.case.permissions import Step
from bot.people import CaseId, Person, UserId
from handlers.slack.ids import Button, Form
from handlers.slack.plumbing.ephemeral import EphemeralReplies
from handlers.slack.plumbing.listeners import empty_form, may, opens_form, runs_step, submits_once
from handlers.slack.plumbing.steps import step
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
from handlers.slack.views.lookup.why import why_view
from storage import Store, Transaction


def register(app: AsyncApp, store: Store, ephemeral: EphemeralReplies) -> None:
    app.action(Button.UPDATE)(opens_form(store, empty_form(update_form, may(Step.UPDATE))))
    app.view(Form.UPDATE)(submits_once(store, read_update_form, step(log_news)))
    app.action(Button.WAIT)(opens_form(store, view_wait_form))
    app.view(Form.WAIT)(submits_once(store, read_wait_form, step(start_wait)))
    app.action(Button.RESUME)(runs_step(store, ephemeral, step(Case.resume)))
    app.action(Button.PRIORITY)(opens_form(store, view_priority_form))
    app.view(Form.PRIORITY)(submits_once(store, read_priority_form, step(Case.change_priority)))
    app.action(Button.WHY)(opens_form(store, view_why))


RULES = {News.CONTACTED: Case.contact, News.REPLIED: Case.log_reply, News.UPDATED: Case.update}


def log_news(case: Case, news: News, note: str, *, by: Person, at: datetime) -> None:
    RULES[news](case, note, by=by, at=at)


def start_wait(case: Case, wait: Wait, *, by: Person, at: datetime) -> None:
    case.wait(wait.on, wait.why, resume_by=wait.resume_by, by=by, at=at)


def view_wait_form(tx: Transaction, case_id: CaseId, by: UserId) -> Block:
    case = tx.cases.look_up(case_id)
    case.may(Step.WAIT, tx.person(by))
    return wait_form(case, at=tx.now)


def view_priority_form(tx: Transaction, case_id: CaseId, by: UserId) -> Block:
    case = tx.cases.look_up(case_id)
    case.may(Step.CHANGE_PRIORITY, tx.person(by))
    return priority_form(case, clocks_at_each_priority(case, at=tx.now))


def view_why(tx: Transaction, case_id: CaseId, by: UserId) -> Block:
    case = tx.cases.look_up(case_id)
    case.may_be_seen(by=tx.person(by), where=case.card.channel)
    return why_view(case, at=tx.now)
