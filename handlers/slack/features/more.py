"""More: the menu of what a card has no room for, with what this person may do now."""

from slack_bolt.async_app import AsyncApp

from bot.case import Case, Stage, Status
from bot.case.permissions import Step, permit
from bot.errors import BotError, NothingToSkip
from bot.people import CaseId, Person, UserId
from handlers.slack.features.lookup.customer import story_of_customer
from handlers.slack.ids import Button
from handlers.slack.plumbing.listeners import Check, may, opens_form
from handlers.slack.views.blocks import Block
from handlers.slack.views.more_menu import more_menu
from storage import Store, Transaction


def register(app: AsyncApp, store: Store) -> None:
    app.action(Button.MORE)(opens_form(store, menu))
    app.action(Button.CUSTOMER)(opens_form(store, story_of_customer))


def menu(tx: Transaction, case_id: CaseId, by: UserId) -> Block:
    """Raises NotAllowed: not even the due times are this person's to see."""
    case, person = tx.cases.look_up(case_id), tx.person(by)
    _may_see(case, person)
    checks = CHECKS_WHILE_IT_WAITS | CHECKS if case.status is Status.WAITING else CHECKS
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


CHECKS_WHILE_IT_WAITS: dict[Button, Check] = {  # the card has no room for them then
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
