"""Why a case's times are what they are: each due time accounted for, line by line."""

from datetime import datetime

from bot.case import Case, read_clocks
from bot.sla import ClockState, Reading
from handlers.slack.render import escape
from handlers.slack.views.blocks import Block, Message, plain, section, title
from handlers.slack.views.clock_text import METRIC_WORDS

STATE_WORDS = {
    ClockState.PENDING: "running",
    ClockState.AT_RISK: "running out",
    ClockState.PAUSED: "paused",
    ClockState.BREACHING: "late",
    ClockState.MET: "in time",
    ClockState.MET_LATE: "met late",
    ClockState.CANCELLED: "ended without a verdict",
}


def why(case: Case, *, at: datetime) -> Message:
    readings = read_clocks(case, at=at)
    opening = f"*{escape(title(case))}*: promised by the policy {escape(case.policy.name)}"
    if not readings:
        line = f"{opening}. It has no clocks: the policy promises no time for a case like this."
        return Message(line, [section(line)])
    newest = {reading.clock: reading for reading in readings}  # earlier cycles are history
    parts = [_explanation(reading) for reading in newest.values()]
    return Message("\n".join([opening, *parts]), [section(opening), *map(section, parts)])


def why_view(case: Case, *, at: datetime) -> Block:
    return {
        "type": "modal",
        "title": plain("Why these times?"),
        "close": plain("Close"),
        "blocks": why(case, at=at).blocks,
    }


def _explanation(reading: Reading) -> str:
    name = METRIC_WORDS[reading.clock].capitalize()
    cycle = f" ({reading.cycle})" if reading.cycle > 1 else ""
    lines = "\n".join(f"• {escape(line)}" for line in reading.explanation)
    return f"*{name}{cycle}*: {STATE_WORDS[reading.state]}\n{lines}"
