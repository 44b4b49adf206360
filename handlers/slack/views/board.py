"""A list of cases, most urgent first, as /baton, the digest and the Home tab show it."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.case import OVER, Case, Status
from bot.case.urgency import most_urgent_first
from bot.people import UserId
from bot.team.team import Team
from bot.text import shortened
from handlers.i18n import _, ngettext
from handlers.slack.ids import Button
from handlers.slack.render import brief, escape, mention
from handlers.slack.views import labels
from handlers.slack.views.blocks import (
    Block,
    Message,
    case_button,
    context,
    section,
    status_line,
)
from handlers.slack.views.clock_text import time_left

ROWS = 20

Links = Callable[[Case], str]
"""Returns the address of a case's card; empty while there is none."""


def board(team: Team, cases: Sequence[Case], links: Links, *, at: datetime) -> Message:
    name = escape(team.name)
    if not cases:
        return _message(_("No open cases in *{team}*. :sunny:").format(team=name))
    heading = ngettext(
        "*{team}*: {count} open case", "*{team}*: {count} open cases", len(cases)
    ).format(team=name, count=len(cases))
    return listing(heading, cases, links, at=at)


def mine(
    person: UserId,
    owned: Sequence[Case],
    reported: Sequence[Case],
    links: Links,
    *,
    at: datetime,
) -> Message:
    """Return the cases that a person owns, and those that they escalated."""
    waiting_for = [case for case in reported if case not in owned]
    if not owned and not waiting_for:
        return _message(_("You have no open cases, owned or escalated. :sunny:"))
    parts = [
        listing(heading, cases, links, at=at, reader=person, claimable=claimable)
        for heading, cases, claimable in (
            (_("*You own*"), owned, True),
            (_("*You escalated*"), waiting_for, False),
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
    more: int = 0,
    claimable: bool = True,
) -> Message:
    """Return the first ``rows`` cases below a heading.

    ``reader`` is the one person who sees the list, if it is private. ``more`` counts cases that are
    not in ``cases``. A list that is not ``claimable`` offers no buttons: its reader only waits for
    the cases.
    """
    ordered = most_urgent_first(list(cases))
    shown, hidden = ordered[:rows], len(ordered[rows:]) + more
    lines = [row(case, links(case), at=at) for case in shown]
    blocks = [
        section(heading),
        *(
            row_block(case, line, reader) if claimable else section(line)
            for case, line in zip(shown, lines, strict=True)
        ),
    ]
    if hidden > 0:
        lines.append(_("{count} more, less urgent").format(count=hidden))
        blocks.append(context(lines[-1]))
    return Message("\n".join([heading, *lines]), blocks)


def row(case: Case, link: str, *, at: datetime) -> str:
    """Return one case in two short lines."""
    mark = labels.PRIORITY_MARKS[case.priority]
    name = f"<{link}|{case.reference}>" if link else case.reference
    return f"{mark} *{name}* · {escape(brief(case.customer))}\n{_status(case, at=at)}"


def _status(case: Case, *, at: datetime) -> str:
    if case.status in OVER:
        return status_line(case)
    left = time_left(case, at=at)
    return f"{_owner(case, at)} · {left}" if left else _owner(case, at)


def _owner(case: Case, at: datetime) -> str:
    if case.owner is None:
        return _("Unclaimed")
    owner, wait = mention(case.owner), case.current_wait
    if wait is None or wait.on is None:
        return owner
    text = _("{owner}, waiting for {party}")
    if wait.resume_by is not None and at >= wait.resume_by:
        text = _("{owner}, no longer waiting for {party}")
    return text.format(owner=owner, party=labels.waiting_for(wait.on))


def joined(parts: Sequence[Message]) -> Message:
    text = "\n".join(part.text for part in parts)
    return Message(text, [block for part in parts for block in part.blocks])


def row_block(case: Case, line: str, reader: UserId | None = None) -> Block:
    """Return a row with the one button that its reader most likely wants, if there is one."""
    if case.status is Status.OPEN:
        return section(line, case_button(_("Claim"), Button.CLAIM, case.id))
    if reader is not None and reader == case.owner:
        if case.status is Status.WAITING:
            return section(line, case_button(_("Resume"), Button.RESUME, case.id))
        return section(line, case_button(_("Update"), Button.UPDATE, case.id))
    return section(line)


def _message(text: str) -> Message:
    return Message(text, [section(shortened(text, 3000))])
