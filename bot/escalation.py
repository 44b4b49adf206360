"""Who is told what: each event's audiences. Nobody is told of their own action."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.delivery import Audience, Delivery
from bot.events import Event, EventKind
from bot.people import ChannelId, UserId

if TYPE_CHECKING:
    from bot.case.record import CaseRecord

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
    EventKind.WAITING: (Audience.THREAD, Audience.OWNER),
    EventKind.RESUMED: (Audience.THREAD, Audience.OWNER),
    EventKind.PRIORITY_CHANGED: (Audience.THREAD, Audience.OWNER),
    EventKind.EDITED: (Audience.THREAD, Audience.OWNER),
    EventKind.RESOLVED: (Audience.THREAD, Audience.REPORTER, Audience.FOLLOWER, Audience.OWNER),
    EventKind.DECLINED: (Audience.THREAD, Audience.REPORTER, Audience.FOLLOWER),
    EventKind.MERGED: (
        Audience.THREAD,
        Audience.REPORTER,
        Audience.FOLLOWER,
        Audience.OWNER,
    ),
    EventKind.ABSORBED: (Audience.THREAD, Audience.OWNER),
    EventKind.APPEALED: (Audience.THREAD, Audience.LEAD, Audience.NAMED),
    EventKind.REOPENED: (Audience.THREAD, Audience.REPORTER, Audience.FOLLOWER, Audience.OWNER),
    EventKind.AT_RISK: (Audience.THREAD, Audience.OWNER, Audience.LEAD),
    EventKind.BREACHED: (Audience.THREAD, Audience.OWNER, Audience.LEAD),
    EventKind.OVERDUE: (Audience.THREAD, Audience.OWNER),
}

NUDGES = (EventKind.AT_RISK, EventKind.BREACHED)
"""Events that somebody is to act on; of several for one clock, the last one says it all."""


def who_to_tell(case: "CaseRecord", event: Event) -> list[Delivery]:
    """One note for each recipient, however many routes lead to them.

    A case's reporter gets a receipt for it: that says what comes next, and is no news of
    their own action.
    """
    told: dict[ChannelId, Delivery] = {}
    for audience in AUDIENCES[event.kind]:
        if event.kind is EventKind.AT_RISK and audience is Audience.LEAD and case.owner:
            continue  # a warning is for whoever can act, and that is the owner
        for channel in _recipients(case, event, audience):
            of_own_action = event.by is not None and channel == _dm(event.by)
            if not of_own_action or event.kind is EventKind.OPENED:
                note = Delivery.of_note(case.id, event.number, audience, channel, at=event.at)
                told.setdefault(channel, note)
    return list(told.values())


def _recipients(case: "CaseRecord", event: Event, audience: Audience) -> Iterator[ChannelId]:
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
        case Audience.NAMED if event.whom is not None:
            yield _dm(event.whom)


def _dm(person: UserId) -> ChannelId:
    """Slack takes a person's id for the DM with them."""
    return ChannelId(person)


def is_still_true(case: "CaseRecord", event: Event) -> bool:
    """Whether an event still needs telling: a nudge does not once somebody has acted on it."""
    if event.kind is EventKind.OVERDUE:
        return case.wait_in_force is not None
    if event.kind is EventKind.HANDING_OFF:
        return case.offer_in_force is event
    if event.kind not in NUDGES:
        return True
    later = {metric for it in case.history[event.number :] for metric in it.clocks}
    late = {clock.metric for clock in case.clocks if clock.is_late}
    return bool(late & set(event.clocks) - later)
