"""Merge: end a case as a duplicate of another one."""

from slack_bolt.async_app import AsyncApp

from bot.case.permissions import Step
from bot.case.redaction import readable_by, restrict_alike
from bot.people import CaseId, UserId
from handlers.slack.features.edit import get_with_earlier
from handlers.slack.ids import Button, Form
from handlers.slack.plumbing.listeners import opens_form, submits_once
from handlers.slack.views.blocks import Block
from handlers.slack.views.forms.merge_form import merge_form, read_merge_form
from storage import Store, Transaction

MAX_CANDIDATES = 5


def register(app: AsyncApp, store: Store) -> None:
    app.action(Button.MERGE)(opens_form(store, view_merge_form))
    app.view(Form.MERGE)(submits_once(store, read_merge_form, merge_case))


def view_merge_form(tx: Transaction, case_id: CaseId, by: UserId) -> Block:
    case = tx.cases.look_up(case_id)
    person = tx.person(by)
    case.may(Step.MERGE, person)
    open_cases = readable_by(person, tx.cases.open_in(case.team.id))
    of_customer = [
        it for it in open_cases if it.customer_key == case.customer_key and it is not case
    ]
    return merge_form(case, of_customer[-MAX_CANDIDATES:])


def merge_case(tx: Transaction, case_id: CaseId, other: CaseId, *, by: UserId) -> None:
    person = tx.person(by)
    case, into = tx.cases.get_pair(case_id, tx.cases.merged_into_last(other))
    case.merge(into, by=person, at=tx.now)
    if into.restricted:
        into, *earlier = get_with_earlier(tx, into.id)
        restrict_alike(into, earlier, by=person, at=tx.now)
