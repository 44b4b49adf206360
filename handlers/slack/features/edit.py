"""Edit: correct what a case says. Two people who edit at once see each other's changes."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.case import Case, Edit
from bot.case.permissions import Step
from bot.case.redaction import restrict_alike
from bot.people import CaseId, UserId
from handlers.slack.context import user_of, workspace_of
from handlers.slack.ids import Button, Form
from handlers.slack.plumbing.listeners import opens_form
from handlers.slack.views.blocks import Block
from handlers.slack.views.forms.edit_form import edit_form, read_edit_form, whole
from storage import Store, Transaction


def register(app: AsyncApp, store: Store) -> None:
    app.action(Button.EDIT)(opens_form(store, view_edit_form))

    @app.view(Form.EDIT)
    async def edit(ack: AsyncAck, view: dict[str, Any], context: AsyncBoltContext) -> None:
        case, wanted = read_edit_form(view)
        workspace = store.of(workspace_of(context))
        form = await workspace.run(edit_case, case, wanted, by=user_of(context))
        if form is None:
            await ack()
        else:
            await ack(response_action="update", view=form)


def view_edit_form(tx: Transaction, case_id: CaseId, by: UserId) -> Block:
    case = tx.cases.look_up(case_id)
    case.may(Step.COMMENT, tx.person(by))
    return edit_form(case, case.facts(), base=len(case.history))


def edit_case(tx: Transaction, case_id: CaseId, edit: Edit, *, by: UserId) -> Block | None:
    """Apply the edit, or return the form again if another person edited the case meanwhile.

    The form keeps what was typed. Sent twice, an edit finds nothing left to change.
    """
    case, *earlier = get_with_earlier(tx, case_id)
    edit = whole(edit, case.facts(after=edit.base))
    wanted = {change.fact: change.after for change in case.changes_of(edit)}
    if wanted and (meanwhile := case.edited_since(edit.reviewed)):
        return edit_form(case, case.facts() | wanted, edit.base, meanwhile)
    person, was_restricted = tx.person(by), case.restricted
    case.edit(edit, by=person, at=tx.now)
    if case.restricted != was_restricted:
        restrict_alike(case, earlier, by=person, at=tx.now)
    return None


def get_with_earlier(tx: Transaction, case_id: CaseId) -> list[Case]:
    """Lock and load a case, then those that it goes on with, and so on."""
    found = [tx.cases.get(case_id)]
    for case in found:  # it grows; each is locked before it is asked for its earlier cases
        found += tx.cases.get_all(set(case.earlier) - {it.id for it in found})
    return found
