"""Decide who is notified of an event. People are not notified of their own actions."""

from collections.abc import Collection, Iterable, Iterator
from functools import partial

from bot.case.due.inactivity import next_inactivity_step
from bot.case.event import Event, EventKind
from bot.case.facts import Fact
from bot.case.level_recipients import nudge_recipients
from bot.case.state import CaseState
from bot.delivery import Audience, Delivery, DeliveryKind
from bot.people import ChannelId, UserId, is_group
from bot.sla import ClockState, Metric

# The order matters: a recipient in several audiences gets the message of the first one.
AUDIENCES: dict[EventKind, tuple[Audience, ...]] = {
    EventKind.OPENED: (Audience.THREAD, Audience.REPORTER),
    EventKind.CLAIMED: (Audience.THREAD, Audience.REPORTER),
    EventKind.UPDATED: (Audience.THREAD,),
    EventKind.CONTACTED: (Audience.THREAD,),
    EventKind.REPLIED: (Audience.THREAD,),
    EventKind.HANDING_OFF: (Audience.NAMED, Audience.THREAD, Audience.OWNER),
    EventKind.HANDED_OFF: (Audience.THREAD, Audience.REPORTER, Audience.NAMED),
    EventKind.HAND_OFF_DECLINED: (Audience.THREAD, Audience.OWNER, Audience.NAMED),
    EventKind.HAND_OFF_LAPSED: (Audience.THREAD, Audience.OWNER, Audience.NAMED),
    EventKind.ASSIGNED: (Audience.THREAD, Audience.OWNER, Audience.NAMED),
    EventKind.RELEASED: (Audience.THREAD, Audience.NAMED),
    EventKind.OWNER_LEFT: (Audience.LEAD,),
    EventKind.OWNER_REMINDED: (Audience.OWNER,),
    EventKind.WAITING: (Audience.THREAD, Audience.OWNER),
    EventKind.RESUMED: (Audience.THREAD, Audience.OWNER),
    EventKind.PRIORITY_CHANGED: (Audience.THREAD, Audience.OWNER),
    EventKind.REVIEWED: (Audience.THREAD,),
    EventKind.FACTS_FOUND: (Audience.THREAD,),
    EventKind.OFFERED: (Audience.THREAD,),
    EventKind.GOODWILL_ASKED: (Audience.THREAD, Audience.LEAD),
    EventKind.GOODWILL_APPROVED: (Audience.THREAD, Audience.OWNER, Audience.NAMED),
    EventKind.GOODWILL_DECLINED: (Audience.THREAD, Audience.OWNER, Audience.NAMED),
    EventKind.SKIPPED: (Audience.THREAD,),
    EventKind.PREVENTION_DUE: (Audience.NAMED,),
    EventKind.PREVENTED: (Audience.THREAD, Audience.NAMED),
    EventKind.ASKED: (Audience.THREAD,),
    EventKind.ANSWERED: (Audience.THREAD, Audience.OWNER, Audience.NAMED),
    EventKind.UNANSWERED: (Audience.DEPARTMENT, Audience.OWNER),
    EventKind.EDITED: (Audience.THREAD, Audience.OWNER),
    EventKind.FOLLOWED: (Audience.THREAD, Audience.OWNER),
    EventKind.RESOLVED: (Audience.THREAD, Audience.REPORTER, Audience.FOLLOWER, Audience.OWNER),
    EventKind.HELPED: (Audience.THREAD, Audience.OWNER),
    EventKind.NOT_HELPED: (Audience.THREAD, Audience.OWNER),
    EventKind.DECLINED: (Audience.THREAD, Audience.REPORTER, Audience.FOLLOWER),
    EventKind.MERGED: (
        Audience.THREAD,
        Audience.REPORTER,
        Audience.FOLLOWER,
        Audience.OWNER,
    ),
    EventKind.ABSORBED: (Audience.THREAD, Audience.OWNER),
    EventKind.CONTINUED: (Audience.THREAD, Audience.OWNER),
    EventKind.APPEALED: (Audience.THREAD, Audience.LEAD, Audience.NAMED),
    EventKind.REOPENED: (Audience.THREAD, Audience.REPORTER, Audience.FOLLOWER, Audience.OWNER),
    EventKind.AT_RISK: (Audience.THREAD, Audience.OWNER, Audience.NAMED),
    EventKind.BREACHED: (Audience.THREAD, Audience.OWNER, Audience.NAMED),
    EventKind.LEVEL_REACHED: (Audience.THREAD, Audience.OWNER, Audience.NAMED),
    EventKind.OVERDUE: (Audience.THREAD, Audience.OWNER),
    EventKind.CLOCK_CORRECTED: (Audience.THREAD, Audience.OWNER),
}

SETTLES_GOODWILL = (
    EventKind.OFFERED,
    EventKind.GOODWILL_APPROVED,
    EventKind.GOODWILL_DECLINED,
)
NUDGES = (EventKind.AT_RISK, EventKind.BREACHED, EventKind.LEVEL_REACHED)
"""Events that call for action. For the same clock, a later nudge replaces an earlier one.

Warnings and breaches go to the thread and the owner, breaches to the leads as well. The escalation
levels name further recipients.
"""


def notifications_for(case: CaseState, event: Event) -> list[Delivery]:
    """Return one notification per recipient, even if several audiences include them.

    The person who acted gets none, except for opening a case: its reporter gets a receipt that says
    what happens next.
    """
    if event.kind is EventKind.CLOCK_CORRECTED and not event.clocks:
        return []  # no reminder was wrong
    kind = DeliveryKind.NUDGE if event.kind in NUDGES else DeliveryKind.NOTE
    by_channel: dict[ChannelId, Delivery] = {}
    nudged = nudge_recipients(case, event)
    # A level alone notifies only those it names; other nudges also go to the thread and the owner.
    only_nudged = event.kind is EventKind.LEVEL_REACHED and not event.clocks
    for audience in AUDIENCES[event.kind]:
        for channel in _recipients_in(case, event, audience, nudged):
            if only_nudged and channel not in nudged:
                continue
            of_own_action = event.by is not None and channel == _dm(event.by)
            if not of_own_action or event.kind is EventKind.OPENED:
                note = Delivery.of_note(
                    case.id, event.number, audience, channel, at=event.at, kind=kind
                )
                by_channel.setdefault(channel, note)
    for person in _restricted_readers(case, event):
        note = Delivery.of_note(case.id, event.number, Audience.READERS, _dm(person), at=event.at)
        by_channel.setdefault(note.channel, note)
    return [*by_channel.values(), *_links_to_replies(case, event)]


def _links_to_replies(case: CaseState, event: Event) -> list[Delivery]:
    """Return messages to the person who restricted the case and to its owner.

    They link to what people wrote in its threads, which Baton cannot remove.
    """
    if not any(it.fact is Fact.RESTRICTED and it.after for it in event.changes):
        return []
    people = dict.fromkeys(person for person in (event.by, case.owner) if person is not None)
    return [Delivery.of_replies(case.id, event.number, _dm(it), at=event.at) for it in people]


def may_receive(case: CaseState, event: Event, to: ChannelId) -> bool:
    """Return whether a recipient may still be notified of an event when its message is sent.

    Roles and owners may have changed since the message was queued. The people who answer for the
    team may be notified of everything.
    """
    recipients = [
        *map(_dm, case.team.answerable),
        *(it.channel for it in notifications_for(case, event)),
    ]
    return to in recipients


def next_recipients(case: CaseState, event: Event, tried: Collection[ChannelId]) -> list[Delivery]:
    """Return the nudges that replace one whose recipient may no longer get it.

    They go to the owner, else to the people who answer for the team. ``tried`` are the channels
    that need no further try.
    """
    steps = [(Audience.OWNER, [case.owner] if case.owner else [])]
    for audience, people in [*steps, (Audience.NAMED, case.team.answerable)]:
        if untried := [it for it in map(_dm, people) if it not in tried]:
            nudge = partial(Delivery.of_note, case.id, event.number, audience)
            return [nudge(it, at=event.at, kind=DeliveryKind.NUDGE) for it in untried]
    return []


def _restricted_readers(case: CaseState, event: Event) -> list[UserId]:
    """Return who gets the text of an event by DM, because the case's thread leaves that out."""
    is_left_out = case.restricted or case.team.seen_by_strangers
    if not is_left_out or not (event.note or event.changes):
        return []
    readers = [case.owner, case.reporter, *case.team.leads]
    return [person for person in readers if person is not None and person != event.by]


def _recipients_in(
    case: CaseState, event: Event, audience: Audience, nudged: Iterable[str]
) -> Iterator[ChannelId]:
    match audience:
        case Audience.THREAD:
            yield case.card.channel
        case Audience.REPORTER:
            yield _dm(case.reporter)
        case Audience.FOLLOWER:
            yield from map(_dm, case.followers)
        case Audience.OWNER if case.owner is not None:
            yield _dm(case.owner)
        case Audience.LEAD:
            yield from map(_dm, case.team.leads)
        case Audience.DEPARTMENT if event.task is not None:
            yield case.task(event.task).card.channel
        case Audience.NAMED if event.other_person is not None:
            yield _dm(event.other_person)
        case Audience.NAMED:
            yield from (ChannelId(id_) for id_ in nudged if not is_group(id_))


def _dm(person: UserId) -> ChannelId:
    """Return the channel of the DM with a person: Slack accepts the user id for it."""
    return ChannelId(person)


def is_still_current(case: CaseState, event: Event, to: ChannelId) -> bool:
    """Return whether a queued message is still worth sending.

    A nudge is not once its clock stopped, or a later nudge to the same recipient covers the clock;
    a request is not once it was answered.
    """
    if event.kind is EventKind.OVERDUE:
        return case.current_wait is not None
    if event.kind is EventKind.OWNER_REMINDED:
        return (due := next_inactivity_step(case)) is not None and due.kind is EventKind.RELEASED
    if event.kind is EventKind.UNANSWERED and event.task is not None:
        return case.end is None and case.task(event.task).is_open
    if event.kind is EventKind.GOODWILL_ASKED:
        return not any(it.kind in SETTLES_GOODWILL for it in case.history[event.number :])
    if event.kind is EventKind.HANDING_OFF:
        return case.pending_handoff is event
    if event.kind not in NUDGES:
        return True
    later = {
        metric
        for it in case.history[event.number :]
        if it.kind in NUDGES and any(note.channel == to for note in notifications_for(case, it))
        for metric in it.about
    }
    return bool((_late_metrics(case, event) | _level_metrics(case, event)) - later)


def _late_metrics(case: CaseState, event: Event) -> set[Metric]:
    late = {clock.metric for clock in case.clocks if clock.is_late}
    return late & set(event.clocks)


def _level_metrics(case: CaseState, event: Event) -> set[Metric]:
    """Return the metrics that a level notified about and whose clocks still run.

    Levels may come before the due time, so these clocks need not be late.
    """
    cycles = {(step.metric, step.cycle) for step in event.steps}
    return {
        clock.metric
        for clock in case.clocks
        if (clock.metric, clock.cycle) in cycles
        and clock.running
        and clock.state is not ClockState.PAUSED
    }
