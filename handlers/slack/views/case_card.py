"""A case as one message: the same for everyone, edited in place for life."""

from datetime import datetime

from bot.case import Case, Status
from bot.case.event import EventKind
from bot.customers.history import CustomerHistory
from bot.people import reference
from bot.text import one_line, shortened
from handlers.slack.ids import Button
from handlers.slack.render import escape, link, local_time, mention
from handlers.slack.views.blocks import (
    MOOD_WORDS,
    PRIORITY_WORDS,
    REASON_WORDS,
    SOURCE_WORDS,
    Block,
    Message,
    actions,
    case_button,
    context,
    header,
    plain,
    section,
    standing,
    title,
)
from handlers.slack.views.clock_text import clock_lines, duty_lines
from handlers.slack.views.customer import customer_line
from handlers.slack.views.departments import task_line
from handlers.slack.views.forms.case_forms import MISS_WORDS
from handlers.slack.views.forms.five_steps_forms import stage_block, stage_line

SUMMARY_LIMIT = 400
"""Characters of the story on the card: what fits on a phone. The whole of it is in the thread."""

IN_HAND = (Status.CLAIMED, Status.WAITING)
EDIT_LIMIT = 4000
"""Bytes of text that Slack takes where a message is edited."""

TIMES = {1: "once", 2: "twice"}


def case_card(case: Case, customer_history: CustomerHistory, *, at: datetime) -> Message:
    known = customer_line(case, customer_history, at=at)
    blocks: list[Block] = [header(title(case)), section(_traits(case))]
    blocks += [context(known)] if known else []
    blocks += [{"type": "section", "text": plain(said)} for said in _told(case, SUMMARY_LIMIT)]
    blocks += [section(line) for line in (_standing(case), *_end(case, SUMMARY_LIMIT))]
    blocks += [stage_block(case)] if case.status in IN_HAND else []
    blocks += [context(_origin(case)), actions(*_buttons(case))]
    return Message(_spoken(case, known), blocks)


def _spoken(case: Case, known: str) -> str:
    """The card in words, with as much of what people wrote as fits an edit."""
    for room in (SUMMARY_LIMIT, 200, 100, 50):
        told = map(escape, _told(case, room))
        said = [
            escape(title(case)),
            _traits(case),
            *filter(None, [known]),
            *told,
            _standing(case),
            *_end(case, room),
            *([stage_line(case)] if case.status in IN_HAND else []),
        ]
        text = "\n".join([*said, _origin(case)])
        if len(text.encode()) <= EDIT_LIMIT:
            break
    return text


def _told(case: Case, room: int) -> list[str]:
    wish = [f"They want: {shortened(case.wish, room)}"] if case.wish else []
    return [shortened(case.summary, room), *wish]


def _traits(case: Case) -> str:
    reasons = ", ".join(REASON_WORDS[reason] for reason in case.reasons)
    traits = [f"*{PRIORITY_WORDS[case.priority]}*", *filter(None, [reasons])]
    if case.category:
        traits.append(escape(case.category))
    if case.source is not None:
        traits.append(SOURCE_WORDS[case.source])
    if case.mood is not None:
        traits.append(MOOD_WORDS[case.mood])
    return "  ·  ".join(traits)


def _end(case: Case, room: int) -> list[str]:
    if (end := case.end) is None:
        return []
    if case.merged_into is not None:
        return [f"It goes on in *{reference(case.merged_into)}*."]
    told = {"Outcome": case.outcome}
    if end.kind is EventKind.DECLINED:
        told = {"Why": end.note, "Next step": end.next_step}
    lines = [f"*{name}:* {escape(shortened(text, room))}" for name, text in told.items()]
    if case.miss_reason is not None:
        note = f" ({escape(shortened(one_line(case.miss_note), room))})" if case.miss_note else ""
        lines.append(f"*Why it was late:* {MISS_WORDS[case.miss_reason]}{note}")
    return lines


def _origin(case: Case) -> str:
    parts = [f"Escalated by {mention(case.reporter)}, {local_time(case.opened_at)}"]
    if case.ticket_link:
        parts.append(f"Ticket: {link(case.ticket_link)}")
    if case.reopened:
        parts.append(f"Reopened {TIMES.get(case.reopened, f'{case.reopened} times')}")
    if case.follows is not None:
        parts.append(f"Follows {reference(case.follows)}")
    if case.continued_in is not None:
        parts.append(f"Continued in {reference(case.continued_in)}")
    return "  ·  ".join(parts)


def _standing(case: Case) -> str:
    lines = [
        *_offer(case),
        *_tasks(case),
        *_goodwill(case),
        *_absorbed(case),
        *clock_lines(case),
        *duty_lines(case),
    ]
    return "\n".join([standing(case), *lines])


def _tasks(case: Case) -> list[str]:
    return [task_line(task) for task in case.tasks if case.end is None]


def _goodwill(case: Case) -> list[str]:
    asked = case.goodwill_asked if case.status in IN_HAND else None
    currency = escape(case.team.document.goodwill.currency)
    return [f"A lead is to approve {asked.goodwill} {currency} of goodwill."] if asked else []


def _absorbed(case: Case) -> list[str]:
    names = ", ".join(map(reference, case.absorbed))
    return [f"Merged into it: {names}"] if names else []


def _offer(case: Case) -> list[str]:
    if (offer := case.pending_handoff) is None or offer.other_person is None:
        return []
    until = local_time(case.handoff_ends(offer))
    return [f"Handing off to {mention(offer.other_person)}, who has until {until} to accept."]


def _buttons(case: Case) -> list[Block]:
    resolve = case_button("Resolve", Button.RESOLVE, case.id, style="primary")
    hand_off = case_button("Hand off", Button.HAND_OFF, case.id)
    match case.status:
        case Status.OPEN:
            claim = case_button("Claim", Button.CLAIM, case.id, style="primary")
            first = [claim, case_button("Decline", Button.DECLINE, case.id)]
        case Status.CLAIMED:
            update = case_button("Update", Button.UPDATE, case.id)
            first = [update, case_button("Wait", Button.WAIT, case.id), hand_off, resolve]
        case Status.WAITING:
            first = [case_button("Resume", Button.RESUME, case.id), hand_off, resolve]
        case Status.RESOLVED | Status.DECLINED:
            reopen = case_button("Reopen", Button.REOPEN, case.id)
            first = [] if case.continued_in else [reopen]
        case Status.MERGED:
            first = []
    return [*first, case_button("More", Button.MORE, case.id)]
