"""The five steps of a good escalation: what each press does, and the forms that follow."""

from collections.abc import Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.case import Case, Offer, Source, Stage
from bot.people import CaseId, UserId
from bot.roles import Step
from handlers.slack.case_buttons import Look, keeps, opens, pressed_case
from handlers.slack.courtesy import Courtesy
from handlers.slack.ids import Button, Form
from handlers.slack.views.parts import Block
from handlers.slack.views.stage_forms import (
    contact_form,
    facts_form,
    offer_form,
    read_contact_form,
    read_facts_form,
    read_offer_form,
    read_skip_form,
    skip_form,
)
from handlers.slack.who import who, workspace
from storage import Store, Transaction


def register(app: AsyncApp, store: Store, courtesy: Courtesy) -> None:
    for button, form in FORMS.items():
        app.action(button)(opens(store, form))

    @app.action(Button.REVIEWED)
    async def reviewed(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await store.of(workspace(context)).run(review, pressed_case(body), by=who(context))
        await ack()

    app.view(Form.CONTACT)(keeps(store, read_contact_form, log_contact))

    app.view(Form.FACTS)(keeps(store, read_facts_form, keep_facts))

    app.view(Form.OFFER)(keeps(store, read_offer_form, keep_offer))

    app.view(Form.SKIP)(keeps(store, read_skip_form, skip))

    @app.action(Button.APPROVE)
    async def approved(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await store.of(workspace(context)).run(approve, pressed_case(body), by=who(context))
        await ack()
        courtesy.tell(context, "Approved. Whoever asked hears of it.")

    @app.action(Button.PREVENTED)
    async def prevented(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await store.of(workspace(context)).run(prevent, pressed_case(body), by=who(context))
        await ack()
        courtesy.tell(context, "Done. Thank you: that spares the next customer.")


def _of_owner(form: Callable[[Case], Block]) -> Look:
    def look(tx: Transaction, case_id: CaseId, by: UserId) -> Block:
        case = tx.cases.look_up(case_id)
        case.may(Step.UPDATE, tx.person(by))
        return form(case)

    return look


FORMS: dict[Button, Look] = {
    Button.CONTACT: _of_owner(contact_form),
    Button.FACTS: _of_owner(facts_form),
    Button.OFFER: _of_owner(offer_form),
    Button.SKIP: _of_owner(skip_form),
}


def review(tx: Transaction, case_id: CaseId, *, by: UserId) -> None:
    tx.cases.get(case_id).review(by=tx.person(by), at=tx.now)


def log_contact(tx: Transaction, case_id: CaseId, over: Source, note: str, *, by: UserId) -> None:
    tx.cases.get(case_id).contact(note, over=over, by=tx.person(by), at=tx.now)


def keep_facts(tx: Transaction, case_id: CaseId, facts: str, cause: str, *, by: UserId) -> None:
    tx.cases.get(case_id).find_facts(facts, cause, by=tx.person(by), at=tx.now)


def keep_offer(tx: Transaction, case_id: CaseId, offer: Offer, *, by: UserId) -> None:
    tx.cases.get(case_id).offer(offer, by=tx.person(by), at=tx.now)


def skip(tx: Transaction, case_id: CaseId, stage: Stage, why: str, *, by: UserId) -> None:
    tx.cases.get(case_id).skip([stage], why, by=tx.person(by), at=tx.now)


def approve(tx: Transaction, case_id: CaseId, *, by: UserId) -> None:
    tx.cases.get(case_id).approve(by=tx.person(by), at=tx.now)


def prevent(tx: Transaction, case_id: CaseId, *, by: UserId) -> None:
    tx.cases.get(case_id).prevent(by=tx.person(by), at=tx.now)
