"""Hand off: the form that names a new owner, and the answer of that person."""

from slack_bolt.async_app import AsyncApp

from bot.case import Case
from bot.people import CaseId, UserId, reference
from handlers.i18n import _
from handlers.slack.features.claim import claimed
from handlers.slack.ids import Button, Form
from handlers.slack.plumbing.ephemeral import EphemeralReplies
from handlers.slack.plumbing.listeners import empty_form, opens_form, runs_step, submits_once
from handlers.slack.plumbing.steps import step
from handlers.slack.views.forms.ownership_forms import hand_off_form, read_hand_off_form
from storage import Store, Transaction


def register(app: AsyncApp, store: Store, ephemeral: EphemeralReplies) -> None:
    app.action(Button.HAND_OFF)(opens_form(store, empty_form(hand_off_form, Case.may_hand_off)))
    app.view(Form.HAND_OFF)(submits_once(store, read_hand_off_form, hand_off_case))
    app.action(Button.ACCEPT)(runs_step(store, ephemeral, step(Case.accept), says=claimed))
    app.action(Button.TURN_DOWN)(
        runs_step(store, ephemeral, step(Case.decline_handoff), says=declined)
    )


def declined(case: CaseId) -> str:
    message = _("Thank you for answering. {case} stays with its owner.")
    return message.format(case=reference(case))


def hand_off_case(tx: Transaction, case_id: CaseId, to: UserId, note: str, *, by: UserId) -> None:
    tx.cases.get(case_id).hand_off(tx.person(to), note, by=tx.person(by), at=tx.now)
