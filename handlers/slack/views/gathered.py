"""The nudges of many cases in one message, the most severe first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.case import Case
from bot.escalation import NUDGES
from bot.events import Event, EventKind
from bot.report import most_urgent_first
from handlers.slack.render import words
from handlers.slack.views.board import Links, row
from handlers.slack.views.parts import Message, section


@dataclass(frozen=True)
class Nudge:
    """A case, and the step of it that somebody is to act on."""

    case: Case
    event: Event


def gathered(nudges: Sequence[Nudge], links: Links, *, at: datetime) -> Message:
    """Each case in two lines: what it is and how late, and who has it."""
    severity = {it.case.id: NUDGES.index(it.event.kind) for it in nudges}
    cases = most_urgent_first([it.case for it in nudges])
    cases.sort(key=lambda case: severity[case.id], reverse=True)
    late = sum(it.event.kind is not EventKind.AT_RISK for it in nudges)
    lines = [row(case, links(case), at=at) for case in cases]
    said = [words("gathered", count=len(cases), late=late), *lines]
    return Message("\n".join(said), [section(line) for line in said])
