"""Release: the form that puts a case back in the queue."""

from slack_bolt.async_app import AsyncApp

from bot.delivery import home_key
from bot.people import CaseId, UserId
from handlers.slack.case_buttons import keeps, opens
from handlers.slack.ids import Button, Form
from handlers.slack.views.case_forms import read_release_form, release_form
from handlers.slack.views.parts import Block
from storage import Store, Transaction


def register(app: AsyncApp, store: Store) -> None:
    app.action(Button.RELEASE)(opens(store, blank_release_form))

    app.view(Form.RELEASE)(keeps(store, read_release_form, release_case))


def blank_release_form(tx: Transaction, case_id: CaseId, by: UserId) -> Block:
    case = tx.cases.look_up(case_id)
    case.may_release(tx.person(by))
    return release_form(case)


def release_case(tx: Transaction, case_id: CaseId, why: str, *, by: UserId) -> None:
    case = tx.cases.get(case_id)
    former = case.owner
    case.release(why, by=tx.person(by), at=tx.now)
    tx.outbox.owe_again(home_key(former or by), at=tx.now)
