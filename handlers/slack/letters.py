"""What a delivery says, written when it is sent: from the case as it is then."""

from dataclasses import dataclass
from typing import Any

from bot.auditor import Finding
from bot.case import Case
from bot.delivery import PICTURES, Audience, Delivery, Kind, Outcome, State
from bot.escalation import is_still_true
from bot.people import Standing, UserId
from bot.roles import sees_all
from handlers.slack.render import words
from handlers.slack.views.board import Links
from handlers.slack.views.case_card import case_card
from handlers.slack.views.digest import digest_message
from handlers.slack.views.gathered import Nudge, gathered
from handlers.slack.views.home_tab import home_tab
from handlers.slack.views.note import note
from handlers.slack.views.parts import Message, section
from handlers.slack.views.tasks import task_message
from handlers.slack.views.undelivered import question, refused_here, repeated, said_elsewhere
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


def write_letter(tx: Transaction, key: str) -> Letter | Outcome:
    """What it says; or what becomes of it, where it says nothing now."""
    delivery = tx.outbox.look_up(key)
    if delivery.kind is Kind.HOME:
        return _home(tx, UserId(delivery.channel))
    thread = thread_of(tx, delivery)
    if thread is None and delivery.audience is Audience.THREAD and _card_is_coming(tx, delivery):
        return Outcome.LATER
    message = _message(tx, delivery)
    if message is None or (delivery.audience is Audience.DEPARTMENT and thread is None):
        return Outcome.DROPPED
    if delivery.repeated:
        message = repeated(message)
    return Post(message, thread, edits=delivery.ts if delivery.kind in PICTURES else None)


def thread_of(tx: Transaction, delivery: Delivery) -> str | None:
    """The card in whose thread it belongs, once that is there."""
    if delivery.audience is Audience.DEPARTMENT:
        case = _case(tx, delivery)
        asked = case.history[delivery.event - 1].task
        return case.task(asked).card.ts if asked is not None else None
    instead = delivery.kind is Kind.INSTEAD and delivery.case is not None
    if delivery.audience is not Audience.THREAD and not instead:
        return None
    card = _case(tx, delivery).card
    return card.ts if card.channel == delivery.channel else None


def thread_named(tx: Transaction, key: str) -> str | None:
    """The same, by the delivery's key."""
    return thread_of(tx, tx.outbox.look_up(key))


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


def _message(tx: Transaction, delivery: Delivery) -> Message | None:
    """None if what the delivery was to say is no longer true."""
    match delivery.kind:
        case Kind.CARD:
            return card_of(tx, _case(tx, delivery))
        case Kind.TASK:
            case = _case(tx, delivery)
            return task_message(case, case.task(delivery.event))
        case Kind.NOTE | Kind.NUDGE:
            return _note(tx, delivery, _case(tx, delivery))
        case Kind.GATHERED:
            return _gathered(tx, delivery)
        case Kind.DIGEST:
            return _digest(tx, delivery)
        case Kind.FINDING:
            finding = tx.findings.told_by(delivery.key)
            return finding_message(finding, over="/over/" in delivery.key)
        case Kind.INSTEAD:
            return _instead(tx, delivery)
        case Kind.QUESTION:
            return _question(tx, delivery)
        case Kind.HOME:
            raise ValueError("a Home tab is no message")


def _case(tx: Transaction, delivery: Delivery) -> Case:
    if delivery.case is None:
        raise ValueError(f"delivery {delivery.key} without a case")
    return tx.cases.look_up(delivery.case)


def _card_is_coming(tx: Transaction, delivery: Delivery) -> bool:
    return _case(tx, delivery).card.due_at is not None


def _note(tx: Transaction, delivery: Delivery, case: Case) -> Message | None:
    event = case.history[delivery.event - 1]
    if not is_still_true(case, event, delivery.channel) or not _may_read(tx, delivery.channel):
        return None
    links = card_links(tx)
    other = tx.cases.look_up(event.other) if event.other is not None else None
    return note(case, event, delivery.audience, links(case), links(other) if other else "")


def _gathered(tx: Transaction, delivery: Delivery) -> Message | None:
    """Of each case the last nudge that is still true: it says it all."""
    newest: dict[int, Nudge] = {}
    for part in tx.outbox.parts_of(delivery.key):
        case = _case(tx, part)
        event = case.history[part.event - 1]
        known = newest.get(case.id)
        still_true = is_still_true(case, event, part.channel)
        if still_true and (known is None or known.event.number < event.number):
            newest[case.id] = Nudge(case, event)
    return gathered(list(newest.values()), card_links(tx), at=tx.now) if newest else None


def _digest(tx: Transaction, delivery: Delivery) -> Message:
    digest = tx.teams.digest(delivery.key)
    figures = tx.reports.figures(digest.team, since=digest.since, until=digest.until)
    cases = tx.cases.open_in(digest.team)
    team = tx.teams.look_up(digest.team)
    return digest_message(digest, team, figures, cases, card_links(tx), at=tx.now)


def _instead(tx: Transaction, delivery: Delivery) -> Message | None:
    original = tx.outbox.look_up(delivery.about)
    if original.state is State.REFUSED:
        return refused_here(original)
    if (message := _message(tx, original)) is None:
        return None
    return said_elsewhere(original, message)


def _question(tx: Transaction, delivery: Delivery) -> Message | None:
    held = tx.outbox.look_up(delivery.about)
    return question(held) if held.state is State.HELD else None


def _home(tx: Transaction, user: UserId) -> Home:
    """Whoever is no member of the workspace any more sees nothing."""
    person = tx.person(user)
    if person.standing is not Standing.MEMBER:
        return Home(user, home_tab(user, [], [], card_links(tx), at=tx.now))
    seen = [team for team in tx.teams.all() if sees_all(person, team)]
    teams = {case.id: case for team in seen for case in tx.cases.open_in(team.id)}
    teams |= {case.id: case for case in tx.cases.owned_by(user)}
    reported = tx.cases.reported_by(user)
    return Home(user, home_tab(user, reported, list(teams.values()), card_links(tx), at=tx.now))


def _may_read(tx: Transaction, channel: str) -> bool:
    """Whether what is owed to somebody alone may still be shown to them.

    The document names whom it likes to be told, whatever their role: but guests, and whoever has
    left, are told nothing. One of whom Slack has said nothing yet is told, for they were named.
    """
    if not channel.startswith(("U", "W")):
        return True
    return tx.person(UserId(channel)).standing in (Standing.MEMBER, Standing.UNKNOWN)
