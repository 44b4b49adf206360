"""The five steps of a good escalation: what each press does, and the forms that follow."""

from slack_bolt.async_app import AsyncApp

from bot.case import Case, Offer, Source, Stage
from bot.case.permissions import Step
from bot.people import CaseId, UserId
from handlers.slack.ids import Button, Form
from handlers.slack.plumbing.ephemeral import EphemeralReplies
from handlers.slack.plumbing.listeners import empty_form, may, opens_form, runs_step, submits_once
from handlers.slack.views.forms.case_forms import read_why
from handlers.slack.views.forms.five_steps_forms import (
    contact_form,
    decline_goodwill_form,
    facts_form,
    offer_form,
    read_contact_form,
    read_facts_form,
    read_offer_form,
    read_skip_form,
    skip_form,
)
from storage import Store, Transaction

APPROVED = "Approved. Whoever asked hears of it."
PREVENTED = "Done. Thank you: that spares the next customer."


def register(app: AsyncApp, store: Store, ephemeral: EphemeralReplies) -> None:
    of_owner = may(Step.UPDATE)
    app.action(Button.REVIEWED)(runs_step(store, ephemeral, review))
    app.action(Button.CONTACT)(opens_form(store, empty_form(contact_form, of_owner)))
    app.view(Form.CONTACT)(submits_once(store, read_contact_form, log_contact))
    app.action(Button.FACTS)(opens_form(store, empty_form(facts_form, of_owner)))
    app.view(Form.FACTS)(submits_once(store, read_facts_form, keep_facts))
    app.action(Button.OFFER)(opens_form(store, empty_form(offer_form, of_owner)))
    app.view(Form.OFFER)(submits_once(store, read_offer_form, keep_offer))
    app.action(Button.SKIP)(opens_form(store, empty_form(skip_form, of_owner)))
    app.view(Form.SKIP)(submits_once(store, read_skip_form, skip))
    app.action(Button.APPROVE)(runs_step(store, ephemeral, approve, says=lambda _: APPROVED))
    not_so = empty_form(decline_goodwill_form, Case.may_decline_goodwill)
    app.action(Button.DECLINE_GOODWILL)(opens_form(store, not_so))
    app.view(Form.DECLINE_GOODWILL)(submits_once(store, read_why, decline_goodwill))
    app.action(Button.PREVENTED)(runs_step(store, ephemeral, prevent, says=lambda _: PREVENTED))


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


def decline_goodwill(tx: Transaction, case_id: CaseId, instead: str, *, by: UserId) -> None:
    tx.cases.get(case_id).decline_goodwill(instead, by=tx.person(by), at=tx.now)


def prevent(tx: Transaction, case_id: CaseId, *, by: UserId) -> None:
    tx.cases.get(case_id).prevent(by=tx.person(by), at=tx.now)
