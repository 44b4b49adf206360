"""Many cases in one message: their nudges, or that their owner has left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.case import Case
from bot.case.event import Event, EventKind
from bot.case.recipients import NUDGES
from bot.case.urgency import most_urgent_first
from bot.people import UserId
from handlers.slack.render import text
from handlers.slack.views.blocks import Message, section
from handlers.slack.views.board import Links, row, row_block


@dataclass(frozen=True)
class GatheredNudge:
    """A case, and its event that the reader should act on."""

    case: Case
    event: Event


def gathered(
    nudges: Sequence[GatheredNudge], links: Links, *, at: datetime, reader: UserId | None
) -> Message:
    """Return one message with two lines for each case, the most severe first.

    ``reader`` is the one person who sees it, if it is a direct message.
    """
    if any(it.event.kind not in NUDGES for it in nudges):
        return _left_behind(nudges, links, at=at, reader=reader)
    severity = {it.case.id: NUDGES.index(it.event.kind) for it in nudges}
    cases = most_urgent_first([it.case for it in nudges])
    cases.sort(key=lambda case: severity[case.id], reverse=True)
    late = sum(it.event.kind is not EventKind.AT_RISK for it in nudges)
    heading = text("gathered", "nudges", count=len(cases), late=late)
    return _listed(heading, cases, links, at=at, reader=reader)


def _left_behind(
    nudges: Sequence[GatheredNudge], links: Links, *, at: datetime, reader: UserId | None
) -> Message:
    cases = most_urgent_first([it.case for it in nudges])
    owners = {case.owner for case in cases}
    heading = text(
        "gathered",
        "left_behind",
        person=nudges[0].event.other_person,
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
