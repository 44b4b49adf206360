"""Why a case's due times are what they are, line by line."""

from datetime import datetime

from bot.case import Case, read_clocks
from bot.messages import N_
from bot.sla import ClockState, Reading
from handlers.i18n import _, translate
from handlers.slack.render import escape
from handlers.slack.views import labels
from handlers.slack.views.blocks import Block, Message, plain, section, title

STATES = {
    ClockState.PENDING: N_("running"),
    ClockState.AT_RISK: N_("at risk"),
    ClockState.PAUSED: N_("paused"),
    ClockState.BREACHING: N_("overdue"),
    ClockState.MET: N_("on time"),
    ClockState.MET_LATE: N_("late"),
    ClockState.CANCELLED: N_("cancelled"),
}


def why(case: Case, *, at: datetime) -> Message:
    readings = read_clocks(case, at=at)
    opening = _("*{case}*: policy {policy}").format(
        case=escape(title(case)), policy=escape(case.policy.name)
    )
    if not readings:
        line = _("{opening}. It sets no due times for a case like this.").format(opening=opening)
        return Message(line, [section(line)])
    newest = {reading.clock: reading for reading in readings}  # earlier cycles are history
    parts = [_explanation(reading) for reading in newest.values()]
    return Message("\n".join([opening, *parts]), [section(opening), *map(section, parts)])


def why_view(case: Case, *, at: datetime) -> Block:
    return {
        "type": "modal",
        "title": plain(_("Why these times?")),
        "close": plain(_("Close")),
        "blocks": why(case, at=at).blocks,
    }


def _explanation(reading: Reading) -> str:
    name = labels.metric(reading.clock).capitalize()
    cycle = f" ({reading.cycle})" if reading.cycle > 1 else ""
    lines = "\n".join(f"• {escape(translate(line))}" for line in reading.explanation_lines)
    return f"*{name}{cycle}*: {_(STATES[reading.state])}\n{lines}"
