"""Hand off: the form that names a new owner, and their answer."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.delivery import home_key
from bot.people import CaseId, UserId, reference
from handlers.slack.case_buttons import claimed, keeps, opens, pressed_case
from handlers.slack.courtesy import Courtesy
from handlers.slack.ids import Button, Form
from handlers.slack.views.case_forms import hand_off_form, read_hand_off_form
from handlers.slack.views.parts import Block
from handlers.slack.who import who, workspace
from storage import Store, Transaction


def register(app: AsyncApp, store: Store, courtesy: Courtesy) -> None:
    app.action(Button.HAND_OFF)(opens(store, blank_hand_off_form))

    app.view(Form.HAND_OFF)(keeps(store, read_hand_off_form, offer_case))

    @app.action(Button.ACCEPT)
    async def accept(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        case = pressed_case(body)
        await store.of(workspace(context)).run(accept_case, case, by=who(context))
        await ack()
        courtesy.tell(context, claimed(case))

    @app.action(Button.TURN_DOWN)
    async def turn_down(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        case = pressed_case(body)
        await store.of(workspace(context)).run(turn_down_case, case, by=who(context))
        await ack()
        courtesy.tell(context, f"Thank you for saying so. {reference(case)} stays where it is.")


def blank_hand_off_form(tx: Transaction, case_id: CaseId, by: UserId) -> Block:
    case = tx.cases.look_up(case_id)
    case.may_hand_off(tx.person(by))
    return hand_off_form(case)


def offer_case(tx: Transaction, case_id: CaseId, to: UserId, word: str, *, by: UserId) -> None:
    tx.cases.get(case_id).hand_off(tx.person(to), word, by=tx.person(by), at=tx.now)


def accept_case(tx: Transaction, case_id: CaseId, *, by: UserId) -> None:
    case = tx.cases.get(case_id)
    former = case.owner
    case.accept(by=tx.person(by), at=tx.now)
    for person in {by, former or by}:
        tx.outbox.owe_again(home_key(person), at=tx.now)


def turn_down_case(tx: Transaction, case_id: CaseId, *, by: UserId) -> None:
    tx.cases.get(case_id).turn_down(by=tx.person(by), at=tx.now)
