"""One event of a case for one audience: in the case's thread, or in a direct message."""

from bot.case import Case, Status
from bot.case.due.inactivity import next_inactivity_step
from bot.case.event import Event, EventKind
from bot.case.level_recipients import nudge_recipients, user_groups_in
from bot.case.recipients import NUDGES
from bot.delivery import Audience
from bot.messages import N_
from bot.sla import Metric
from handlers.i18n import _
from handlers.slack.ids import Button
from handlers.slack.render import escape, named, open_link
from handlers.slack.render import text as render
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
from handlers.slack.views.forms.edit_form import change_line

SEEKS_AN_OWNER = (EventKind.APPEALED, EventKind.RELEASED, EventKind.OWNER_LEFT)

PRIMARY = "primary"
HELPED = ((N_("It helped"), Button.HELPED, ""), (N_("It did not"), Button.NOT_HELPED, ""))
UPDATE = (N_("Update"), Button.UPDATE, PRIMARY)
BUTTONS = {
    **{(kind, Audience.OWNER): (UPDATE,) for kind in NUDGES},
    (EventKind.RESOLVED, Audience.REPORTER): HELPED,
    (EventKind.RESOLVED, Audience.FOLLOWER): HELPED,
    (EventKind.NOT_HELPED, Audience.OWNER): ((N_("Reopen"), Button.REOPEN, ""),),
    (EventKind.DECLINED, Audience.REPORTER): ((N_("Appeal"), Button.APPEAL, ""),),
    (EventKind.GOODWILL_ASKED, Audience.LEAD): (
        (N_("Approve"), Button.APPROVE, PRIMARY),
        (N_("Decline"), Button.DECLINE_GOODWILL, ""),
    ),
    (EventKind.GOODWILL_DECLINED, Audience.OWNER): ((N_("Offer"), Button.OFFER, PRIMARY),),
    (EventKind.PREVENTION_DUE, Audience.NAMED): ((N_("Done"), Button.PREVENTED, PRIMARY),),
    (EventKind.HANDING_OFF, Audience.NAMED): (
        (N_("Accept"), Button.ACCEPT, PRIMARY),
        (N_("Decline"), Button.TURN_DOWN, ""),
    ),
    (EventKind.OWNER_REMINDED, Audience.OWNER): (
        UPDATE,
        (N_("Hand off"), Button.HAND_OFF, ""),
        (N_("Release"), Button.RELEASE, ""),
    ),
    (EventKind.OVERDUE, Audience.OWNER): (
        (N_("Resume"), Button.RESUME, PRIMARY),
        (N_("Wait longer"), Button.WAIT, ""),
    ),
}
"""The buttons of an event for an audience: label, action and style."""


def note(case: Case, event: Event, audience: Audience, link: str, other_link: str = "") -> Message:
    """Return the message.

    ``link`` leads to the case's card and ``other_link`` to that of another case in the event;
    both are empty while there is no card.
    """
    opening = _opening(case, event, audience, link, other_link)
    quoted = _quoted(case, event, audience)
    blocks: list[Block] = [section(opening)]
    blocks += [block for text in quoted for block in written(text)]
    blocks = blocks[: BLOCKS_IN_MESSAGE - 1]
    if buttons := _buttons(case, event, audience):
        blocks.append(actions(*buttons))
    return Message("\n".join([opening, *map(escape, quoted)]), blocks)


def _opening(case: Case, event: Event, audience: Audience, link: str, other_link: str) -> str:
    clocks = [clock for metric in event.about if (clock := case.clock(metric)) is not None]
    claim, inactivity = case.clock(Metric.CLAIM), next_inactivity_step(case)
    earlier = reversed(case.history[: event.number])
    wait = next((it for it in earlier if it.kind is EventKind.WAITING), None)
    opening = render(
        event.kind.name.lower(),
        Audience.THREAD if audience is Audience.READERS else audience,
        case=case,
        event=event,
        link=link,
        other_link=other_link,
        dues=dues(clocks, case.policy.calendar, at=event.at),
        groups=_groups(case, event),
        claimers=case.team.can_claim if audience is not Audience.READERS else [],
        claim_due_at=claim.due_at if claim is not None else None,
        released_at=inactivity.at if inactivity is not None else None,
        wait_ended_at=wait.resume_by if wait is not None else None,
    )
    if audience is not Audience.READERS:
        return opening
    return f"{named(case)}\n{opening}\n{open_link(link)}".rstrip()


def _buttons(case: Case, event: Event, audience: Audience) -> list[Block]:
    """Return the buttons for what the reader can do at once."""
    seeks_an_owner = event.kind in NUDGES or event.kind in SEEKS_AN_OWNER
    if seeks_an_owner and case.status is Status.OPEN and audience is not Audience.READERS:
        return [case_button(_("Claim"), Button.CLAIM, case.id, style=PRIMARY)]
    if event.kind is EventKind.DECLINED and not case.may_be_appealed:
        return []
    buttons = BUTTONS.get((event.kind, audience), ())
    return [case_button(_(label), button, case.id, style=style) for label, button, style in buttons]


def _groups(case: Case, event: Event) -> list[str]:
    """Return the user groups that a level names and the message does not mention otherwise."""
    mentioned = case.team.can_claim if case.owner is None else []
    groups = user_groups_in(nudge_recipients(case, event))
    return [group for group in groups if group not in mentioned]


def _quoted(case: Case, event: Event, audience: Audience) -> list[str]:
    """Return what people wrote for this event, whole."""
    match event.kind:
        case EventKind.OPENED if audience is Audience.THREAD:
            wish = _("They want: {wish}").format(wish=case.wish) if case.wish else ""
            return [case.summary, *filter(None, [wish, case.answers])]
        case EventKind.RESOLVED:
            return [
                _("Outcome: {text}").format(text=case.outcome),
                _("Root cause: {text}").format(text=case.root_cause),
                _("Prevention: {text}").format(text=case.prevention),
            ]
        case EventKind.DECLINED:
            return _declined(case, event, audience)
        case EventKind.PREVENTION_DUE:
            return [case.prevention]
        case EventKind.EDITED:
            return [change_line(change) for change in event.changes]
        case _:
            return [event.note] if event.note else []


def _declined(case: Case, event: Event, audience: Audience) -> list[str]:
    lines = [
        _("Why: {text}").format(text=event.note),
        _("Next step: {text}").format(text=event.next_step),
    ]
    if audience is Audience.REPORTER and case.may_be_appealed:
        lines.append(_("Not right? You can appeal once, and the leads will take another look."))
    return lines
