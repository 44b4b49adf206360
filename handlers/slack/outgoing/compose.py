"""Compose a message when it is sent, from the case as it is at that moment."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.case import Case
from bot.case.permissions import may_read, sees_all
from bot.case.recipients import is_still_current, may_receive
from bot.case.redaction import all_redacted_for, redacted_for
from bot.case.urgency import most_urgent_first
from bot.delivery import (
    EDITED_IN_PLACE,
    Audience,
    Delivery,
    DeliveryKind,
    Outcome,
    State,
)
from bot.errors import UnreadableCase
from bot.people import CaseId, ChannelId, Person, Standing, UserId, is_person
from bot.self_check import Finding
from handlers.slack.outgoing.replies import Reply
from handlers.slack.render import explain, text
from handlers.slack.views.blocks import Message, section
from handlers.slack.views.board import ROWS, Links
from handlers.slack.views.case_card import case_card
from handlers.slack.views.departments import task_message
from handlers.slack.views.digest import digest_message
from handlers.slack.views.gathered import GatheredNudge, gathered
from handlers.slack.views.home_tab import home_tab
from handlers.slack.views.note import note
from handlers.slack.views.replies import replies_message, unreadable_replies
from handlers.slack.views.shared_channel import shared_warning
from handlers.slack.views.undelivered import question, refused_here, repeated, said_elsewhere
from handlers.slack.views.unreadable import unreadable_message, with_unreadable
from storage import Transaction


@dataclass(frozen=True)
class Post:
    """A message to post, in a thread if ``thread`` is set, or an edit of the message ``edits``."""

    message: Message
    thread: str | None = None
    edits: str | None = None


@dataclass(frozen=True)
class Home:
    """A person's Home tab to publish."""

    person: UserId
    view: dict[str, Any]


Outgoing = Post | Home


def compose(tx: Transaction, key: str) -> Outgoing | Outcome:
    """Return what to send, or the outcome if there is nothing to send now."""
    delivery = tx.outbox.look_up(key)
    try:
        return _compose(tx, delivery)
    except UnreadableCase as error:
        return _unreadable(tx, delivery, error)


def _compose(tx: Transaction, delivery: Delivery) -> Outgoing | Outcome:
    if delivery.kind is DeliveryKind.HOME:
        return _home(tx, UserId(delivery.channel))
    if delivery.ts is not None:
        return _edit(tx, delivery)
    if not _may_read(tx, delivery):
        return Outcome.NOT_ALLOWED
    thread = thread_of(tx, delivery)
    if thread is None and delivery.audience is Audience.THREAD and _card_is_coming(tx, delivery):
        return Outcome.CARD_FIRST
    message = _message(tx, delivery, to=delivery.channel)
    if message is None or (delivery.audience is Audience.DEPARTMENT and thread is None):
        return Outcome.DROPPED
    return Post(_marked(message, delivery), thread)


def _edit(tx: Transaction, delivery: Delivery) -> Outgoing | Outcome:
    """Return the newest state of a message that is in Slack, as its recipient may read it now.

    It stays there even if it is no longer current, or its recipient lost the right to get it.
    """
    message = _message(tx, delivery, to=delivery.channel, again=True)
    if message is None:
        return Outcome.DROPPED
    return Post(_marked(message, delivery), edits=delivery.ts)


def _marked(message: Message, delivery: Delivery) -> Message:
    return repeated(message) if delivery.repeated else message


def compose_replies(
    tx: Transaction, key: str, replies: Sequence[Reply] | None
) -> Outgoing | Outcome:
    """Return the links to what people wrote about a case; None if Slack hides their replies."""
    delivery = tx.outbox.look_up(key)
    case = _case(tx, delivery)
    if not case.restricted or replies == []:
        return Outcome.DROPPED
    if replies is None:
        return Post(_marked(unreadable_replies(case, card_links(tx)(case)), delivery))
    installation = tx.installation.get()
    url = installation.url if installation else ""
    addresses = [reply_link(url, reply) for reply in replies]
    return Post(_marked(replies_message(case, addresses), delivery))


def thread_of(tx: Transaction, delivery: Delivery) -> str | None:
    """Return the ``ts`` of the card in whose thread it belongs; None for none or not yet."""
    if delivery.audience is Audience.DEPARTMENT:
        case = _case(tx, delivery)
        asked = case.history[delivery.event - 1].task
        return case.task(asked).card.ts if asked is not None else None
    instead = delivery.kind is DeliveryKind.INSTEAD and delivery.case is not None
    if delivery.audience is not Audience.THREAD and not instead:
        return None
    card = _card(tx, delivery)
    return card.ts if card.channel == delivery.channel else None


def thread_named(tx: Transaction, key: str) -> str | None:
    """Return ``thread_of`` the delivery with this key."""
    return thread_of(tx, tx.outbox.look_up(key))


def card_of(tx: Transaction, case: Case) -> Message:
    return case_card(case, tx.customers.customer_history(case))


def finding_message(finding: Finding, *, over: bool) -> Message:
    content = text("finding", "over" if over else "found", finding=finding)
    return Message(content, [section(content)])


def card_links(tx: Transaction) -> Links:
    """Return a function that gives the address of a case's card."""
    installation = tx.installation.get()
    url = installation.url if installation else ""
    return lambda case: message_link(url, case.card.channel, case.card.ts)


def message_link(url: str, channel: str, ts: str | None) -> str:
    """Return the address of a message in the workspace at ``url``; empty before it is sent."""
    if not url or ts is None:
        return ""
    return f"{url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"


def reply_link(url: str, reply: Reply) -> str:
    """Return the address of a reply, which opens its thread."""
    thread = reply.thread
    address = message_link(url, thread.channel, reply.ts)
    return f"{address}?thread_ts={thread.ts}&cid={thread.channel}"


def digest_rows(tx: Transaction, key: str) -> tuple[list[CaseId], int] | None:
    """Return the cases that a digest lists and how many are open; None if they are stored."""
    digest = tx.teams.digest(key)
    if digest.rows is not None:
        return None
    open_now = list(tx.cases.open_in(digest.team))
    rows = [case.id for case in most_urgent_first(open_now)[:ROWS]]
    return [*rows, *sorted(tx.cases.unreadable)], len(open_now)


def store_digest_rows(tx: Transaction, key: str, rows: Sequence[CaseId], open_now: int) -> None:
    tx.teams.get_digest(key).list_cases(rows, open_now)


def _message(
    tx: Transaction, delivery: Delivery, *, to: ChannelId, again: bool = False
) -> Message | None:
    """Return the message as its recipients may read it; None if it is no longer current.

    With ``again``, it was current when it was posted, and that is enough.
    """
    match delivery.kind:
        case DeliveryKind.CARD:
            return card_of(tx, _redaction_in(tx, to)(_case(tx, delivery)))
        case DeliveryKind.TASK:
            seen = _redaction_in(tx, to)(_case(tx, delivery))
            return task_message(seen, seen.task(delivery.event))
        case DeliveryKind.NOTE | DeliveryKind.NUDGE:
            return _note(tx, delivery, to, again=again)
        case DeliveryKind.GATHERED:
            return _gathered(tx, delivery, to, again=again)
        case DeliveryKind.DIGEST:
            return _digest(tx, delivery, to)
        case DeliveryKind.FINDING | DeliveryKind.SHARED:
            return _warning(tx, delivery)
        case DeliveryKind.INSTEAD:
            return _instead(tx, delivery, again=again)
        case DeliveryKind.QUESTION:
            return _question(tx, delivery)
        case DeliveryKind.HOME | DeliveryKind.REPLIES:
            raise ValueError(f"{delivery.kind}: composed elsewhere")


def _case(tx: Transaction, delivery: Delivery) -> Case:
    if delivery.case is None:
        raise ValueError(f"delivery {delivery.key} without a case")
    return tx.cases.look_up(delivery.case)


def _card(tx: Transaction, delivery: Delivery) -> Delivery:
    if delivery.case is None:
        raise ValueError(f"delivery {delivery.key} without a case")
    return tx.outbox.card_of(delivery.case)


def _warning(tx: Transaction, delivery: Delivery) -> Message:
    if delivery.kind is DeliveryKind.SHARED:
        channel = ChannelId(delivery.about)
        return shared_warning(channel, [it for it in tx.teams.all() if channel in it.channels])
    finding = tx.findings.announced_by(delivery.key)
    return finding_message(finding, over="/over/" in delivery.key)


def _card_is_coming(tx: Transaction, delivery: Delivery) -> bool:
    return _card(tx, delivery).due_at is not None


def _unreadable(tx: Transaction, delivery: Delivery, error: UnreadableCase) -> Outgoing | Outcome:
    """Say that there is news of a case that this version cannot read.

    A card keeps what it shows, and a department gets no message about it.
    """
    if delivery.kind in EDITED_IN_PLACE or delivery.audience is Audience.DEPARTMENT:
        return Outcome.DROPPED
    content, thread = explain(error), None
    with suppress(UnreadableCase):
        thread = thread_of(tx, delivery)
    return Post(Message(content, [section(content)]), thread, delivery.ts)


def _note(tx: Transaction, delivery: Delivery, to: ChannelId, *, again: bool) -> Message | None:
    case = _case(tx, delivery)
    event = case.history[delivery.event - 1]
    if not again and not is_still_current(case, event, delivery.channel):
        return None
    seen = _redaction_in(tx, to)(case)
    links = card_links(tx)
    other = tx.cases.look_up(event.other) if event.other is not None else None
    seen_event = seen.history[delivery.event - 1]
    return note(seen, seen_event, delivery.audience, links(case), links(other) if other else "")


def _gathered(tx: Transaction, delivery: Delivery, to: ChannelId, *, again: bool) -> Message | None:
    """Compose one message from the last current nudge of each case."""
    parts = tx.outbox.parts_of(delivery.key)
    found = tx.cases.look_up_all({part.case for part in parts if part.case is not None})
    cases: dict[CaseId | None, Case] = {case.id: case for case in found}
    queued_for, reader = _reader(tx, delivery.channel), _reader(tx, to)
    redacted = _redaction_in(tx, to)
    newest: dict[CaseId, GatheredNudge] = {}
    for part in sorted(parts, key=lambda part: part.event):
        if (case := cases.get(part.case)) is None:  # unreadable
            continue
        event = case.history[part.event - 1]
        current = is_still_current(case, event, part.channel)
        if again or (current and _may_receive(case, part, queued_for)):
            newest[case.id] = GatheredNudge(redacted(case), event)
    unreadable = tx.cases.unreadable
    if not newest:
        return unreadable_message(unreadable) if unreadable else None
    user = reader.user if reader is not None else None
    message = gathered(list(newest.values()), card_links(tx), at=tx.now, reader=user)
    return with_unreadable(message, unreadable)


def _digest(tx: Transaction, delivery: Delivery, to: ChannelId) -> Message:
    digest = tx.teams.digest(delivery.key)
    figures = tx.reports.figures(digest.team, since=digest.since, until=digest.until)
    if digest.rows is not None:
        listed = tx.cases.look_up_all(digest.rows)
    else:  # a digest of an earlier release, which did not store them
        listed = tx.cases.open_at(digest.team, digest.until)
    cases = list(map(_redaction_in(tx, to), listed))
    team = tx.teams.look_up(digest.team)
    message = digest_message(digest, team, figures, cases, card_links(tx), at=tx.now)
    return with_unreadable(message, tx.cases.unreadable)


def _instead(tx: Transaction, delivery: Delivery, *, again: bool) -> Message | None:
    original = tx.outbox.look_up(delivery.about)
    if original.state is State.REFUSED:
        return refused_here(original)
    if (message := _message(tx, original, to=delivery.channel, again=again)) is None:
        return None
    return said_elsewhere(original, message)


def _question(tx: Transaction, delivery: Delivery) -> Message | None:
    held = tx.outbox.look_up(delivery.about)
    return question(held) if held.state is State.HELD else None


def _home(tx: Transaction, user: UserId) -> Home:
    """Return the Home tab; it is empty for a person who is no longer a member."""
    person = tx.people.last_known(user)
    if person.standing is not Standing.MEMBER:
        return Home(user, home_tab(user, [], [], card_links(tx), at=tx.now))
    seen = [team for team in tx.teams.all() if sees_all(person, team)]
    open_now = [case for team in seen for case in tx.cases.open_in(team.id)]
    teams = {case.id: case for case in all_redacted_for(person, open_now)}
    teams |= {case.id: case for case in tx.cases.owned_by(user)}
    reported = tx.cases.reported_by(user)
    tab = home_tab(
        user,
        reported,
        list(teams.values()),
        card_links(tx),
        unreadable=tx.cases.unreadable,
        at=tx.now,
    )
    return Home(user, tab)


def _redaction_in(tx: Transaction, to: ChannelId) -> Callable[[Case], Case]:
    """Return a function that redacts a case for the readers of a DM or channel."""
    return partial(redacted_for, _reader(tx, to), strangers=tx.shared_channels.has(to))


def _reader(tx: Transaction, to: ChannelId) -> Person | None:
    """Return the one person who reads a DM; None for a channel."""
    return tx.people.last_known(UserId(to)) if is_person(to) else None


def _may_read(tx: Transaction, delivery: Delivery) -> bool:
    """Return whether the recipient of a direct message may still read it.

    The team file may name a person of any role, but guests and people who have left
    get nothing. A person not looked up in Slack yet gets it, because the document names them. A
    follower hears that a restricted case has ended, without its text.
    """
    if (reader := _reader(tx, delivery.channel)) is None or delivery.case is None:
        return True
    return _may_receive(_case(tx, delivery), delivery, reader)


def _may_receive(case: Case, delivery: Delivery, reader: Person | None) -> bool:
    if reader is None:
        return True
    heard = delivery.kind not in (DeliveryKind.NOTE, DeliveryKind.NUDGE) or may_receive(
        case, case.history[delivery.event - 1], delivery.channel
    )
    known = reader.standing in (Standing.MEMBER, Standing.UNKNOWN)
    says_nothing = delivery.audience is Audience.FOLLOWER  # of a restricted case, but its end
    return known and heard and (says_nothing or may_read(reader, case.team, case))
