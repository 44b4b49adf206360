"""A case as one message: the same for everyone, edited in place for life."""

from bot.case import Case, Status
from bot.prose import shortened
from bot.sla import ClockState
from handlers.slack.ids import Button
from handlers.slack.render import escape, link, local_time, mention
from handlers.slack.views.parts import (
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

SUMMARY_LIMIT = 400
"""Characters of the story on the card: what fits on a phone. The whole of it is in the thread."""

LATE_WORDS = {
    ClockState.AT_RISK: ":hourglass_flowing_sand: Running out of time.",
    ClockState.BREACHING: ":rotating_light: The promise to claim it in time is broken.",
}


def case_card(case: Case) -> Message:
    said = shortened(case.summary, SUMMARY_LIMIT)
    lines = [_traits(case), _state(case), *_resolution(case)]
    blocks: list[Block] = [header(title(case)), section(lines[0])]
    blocks.append({"type": "section", "text": plain(said)})
    if case.wish:
        wish = shortened(case.wish, SUMMARY_LIMIT)
        blocks.append({"type": "section", "text": plain(f"They want: {wish}")})
    blocks += [section(line) for line in lines[1:]]
    blocks += [context(_origin(case)), actions(*_buttons(case))]
    spoken = [escape(title(case)), lines[0], escape(said), *lines[1:], _origin(case)]
    return Message("\n".join(spoken), blocks)


def _traits(case: Case) -> str:
    reasons = ", ".join(REASON_WORDS[reason] for reason in case.reasons)
    traits = [f"*{PRIORITY_WORDS[case.priority]}*", reasons]
    if case.category:
        traits.append(escape(case.category))
    if case.source is not None:
        traits.append(SOURCE_WORDS[case.source])
    return "  ·  ".join(traits)


def _state(case: Case) -> str:
    clock = case.claim_clock
    late = LATE_WORDS.get(clock.state, "") if clock is not None else ""
    return f"{late} {standing(case)}".strip()


def _resolution(case: Case) -> list[str]:
    if case.status is not Status.RESOLVED:
        return []
    return [f"*Outcome:* {escape(shortened(case.outcome, SUMMARY_LIMIT))}"]


def _origin(case: Case) -> str:
    origin = f"Escalated by {mention(case.reporter)}, {local_time(case.opened_at)}"
    return f"{origin}  ·  Ticket: {link(case.ticket_link)}" if case.ticket_link else origin


def _buttons(case: Case) -> list[Block]:
    match case.status:
        case Status.OPEN:
            return [case_button("Claim", Button.CLAIM, case.id, style="primary")]
        case Status.CLAIMED:
            return [case_button("Resolve", Button.RESOLVE, case.id, style="primary")]
        case Status.RESOLVED:
            return [case_button("Reopen", Button.REOPEN, case.id)]
