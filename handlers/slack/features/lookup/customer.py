"""A customer's facts and cases: from a card's menu, and from /baton customer NAME."""

from bot.case.permissions import Step, permit, sees_all
from bot.case.redaction import readable_by
from bot.customers.customer import key_of
from bot.errors import BotError
from bot.messages import N_
from bot.people import CaseId, UserId
from bot.text import shortened
from handlers.slack.outgoing.compose import card_links
from handlers.slack.views.blocks import Block, Message
from handlers.slack.views.customer import customer_story, customer_view
from storage import Transaction

SHOWN = 20
LOOKED_THROUGH = 100  # the newest cases, in search of those that the person may read


class NoSuchCustomer(BotError):
    """No such customer, or none that this person may see. The message does not say which."""

    message = N_(
        "I found no customer “{name}” with a case that you may see. Search for words instead: "
        "/baton find {name}"
    )


def view_customer(tx: Transaction, case_id: CaseId, by: UserId) -> Block:
    """Return the customer of a case, for a person who may see the case."""
    case = tx.cases.look_up(case_id)
    permit(Step.SEE, tx.person(by), case.team, case)
    return customer_view(show_customer(tx, case.customer, by))


def show_customer(tx: Transaction, name: str, by: UserId) -> Message:
    """Return a customer, for a person who sees all cases of a team or owns or reported one.

    Raises:
        NoSuchCustomer: there is none that this person may see.
    """
    person = tx.person(by)
    teams = [team.id for team in tx.teams.all() if sees_all(person, team)]
    found = tx.cases.of_customer(key_of(name), teams=teams, or_of=by, limit=LOOKED_THROUGH)
    cases = readable_by(person, found)[:SHOWN]
    customer = tx.customers.named(name) if teams or cases else None
    if customer is None and not cases:
        raise NoSuchCustomer(name=shortened(name, 40))
    return customer_story(name, customer, cases, card_links(tx), at=tx.now)
