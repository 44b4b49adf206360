"""Who is told what: each event's audiences. Nobody is told of their own action."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from functools import partial

from bot.case.event import Event, EventKind
from bot.case.inactivity import next_inactivity_step
from bot.case.state import CaseState
from bot.delivery import Audience, Delivery, DeliveryKind
from bot.people import ChannelId, UserId
from bot.sla import ClockState, Metric
from bot.team import IfNobody, Level

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
}

SETTLES_GOODWILL = (
    EventKind.OFFERED,
    EventKind.GOODWILL_APPROVED,
    EventKind.GOODWILL_DECLINED,
)
NUDGES = (EventKind.AT_RISK, EventKind.BREACHED, EventKind.LEVEL_REACHED)
"""Events that somebody is to act on; of several for one clock, the last one says it all.

A warning and a breach are told to whoever can act, in the thread and to the owner, and a breach to
the leads; the levels say who hears of it besides.
"""


def notifications_for(case: CaseState, event: Event) -> list[Delivery]:
    """One note for each recipient, however many routes lead to them.

    A case's reporter gets a receipt for it: that says what comes next, and is no news of
    their own action.
    """
    kind = DeliveryKind.NUDGE if event.kind in NUDGES else DeliveryKind.NOTE
    told: dict[ChannelId, Delivery] = {}
    nudged = nudge_recipients(case, event)
    only_named = event.kind is EventKind.LEVEL_REACHED and not event.clocks
    for audience in AUDIENCES[event.kind]:
        for channel in _recipients_in(case, event, audience, nudged):
            if only_named and channel not in nudged:
                continue
            of_own_action = event.by is not None and channel == _dm(event.by)
            if not of_own_action or event.kind is EventKind.OPENED:
                note = Delivery.of_note(
                    case.id, event.number, audience, channel, at=event.at, kind=kind
                )
                told.setdefault(channel, note)
    for person in _restricted_readers(case, event):
        few = Delivery.of_note(case.id, event.number, Audience.READERS, _dm(person), at=event.at)
        told.setdefault(few.channel, few)
    return list(told.values())


def may_receive(case: CaseState, event: Event, to: ChannelId) -> bool:
    """Whether an event is still this person's to hear: who was to hear of it may have had another
    role then. Whoever answers for the team may hear of anything.
    """
    heard = [
        *map(_dm, case.team.answerable),
        *(it.channel for it in notifications_for(case, event)),
    ]
    return to in heard


def next_recipients(case: CaseState, event: Event, tried: Collection[ChannelId]) -> list[Delivery]:
    """Who is nudged in the place of people who may not be: its owner, or who answers for it."""
    steps = [(Audience.OWNER, [case.owner] if case.owner else [])]
    for audience, people in [*steps, (Audience.NAMED, case.team.answerable)]:
        if left := [it for it in map(_dm, people) if it not in tried]:
            nudge = partial(Delivery.of_note, case.id, event.number, audience)
            return [nudge(it, at=event.at, kind=DeliveryKind.NUDGE) for it in left]
    return []


def _restricted_readers(case: CaseState, event: Event) -> list[UserId]:
    """Who is sent what was written of a restricted case, for its thread does not say it."""
    if not case.restricted or not (event.note or event.changes):
        return []
    few = [case.owner, case.reporter, *case.team.leads]
    return [person for person in few if person is not None and person != event.by]


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
            yield from (ChannelId(id_) for id_ in nudged if not id_.startswith("S"))


def _dm(person: UserId) -> ChannelId:
    """Slack takes a person's id for the DM with them."""
    return ChannelId(person)


def is_still_current(case: CaseState, event: Event, to: ChannelId) -> bool:
    """Whether an event still needs telling: a nudge does not once somebody has acted on it, or
    its reader hears of the same clock later."""
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
    return bool((_late(case, event) | _watched(case, event)) - later)


def _late(case: CaseState, event: Event) -> set[Metric]:
    late = {clock.metric for clock in case.clocks if clock.is_late}
    return late & set(event.clocks)


def _watched(case: CaseState, event: Event) -> set[Metric]:
    """What a level spoke of, as far as it goes on. Before it is due a clock is not late."""
    cycles = {(step.metric, step.cycle) for step in event.steps}
    return {
        clock.metric
        for clock in case.clocks
        if (clock.metric, clock.cycle) in cycles
        and clock.running
        and clock.state is not ClockState.PAUSED
    }


def nudge_recipients(case: CaseState, event: Event) -> list[str]:
    """Each of them once: the leads, of every broken promise, and whom the levels name.

    A user group has no direct messages: it is mentioned in the case's thread. Where nobody at
    all would hear of a level, the thread does.
    """
    named = [id_ for level in _speaking(case, event) for id_ in _notified(case, level)]
    if event.kind is EventKind.BREACHED:
        named += case.team.document.team.leads
    if (event.steps and not named) or user_groups_in(named):
        named.append(case.card.channel)
    return list(dict.fromkeys(named))


def user_groups_in(ids: list[str]) -> list[str]:
    return [id_ for id_ in ids if id_.startswith("S")]


def passed_on(case: CaseState, event: Event) -> list[Level]:
    """The levels that nobody was on duty at, so that the next one heard of it at once."""
    return [level for level in levels_of(case, event) if _passes(case, level, event.at)]


def levels_of(case: CaseState, event: Event) -> list[Level]:
    """The levels that an event comes from. The document in force may have fewer by now."""
    numbers = {step.level for step in event.steps}
    return [level for level in case.levels if level.number in numbers] if numbers else []


def assignee_of(case: CaseState, event: Event) -> UserId | None:
    """Who is handed the case: by the last level that says so."""
    named = [level.assign for level in levels_of(case, event) if level.assign is not None]
    return named[-1] if named else None


def _speaking(case: CaseState, event: Event) -> Iterator[Level]:
    """Those levels; in place of one that nobody is on duty at, the next at which somebody is."""
    for level in levels_of(case, event):
        if not _passes(case, level, event.at):
            yield level
            continue
        later = [it for it in case.levels if it.number > level.number and it.is_active(event.at)]
        yield from later[:1]


def _passes(case: CaseState, level: Level, at: datetime) -> bool:
    return not level.is_active(at) and level.if_nobody.of(case.priority) is IfNobody.NEXT


def _notified(case: CaseState, level: Level) -> Iterator[str]:
    roles = case.team.document.team
    for word in level.notify:
        match word:
            case "owner":
                yield from [case.owner] if case.owner is not None else []
            case "managers":
                yield from roles.managers
            case "leads":
                yield from roles.leads
            case "on_duty":  # everyone who may claim, until there is a rota
                yield from case.team.can_claim
            case "channel":
                yield case.card.channel
            case "backup":  # nobody is one yet
                pass
            case _:
                yield word
