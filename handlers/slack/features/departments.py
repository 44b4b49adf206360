"""Departments: ask one a question in its channel, and bring the answer back to the case."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.case import Case
from bot.case.redaction import redacted_for
from bot.people import CaseId, UserId
from handlers.slack.context import user_of, workspace_of
from handlers.slack.ids import Button, Form
from handlers.slack.plumbing.listeners import empty_form, opens_form, submits_once
from handlers.slack.plumbing.open_form import show_form
from handlers.slack.plumbing.steps import step
from handlers.slack.views.blocks import Block
from handlers.slack.views.forms.department_forms import (
    answer_form,
    ask_form,
    read_answer_form,
    read_ask_form,
    task_named,
)
from storage import Store, Transaction


def register(app: AsyncApp, store: Store) -> None:
    app.action(Button.ASK)(opens_form(store, empty_form(ask_form, Case.may_ask)))
    app.view(Form.ASK)(submits_once(store, read_ask_form, step(Case.ask)))

    @app.action(Button.ANSWER)
    async def open_answer_form(
        ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        case, number = task_named(body["actions"][0]["value"])
        workspace = store.of(workspace_of(context))
        form = await workspace.read(view_answer_form, case, number, user_of(context))
        await show_form(client, body, form)
        await ack()

    app.view(Form.ANSWER)(submits_once(store, read_answer_form, step(Case.answer)))


def view_answer_form(tx: Transaction, case_id: CaseId, number: int, by: UserId) -> Block:
    case = tx.cases.look_up(case_id)
    person = tx.person(by)
    return answer_form(redacted_for(person, case), case.may_answer(number, person))
