"""More: the menu of steps that the card has no room for, limited to what this person may do."""

from slack_bolt.async_app import AsyncApp

from bot.case import Case, Stage, Status
from bot.case.permissions import Step, permit
from bot.errors import BotError, NothingToSkip
from bot.people import CaseId, Person, UserId
from handlers.slack.features.lookup.customer import view_customer
from handlers.slack.ids import Button
from handlers.slack.plumbing.listeners import Check, may, opens_form
from handlers.slack.views.blocks import Block
from handlers.slack.views.more_menu import more_menu
from storage import Store, Transaction


def register(app: AsyncApp, store: Store) -> None:
    app.action(Button.MORE)(opens_form(store, view_menu))
    app.action(Button.CUSTOMER)(opens_form(store, view_customer))


def view_menu(tx: Transaction, case_id: CaseId, by: UserId) -> Block:
    """Return the menu.

    Raises:
        NotAllowed: the person may not even see the due times.
    """
    case, person = tx.cases.look_up(case_id), tx.person(by)
    _may_see(case, person)
    checks = WHILE_WAITING | CHECKS if case.status is Status.WAITING else CHECKS
    return more_menu(case, [it for it, check in checks.items() if _passes(check, case, person)])


def _passes(check: Check, case: Case, person: Person) -> bool:
    try:
        check(case, person)
    except BotError:
        return False
    return True


def _may_see(case: Case, person: Person) -> None:
    case.may_be_seen(by=person, where=case.card.channel)


def _may_skip(case: Case, person: Person) -> None:
    case.may(Step.UPDATE, person)
    if case.owner is None or case.next_stage is Stage.END:
        raise NothingToSkip(case.id)


WHILE_WAITING: dict[Button, Check] = {  # a waiting case's card has no room for these
    Button.UPDATE: may(Step.UPDATE),
    Button.WAIT: may(Step.WAIT),
}
CHECKS: dict[Button, Check] = {
    Button.PRIORITY: may(Step.CHANGE_PRIORITY),
    Button.ASK: Case.may_ask,
    Button.SKIP: _may_skip,
    Button.EDIT: may(Step.COMMENT),
    Button.MERGE: may(Step.MERGE),
    Button.RELEASE: Case.may_release,
    Button.CUSTOMER: lambda case, person: permit(Step.SEE, person, case.team, case),
    Button.WHY: _may_see,
}
