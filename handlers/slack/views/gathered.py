"""What many cases have to say in one message: their nudges, or that somebody has left them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.case import Case
from bot.case.event import Event, EventKind
from bot.case.recipients import NUDGES
from bot.people import UserId
from bot.reports.digest import most_urgent_first
from handlers.slack.render import words
from handlers.slack.views.blocks import Message, section
from handlers.slack.views.board import Links, row, row_block


@dataclass(frozen=True)
class GatheredNudge:
    """A case, and the step of it that somebody is to act on."""

    case: Case
    event: Event


def gathered(
    nudges: Sequence[GatheredNudge], links: Links, *, at: datetime, reader: UserId | None
) -> Message:
    """Each case in two lines: what it is and how late, and who has it. ``reader`` is the one
    person who sees it, if it is for one alone.
    """
    if any(it.event.kind not in NUDGES for it in nudges):
        return _left_behind(nudges, links, at=at, reader=reader)
    severity = {it.case.id: NUDGES.index(it.event.kind) for it in nudges}
    cases = most_urgent_first([it.case for it in nudges])
    cases.sort(key=lambda case: severity[case.id], reverse=True)
    late = sum(it.event.kind is not EventKind.AT_RISK for it in nudges)
    heading = words("gathered", count=len(cases), late=late)
    return _listed(heading, cases, links, at=at, reader=reader)


def _left_behind(
    nudges: Sequence[GatheredNudge], links: Links, *, at: datetime, reader: UserId | None
) -> Message:
    cases = most_urgent_first([it.case for it in nudges])
    owners = {case.owner for case in cases}
    heading = words(
        "left_behind",
        whom=nudges[0].event.other_person,
        count=len(cases),
        unclaimed=None in owners,
        theirs=reader is not None and owners == {reader},
    )
    return _listed(heading, cases, links, at=at, reader=reader)


def _listed(
    heading: str, cases: Sequence[Case], links: Links, *, at: datetime, reader: UserId | None
) -> Message:
    lines = [row(case, links(case), at=at) for case in cases]
    rows = [row_block(case, line, reader) for case, line in zip(cases, lines, strict=True)]
    return Message("\n".join([heading, *lines]), [section(heading), *rows])
