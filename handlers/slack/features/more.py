"""More: the menu of steps that the card has no room for, limited to what this person may do."""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_bolt.async_app import AsyncApp

from bot.case import Case, Stage, Status
from bot.case.permissions import Step, permit
from bot.errors import BotError, NothingToSkip
from bot.messages import N_
from bot.people import CaseId, Person, UserId
from handlers.i18n import _
from handlers.slack.features.lookup.customer import view_customer
from handlers.slack.ids import Button
from handlers.slack.plumbing.listeners import Check, may, opens_form
from handlers.slack.views.blocks import Block, case_button, plain, section
from storage import Store, Transaction


@dataclass(frozen=True)
class Item:
    """A line of the menu with its button, shown to people who pass the check."""

    button: Button
    label: str
    hint: str
    check: Check


def register(app: AsyncApp, store: Store) -> None:
    app.action(Button.MORE)(opens_form(store, view_menu))
    app.action(Button.CUSTOMER)(opens_form(store, view_customer, recorded=True))


def view_menu(tx: Transaction, case_id: CaseId, by: UserId) -> Block:
    """Return the menu.

    Raises:
        NotAllowed: the person may not even see the due times.
    """
    case, person = tx.cases.look_up(case_id), tx.person(by)
    _may_see(case, person)
    items = (*WHILE_WAITING, *ITEMS) if case.status is Status.WAITING else ITEMS
    return _menu(case, [item for item in items if _passes(item.check, case, person)])


def _menu(case: Case, items: Sequence[Item]) -> Block:
    lines = [
        section(_(item.hint), case_button(_(item.label), item.button, case.id)) for item in items
    ]
    title = plain(_("More for {case}").format(case=case.reference))
    return {"type": "modal", "title": title, "close": plain(_("Close")), "blocks": lines}


def _passes(check: Check, case: Case, person: Person) -> bool:
    try:
        check(case, person)
    except BotError:
        return False
    return True


def _may_see(case: Case, person: Person) -> None:
    case.may_be_seen(by=person, where=case.card.channel)


def _may_see_customer(case: Case, person: Person) -> None:
    permit(Step.SEE, person, case.team, case)


def _may_skip(case: Case, person: Person) -> None:
    case.may(Step.UPDATE, person)
    if case.owner is None or case.next_stage is Stage.END:
        raise NothingToSkip(case.id)


WHILE_WAITING = (  # a waiting case's card has no room for these
    Item(Button.UPDATE, N_("Update"), N_("Log what is new."), may(Step.UPDATE)),
    Item(Button.WAIT, N_("Wait longer"), N_("Extend the wait."), may(Step.WAIT)),
)
ITEMS = (
    Item(
        Button.PRIORITY,
        N_("Change priority"),
        N_("See the new due times before you decide."),
        may(Step.CHANGE_PRIORITY),
    ),
    Item(
        Button.ASK,
        N_("Ask a department"),
        N_("The answer comes back to the thread."),
        Case.may_ask,
    ),
    Item(Button.SKIP, N_("Skip a step"), N_("One of the five steps is not needed."), _may_skip),
    Item(Button.EDIT, N_("Edit"), N_("Correct or add facts."), may(Step.COMMENT)),
    Item(
        Button.MERGE,
        N_("Merge"),
        N_("It is the same problem as another case."),
        may(Step.MERGE),
    ),
    Item(Button.RELEASE, N_("Release"), N_("Put the case back in the queue."), Case.may_release),
    Item(
        Button.CUSTOMER,
        N_("Customer"),
        N_("See the customer's facts and cases."),
        _may_see_customer,
    ),
    Item(
        Button.WHY,
        N_("Why these times?"),
        N_("See how each due time was calculated."),
        _may_see,
    ),
)
