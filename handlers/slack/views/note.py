"""One event of a case, told to one audience: in the case's thread, or in a DM."""

from bot.case import Case, Status
from bot.case.event import Event, EventKind
from bot.case.inactivity import next_inactivity_step
from bot.case.recipients import NUDGES, nudge_recipients, user_groups_in
from bot.delivery import Audience
from handlers.slack.ids import Button
from handlers.slack.render import escape, named, way, words
from handlers.slack.views.blocks import (
    BLOCKS_IN_MESSAGE,
    Block,
    Message,
    actions,
    case_button,
    section,
    written,
)
from handlers.slack.views.clock_text import dues
from handlers.slack.views.forms.edit_form import said

APPEAL = "If you see it otherwise, you can appeal once: then the leads look at it again."
SEEKS_AN_OWNER = (EventKind.APPEALED, EventKind.RELEASED, EventKind.OWNER_LEFT)

PRIMARY = "primary"
HELPED = (("It helped", Button.HELPED, ""), ("It did not", Button.NOT_HELPED, ""))
UPDATE = ("Update", Button.UPDATE, PRIMARY)
BUTTONS = {
    **{(kind, Audience.OWNER): (UPDATE,) for kind in NUDGES},
    (EventKind.RESOLVED, Audience.REPORTER): HELPED,
    (EventKind.RESOLVED, Audience.FOLLOWER): HELPED,
    (EventKind.NOT_HELPED, Audience.OWNER): (("Reopen", Button.REOPEN, ""),),
    (EventKind.DECLINED, Audience.REPORTER): (("Appeal", Button.APPEAL, ""),),
    (EventKind.GOODWILL_ASKED, Audience.LEAD): (
        ("Approve", Button.APPROVE, PRIMARY),
        ("Decline", Button.DECLINE_GOODWILL, ""),
    ),
    (EventKind.GOODWILL_DECLINED, Audience.OWNER): (("Offer", Button.OFFER, PRIMARY),),
    (EventKind.PREVENTION_DUE, Audience.NAMED): (("Done", Button.PREVENTED, PRIMARY),),
    (EventKind.HANDING_OFF, Audience.NAMED): (
        ("Accept", Button.ACCEPT, PRIMARY),
        ("Decline", Button.TURN_DOWN, ""),
    ),
    (EventKind.OWNER_REMINDED, Audience.OWNER): (
        UPDATE,
        ("Hand off", Button.HAND_OFF, ""),
        ("Release", Button.RELEASE, ""),
    ),
    (EventKind.OVERDUE, Audience.OWNER): (
        ("Resume", Button.RESUME, PRIMARY),
        ("Wait longer", Button.WAIT, ""),
    ),
}
"""What one can do about it, by who reads of what: the words on a button, and its style."""


def note(case: Case, event: Event, audience: Audience, link: str, other_link: str = "") -> Message:
    """``link`` leads to the card, ``other_link`` to that of another case that the event is about;
    they are empty while there is no card yet.
    """
    about = [clock for metric in event.about if (clock := case.clock(metric)) is not None]
    told_as = Audience.THREAD if audience is Audience.READERS else audience
    opening = words(
        f"{event.kind}.{told_as}",
        case=case,
        event=event,
        link=link,
        other_link=other_link,
        late=dues(about, case.policy.calendar, at=event.at),
        groups=_groups(case, event),
        released_at=stale.at if (stale := next_inactivity_step(case)) is not None else None,
    )
    if audience is Audience.READERS:
        opening = f"{named(case)} {opening}\n{way(link)}".rstrip()
    quoted = _quoted(case, event, audience)
    blocks: list[Block] = [section(opening)]
    blocks += [block for text in quoted for block in written(text)]
    blocks = blocks[: BLOCKS_IN_MESSAGE - 1]
    if buttons := _buttons(case, event, audience):
        blocks.append(actions(*buttons))
    return Message("\n".join([opening, *map(escape, quoted)]), blocks)


def _buttons(case: Case, event: Event, audience: Audience) -> list[Block]:
    """What whoever reads it can do at once."""
    seeks_an_owner = event.kind in NUDGES or event.kind in SEEKS_AN_OWNER
    if seeks_an_owner and case.status is Status.OPEN and audience is not Audience.READERS:
        return [case_button("Claim", Button.CLAIM, case.id, style=PRIMARY)]
    if event.kind is EventKind.DECLINED and not case.may_be_appealed:
        return []
    buttons = BUTTONS.get((event.kind, audience), ())
    return [case_button(label, button, case.id, style=style) for label, button, style in buttons]


def _groups(case: Case, event: Event) -> list[str]:
    """The user groups that a level asks, and nobody mentions yet."""
    mentioned = case.team.can_claim if case.owner is None else []
    return [
        group for group in user_groups_in(nudge_recipients(case, event)) if group not in mentioned
    ]


def _quoted(case: Case, event: Event, audience: Audience) -> list[str]:
    """What people wrote that this event is about, whole."""
    match event.kind:
        case EventKind.OPENED if audience is Audience.THREAD:
            wish = f"They want: {case.wish}" if case.wish else ""
            return [case.summary, *filter(None, [wish, case.answers])]
        case EventKind.RESOLVED:
            return [
                f"Outcome: {case.outcome}",
                f"Root cause: {case.root_cause}",
                f"Prevention: {case.prevention}",
            ]
        case EventKind.DECLINED:
            appeal = [APPEAL] if audience is Audience.REPORTER and case.may_be_appealed else []
            return [f"Why: {event.note}", f"Next step: {event.next_step}", *appeal]
        case EventKind.PREVENTION_DUE:
            return [case.prevention]
        case EventKind.EDITED:
            return [said(change) for change in event.changes]
        case _:
            return [event.note] if event.note else []
