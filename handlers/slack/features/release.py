"""Release: the form that puts a case back in the queue."""

from slack_bolt.async_app import AsyncApp

from bot.case import Case
from bot.delivery import home_key
from bot.people import CaseId, UserId
from handlers.slack.ids import Button, Form
from handlers.slack.plumbing.listeners import empty_form, opens_form, submits_once
from handlers.slack.views.forms.case_forms import read_release_form, release_form
from storage import Store, Transaction


def register(app: AsyncApp, store: Store) -> None:
    app.action(Button.RELEASE)(opens_form(store, empty_form(release_form, Case.may_release)))
    app.view(Form.RELEASE)(submits_once(store, read_release_form, release_case))


def release_case(tx: Transaction, case_id: CaseId, why: str, *, by: UserId) -> None:
    case = tx.cases.get(case_id)
    former = case.owner
    case.release(why, by=tx.person(by), at=tx.now)
    tx.outbox.request_update(home_key(former or by), at=tx.now)
