"""Hand off: the form that names a new owner, and their answer."""

from slack_bolt.async_app import AsyncApp

from bot.case import Case
from bot.delivery import home_key
from bot.people import CaseId, UserId, reference
from handlers.slack.features.closing import claimed
from handlers.slack.ids import Button, Form
from handlers.slack.plumbing.ephemeral import EphemeralReplies
from handlers.slack.plumbing.listeners import empty_form, opens_form, runs_step, submits_once
from handlers.slack.views.forms.case_forms import hand_off_form, read_hand_off_form
from storage import Store, Transaction


def register(app: AsyncApp, store: Store, ephemeral: EphemeralReplies) -> None:
    app.action(Button.HAND_OFF)(opens_form(store, empty_form(hand_off_form, Case.may_hand_off)))
    app.view(Form.HAND_OFF)(submits_once(store, read_hand_off_form, offer_case))
    app.action(Button.ACCEPT)(runs_step(store, ephemeral, accept_case, says=claimed))
    app.action(Button.TURN_DOWN)(runs_step(store, ephemeral, turn_down_case, says=turned_down))


def turned_down(case: CaseId) -> str:
    return f"Thank you for saying so. {reference(case)} stays where it is."


def offer_case(tx: Transaction, case_id: CaseId, to: UserId, word: str, *, by: UserId) -> None:
    tx.cases.get(case_id).hand_off(tx.person(to), word, by=tx.person(by), at=tx.now)


def accept_case(tx: Transaction, case_id: CaseId, *, by: UserId) -> None:
    case = tx.cases.get(case_id)
    former = case.owner
    case.accept(by=tx.person(by), at=tx.now)
    for person in {by, former or by}:
        tx.outbox.request_update(home_key(person), at=tx.now)


def turn_down_case(tx: Transaction, case_id: CaseId, *, by: UserId) -> None:
    tx.cases.get(case_id).turn_down(by=tx.person(by), at=tx.now)
