"""A customer's facts and cases: from a card's menu, and from /baton customer NAME."""

from bot.case import OVER
from bot.case.permissions import Step, may_see_customers, permit, sees_all
from bot.case.redaction import readable_by
from bot.customers.customer import key_of
from bot.errors import BotError
from bot.messages import N_
from bot.people import CaseId, Person, UserId
from bot.text import shortened
from handlers.i18n import _
from handlers.slack.outgoing.compose import card_links
from handlers.slack.views.blocks import Block, Message, context
from handlers.slack.views.customer import customer_line, customer_story, customer_view
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
    story = show_customer(tx, case.customer, by)
    if not sees_all_facts(tx, tx.person(by)):
        return customer_view(story)
    line = customer_line(case, tx.customers.customer_history(case), at=tx.now)
    return customer_view(story, line)


def show_customer(tx: Transaction, name: str, by: UserId) -> Message:
    """Return a customer, for a person who sees all cases of a team or owns or reported one.

    Agents see the name, the tier and their open cases. A look at all facts goes into the trail.

    Raises:
        NoSuchCustomer: there is none that this person may see.
    """
    person = tx.person(by)
    teams = [team.id for team in tx.teams.all() if sees_all(person, team)]
    found = tx.cases.of_customer(key_of(name), teams=teams, or_of=by, limit=LOOKED_THROUGH)
    cases = readable_by(person, found)
    all_facts = sees_all_facts(tx, person)
    customer = tx.customers.named(name) if all_facts or cases else None
    if customer is None and not cases:
        raise NoSuchCustomer(name=shortened(name, 40))
    if all_facts:
        tx.audit.note_customer_seen(by, key_of(name))
    else:
        customer = customer.public if customer is not None else None
        cases = [case for case in cases if case.status not in OVER]
    story = customer_story(name, customer, cases[:SHOWN], card_links(tx), at=tx.now)
    return story if all_facts else with_hint(story)


def sees_all_facts(tx: Transaction, person: Person) -> bool:
    return any(may_see_customers(person, team) for team in tx.teams.all())


def with_hint(story: Message) -> Message:
    """Return what an agent sees of a customer, with whom to ask for the rest."""
    hint = _("Contacts, notes and past cases are for managers. Ask one of them.")
    return Message(f"{story.text}\n{hint}", [*story.blocks, context(hint)])
