"""The five steps of a good escalation: the button of each, and the forms that follow."""

from datetime import datetime

from slack_bolt.async_app import AsyncApp

from bot.case import Case, Source
from bot.case.permissions import Step
from bot.people import CaseId, Person
from handlers.i18n import _
from handlers.slack.ids import Button, Form
from handlers.slack.plumbing.ephemeral import EphemeralReplies
from handlers.slack.plumbing.listeners import empty_form, may, opens_form, runs_step, submits_once
from handlers.slack.plumbing.steps import step
from handlers.slack.views.forms.case_form import read_why
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
from storage import Store


def register(app: AsyncApp, store: Store, ephemeral: EphemeralReplies) -> None:
    may_update = may(Step.UPDATE)
    app.action(Button.REVIEWED)(runs_step(store, ephemeral, step(Case.review)))
    app.action(Button.CONTACT)(opens_form(store, empty_form(contact_form, may_update)))
    app.view(Form.CONTACT)(submits_once(store, read_contact_form, step(log_contact)))
    app.action(Button.FACTS)(opens_form(store, empty_form(facts_form, may_update)))
    app.view(Form.FACTS)(submits_once(store, read_facts_form, step(Case.find_facts)))
    app.action(Button.OFFER)(opens_form(store, empty_form(offer_form, may_update)))
    app.view(Form.OFFER)(submits_once(store, read_offer_form, step(Case.offer)))
    app.action(Button.SKIP)(opens_form(store, empty_form(skip_form, may_update)))
    app.view(Form.SKIP)(submits_once(store, read_skip_form, step(Case.skip)))
    app.action(Button.APPROVE)(runs_step(store, ephemeral, step(Case.approve), says=approved))
    decline_form = empty_form(decline_goodwill_form, Case.may_decline_goodwill)
    app.action(Button.DECLINE_GOODWILL)(opens_form(store, decline_form))
    app.view(Form.DECLINE_GOODWILL)(submits_once(store, read_why, step(Case.decline_goodwill)))
    app.action(Button.PREVENTED)(runs_step(store, ephemeral, step(Case.prevent), says=prevented))


def log_contact(case: Case, over: Source, note: str, *, by: Person, at: datetime) -> None:
    case.contact(note, over=over, by=by, at=at)


def approved(_case: CaseId) -> str:
    return _("Approved. I'll let the owner know.")


def prevented(_case: CaseId) -> str:
    return _("Thank you! That helps to prevent a repeat.")
