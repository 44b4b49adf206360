"""A case as one message in the channel: the same for every reader, edited in place for life."""

from bot.case import Case, Status
from bot.case.event import EventKind
from bot.customers.history import CustomerHistory
from bot.people import reference
from bot.text import one_line, shortened
from handlers.i18n import _, ngettext
from handlers.slack.ids import Button
from handlers.slack.render import escape, link, local_time, mention, money
from handlers.slack.views import labels
from handlers.slack.views.blocks import (
    Block,
    Message,
    actions,
    case_button,
    context,
    header,
    plain,
    section,
    status_line,
    title,
)
from handlers.slack.views.clock_text import clock_lines, duty_lines
from handlers.slack.views.customer import public_line
from handlers.slack.views.departments import task_line
from handlers.slack.views.five_steps import stage_block, stage_line

SUMMARY_LIMIT = 400
"""Characters of the story on the card: what fits on a phone. The thread has all of it."""

OWNED = (Status.CLAIMED, Status.WAITING)
EDIT_LIMIT = 4000
"""Bytes of text that ``chat.update`` accepts; ``chat.postMessage`` accepts more."""


def case_card(case: Case, history: CustomerHistory) -> Message:
    customer = public_line(case, history)
    blocks: list[Block] = [header(title(case)), section(_traits(case))]
    blocks += [context(customer)] if customer else []
    blocks += [{"type": "section", "text": plain(text)} for text in _story(case, SUMMARY_LIMIT)]
    blocks += [section(line) for line in (_state(case), *_ending(case, SUMMARY_LIMIT))]
    blocks += [stage_block(case)] if case.status in OWNED else []
    blocks += [context(_origin(case)), actions(*_buttons(case))]
    return Message(_as_text(case, customer), blocks)


def _as_text(case: Case, customer: str) -> str:
    """Return the card as text, with as much of the story as fits an edit."""
    for room in (SUMMARY_LIMIT, 200, 100, 50):
        lines = [
            escape(title(case)),
            _traits(case),
            *filter(None, [customer]),
            *map(escape, _story(case, room)),
            _state(case),
            *_ending(case, room),
            *([stage_line(case)] if case.status in OWNED else []),
        ]
        text = "\n".join([*lines, _origin(case)])
        if len(text.encode()) <= EDIT_LIMIT:
            break
    return text


def _story(case: Case, room: int) -> list[str]:
    wish = [_("They want: {wish}").format(wish=shortened(case.wish, room))] if case.wish else []
    return [shortened(case.summary, room), *wish]


def _traits(case: Case) -> str:
    reasons = ", ".join(_(labels.REASONS[reason]) for reason in case.reasons)
    traits = [f"*{labels.priority(case.priority)}*", *filter(None, [reasons])]
    if case.category:
        traits.append(escape(case.category))
    if case.source is not None:
        traits.append(_(labels.SOURCES[case.source]))
    if case.mood is not None:
        traits.append(labels.mood(case.mood))
    return "  ·  ".join(traits)


def _ending(case: Case, room: int) -> list[str]:
    if (end := case.end) is None:
        return []
    if case.merged_into is not None:
        return [_("Continues in *{case}*").format(case=reference(case.merged_into))]
    parts = {_("Outcome"): case.outcome}
    if end.kind is EventKind.DECLINED:
        parts = {_("Why"): end.note, _("Next step"): end.next_step}
    lines = [f"*{name}:* {escape(shortened(text, room))}" for name, text in parts.items()]
    if case.miss_reason is not None:
        note = f" ({escape(shortened(one_line(case.miss_note), room))})" if case.miss_note else ""
        lines.append(f"*{_('Why it was late')}:* {_(labels.MISS_REASONS[case.miss_reason])}{note}")
    return lines


def _origin(case: Case) -> str:
    reporter, opened = mention(case.reporter), local_time(case.opened_at)
    parts = [_("Escalated by {reporter}, {time}").format(reporter=reporter, time=opened)]
    if case.ticket_link:
        parts.append(_("Ticket: {link}").format(link=link(case.ticket_link)))
    if case.reopened:
        times = ngettext("Reopened once", "Reopened {count} times", case.reopened)
        parts.append(times.format(count=case.reopened))
    if case.follows is not None:
        parts.append(_("Follows {case}").format(case=reference(case.follows)))
    if case.continued_in is not None:
        parts.append(_("Continues in {case}").format(case=reference(case.continued_in)))
    return "  ·  ".join(parts)


def _state(case: Case) -> str:
    lines = [
        *_pending_handoff(case),
        *_tasks(case),
        *_pending_goodwill(case),
        *_absorbed(case),
        *clock_lines(case),
        *duty_lines(case),
    ]
    return "\n".join([status_line(case), *lines])


def _tasks(case: Case) -> list[str]:
    return [task_line(task) for task in case.tasks if case.end is None]


def _pending_goodwill(case: Case) -> list[str]:
    asked = case.goodwill_asked if case.status in OWNED else None
    if asked is None:
        return []
    text = _("Waiting for a lead's approval: {amount} in goodwill")
    return [text.format(amount=escape(money(case, asked.goodwill)))]


def _absorbed(case: Case) -> list[str]:
    names = ", ".join(map(reference, case.absorbed))
    return [_("Merged into this case: {cases}").format(cases=names)] if names else []


def _pending_handoff(case: Case) -> list[str]:
    if (handoff := case.pending_handoff) is None or handoff.other_person is None:
        return []
    text = _("Hand-off to {person} pending until {time}")
    until = local_time(case.handoff_ends(handoff))
    return [text.format(person=mention(handoff.other_person), time=until)]


def _buttons(case: Case) -> list[Block]:
    resolve = case_button(_("Resolve"), Button.RESOLVE, case.id, style="primary")
    hand_off = case_button(_("Hand off"), Button.HAND_OFF, case.id)
    match case.status:
        case Status.OPEN:
            claim = case_button(_("Claim"), Button.CLAIM, case.id, style="primary")
            first = [claim, case_button(_("Decline"), Button.DECLINE, case.id)]
        case Status.CLAIMED:
            update = case_button(_("Update"), Button.UPDATE, case.id)
            wait = case_button(_("Wait"), Button.WAIT, case.id)
            first = [update, wait, hand_off, resolve]
        case Status.WAITING:
            first = [case_button(_("Resume"), Button.RESUME, case.id), hand_off, resolve]
        case Status.RESOLVED | Status.DECLINED:
            reopen = case_button(_("Reopen"), Button.REOPEN, case.id)
            first = [] if case.continued_in else [reopen]
        case Status.MERGED:
            first = []
    return [*first, case_button(_("More"), Button.MORE, case.id)]
