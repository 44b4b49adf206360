"""What a delivery says, written when it is sent: from the case as it is then."""

from dataclasses import dataclass
from typing import Any

from bot.auditor import Finding
from bot.case import Case, Status
from bot.delivery import Audience, Delivery, Kind
from bot.escalation import is_still_true
from bot.people import UserId
from bot.roles import sees_all
from handlers.slack.render import words
from handlers.slack.views.board import Links
from handlers.slack.views.case_card import case_card
from handlers.slack.views.digest import digest_message
from handlers.slack.views.home_tab import home_tab
from handlers.slack.views.note import note
from handlers.slack.views.parts import Message, section
from storage import Transaction


@dataclass(frozen=True)
class Post:
    """A message to post, in a thread if ``thread`` is set; or an edit of the message ``edits``."""

    message: Message
    thread: str | None = None
    edits: str | None = None


@dataclass(frozen=True)
class Home:
    """A person's Home tab, to put in place of the last."""

    person: UserId
    view: dict[str, Any]


Letter = Post | Home


def write_letter(tx: Transaction, key: str) -> Letter | None:
    """None if what the delivery was to say is no longer true."""
    delivery = tx.outbox.look_up(key)
    match delivery.kind:
        case Kind.CARD:
            return Post(card_of(tx, _case(tx, delivery)), edits=delivery.ts)
        case Kind.NOTE:
            return _note(tx, delivery, _case(tx, delivery))
        case Kind.DIGEST:
            return _digest(tx, delivery)
        case Kind.FINDING:
            return Post(finding_message(tx.findings.told_by(key), over="/over/" in key))
        case Kind.HOME:
            return _home(tx, UserId(delivery.channel.removeprefix("home:")))


def card_of(tx: Transaction, case: Case) -> Message:
    return case_card(case, tx.customers.dealings(case), at=tx.now)


def finding_message(finding: Finding, *, over: bool) -> Message:
    text = words("finding", finding=finding, over=over)
    return Message(text, [section(text)])


def card_links(tx: Transaction) -> Links:
    """What finds the address of a case's card."""
    installation = tx.installation.get()
    url = installation.url if installation else ""
    return lambda case: message_link(url, case.card.channel, case.card.ts)


def message_link(url: str, channel: str, ts: str | None) -> str:
    """The address of a message in the workspace at ``url``; empty if it is nowhere yet."""
    if not url or ts is None:
        return ""
    return f"{url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"


def _case(tx: Transaction, delivery: Delivery) -> Case:
    if delivery.case is None:
        raise ValueError(f"delivery {delivery.key} without a case")
    return tx.cases.look_up(delivery.case)


def _note(tx: Transaction, delivery: Delivery, case: Case) -> Post | None:
    event = case.history[delivery.event - 1]
    if not is_still_true(case, event, delivery.channel):
        return None
    links = card_links(tx)
    other = tx.cases.look_up(event.other) if event.other is not None else None
    message = note(case, event, delivery.audience, links(case), links(other) if other else "")
    in_thread = delivery.audience is Audience.THREAD
    return Post(message, thread=case.card.ts if in_thread else None)


def _digest(tx: Transaction, delivery: Delivery) -> Post:
    digest = tx.teams.digest(delivery.key)
    figures = tx.reports.figures(digest.team, since=digest.since, until=digest.until)
    cases = tx.cases.open_in(digest.team)
    team = tx.teams.look_up(digest.team)
    return Post(digest_message(digest, team, figures, cases, card_links(tx), at=tx.now))


def _home(tx: Transaction, person: UserId) -> Home:
    owned, reported = tx.cases.owned_by(person), tx.cases.reported_by(person)
    unclaimed = [
        case
        for team in tx.teams.all()
        if sees_all(tx.person(person), team)
        for case in tx.cases.open_in(team.id)
        if case.status is Status.OPEN
    ]
    return Home(person, home_tab(owned, reported, unclaimed, card_links(tx), at=tx.now))
