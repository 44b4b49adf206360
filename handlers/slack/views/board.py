"""A list of cases, the most urgent first; and what /baton answers besides."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.case import OVER, Case, Status
from bot.people import UserId
from bot.reports.digest import most_urgent_first
from bot.sla import WAITED_ON
from bot.team.team import Team
from bot.text import shortened
from handlers.slack.ids import Button
from handlers.slack.render import brief, escape, mention, plural
from handlers.slack.views.blocks import (
    PRIORITY_WORDS,
    Block,
    Message,
    case_button,
    context,
    section,
    standing,
)
from handlers.slack.views.clock_text import time_left

ROWS = 20


Links = Callable[[Case], str]
"""The address of a case's card; empty while there is none."""


def board(team: Team, cases: Sequence[Case], links: Links, *, at: datetime) -> Message:
    heading = f"*{escape(team.name)}*: {plural(len(cases), 'open case')}"
    if not cases:
        return _message(f"*{escape(team.name)}* has no open case. :sunny:")
    return listing(heading, cases, links, at=at)


def mine(
    person: UserId,
    owned: Sequence[Case],
    reported: Sequence[Case],
    links: Links,
    *,
    at: datetime,
) -> Message:
    """What somebody has in hand, and what they wait for."""
    waits = [case for case in reported if case not in owned]
    if not owned and not waits:
        return _message("You have no open case, and none that you escalated is open.")
    parts = [
        listing(heading, cases, links, at=at, reader=person, claimable=claimable)
        for heading, cases, claimable in (
            ("*You have*", owned, True),
            ("*You escalated*", waits, False),
        )
        if cases
    ]
    return joined(parts)


def listing(
    heading: str,
    cases: Sequence[Case],
    links: Links,
    *,
    at: datetime,
    reader: UserId | None = None,
    rows: int = ROWS,
    claimable: bool = True,
) -> Message:
    """``reader`` is the one person who sees it, if it is for one alone. Whoever only waits for
    the cases is not offered to claim them.
    """
    ordered = most_urgent_first(list(cases))
    shown, hidden = ordered[:rows], len(ordered) - rows
    lines = [row(case, links(case), at=at) for case in shown]
    blocks = [
        section(heading),
        *(
            row_block(case, line, reader) if claimable else section(line)
            for case, line in zip(shown, lines, strict=True)
        ),
    ]
    if hidden > 0:
        lines.append(f"And {hidden} more, less urgent.")
        blocks.append(context(lines[-1]))
    return Message("\n".join([heading, *lines]), blocks)


def row(case: Case, link: str, *, at: datetime) -> str:
    """One case in two short lines."""
    mark = PRIORITY_WORDS[case.priority].partition(" ")[0]
    name = f"<{link}|{case.reference}>" if link else case.reference
    return f"{mark} *{name}* · {escape(brief(case.customer))}\n{_standing(case, at=at)}"


def _standing(case: Case, *, at: datetime) -> str:
    if case.status in OVER:
        return standing(case)
    has = f"{mention(case.owner)} has it" if case.owner else "Nobody has it"
    waits = case.current_wait
    if waits is not None and waits.on is not None:
        has += f", and waits on {WAITED_ON[waits.on]}"
        if waits.resume_by is not None and at >= waits.resume_by:
            has += " longer than it was to"
    return f"{has}: {left}" if (left := time_left(case, at=at)) else has


def joined(parts: Sequence[Message]) -> Message:
    text = "\n".join(part.text for part in parts)
    return Message(text, [block for part in parts for block in part.blocks])


def row_block(case: Case, line: str, reader: UserId | None = None) -> Block:
    """With the one button that is most likely wanted, if there is one for whoever reads it."""
    if case.status is Status.OPEN:
        return section(line, case_button("Claim", Button.CLAIM, case.id))
    if reader is not None and reader == case.owner:
        if case.status is Status.WAITING:
            return section(line, case_button("Resume", Button.RESUME, case.id))
        return section(line, case_button("Update", Button.UPDATE, case.id))
    return section(line)


def _message(text: str) -> Message:
    return Message(text, [section(shortened(text, 3000))])
