"""The Home tab: a person's own cases, their teams' cases, and those they wait for."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from bot.case import Case, Status
from bot.people import CaseId, UserId
from bot.sla import ClockState
from handlers.i18n import _
from handlers.slack.ids import Button
from handlers.slack.views.blocks import Block, actions, button, context, header, section
from handlers.slack.views.board import Links, listing
from handlers.slack.views.unreadable import cannot_read

ROWS = 15
"""Cases in each of five lists: Slack allows 100 blocks in a Home tab."""

PRESSING = {ClockState.AT_RISK, ClockState.BREACHING}


def home_tab(
    person: UserId,
    reported: Sequence[Case],
    visible: Sequence[Case],
    links: Links,
    *,
    unreadable: Collection[CaseId] = (),
    at: datetime,
) -> Block:
    """Return the tab; ``visible`` are the open cases that this person may see or owns."""
    blocks: list[Block] = [header(_("Your cases"))]
    for heading, cases, claimable in _lists(person, reported, visible):
        if cases:
            blocks += listing(
                heading, cases, links, at=at, reader=person, rows=ROWS, claimable=claimable
            ).blocks
    if unreadable:
        blocks.append(context(cannot_read(unreadable)))
    if len(blocks) == 1:
        blocks.append(section(_("Nothing is waiting for you. :sunny:")))
    escalate = button(_("Escalate a case"), Button.OPEN_FORM, "new", style="primary")
    hint = _("In any channel: `/escalate` opens a case, `/baton help` shows the rest.")
    return {"type": "home", "blocks": [*blocks, actions(escalate), context(hint)]}


def _lists(
    person: UserId, reported: Sequence[Case], visible: Sequence[Case]
) -> Iterator[tuple[str, list[Case], bool]]:
    """Yield heading, cases and whether they may be claimed; a case is in its first list only."""
    left = list(visible)
    for heading, belongs in (
        (_("*You own*"), lambda case: case.owner == person),
        (_("*Unclaimed*"), lambda case: case.status is Status.OPEN),
        (_("*At risk*"), _at_risk),
        (_("*Waiting*"), lambda case: case.status is Status.WAITING),
    ):
        yield heading, [case for case in left if belongs(case)], True
        left = [case for case in left if not belongs(case)]
    waiting_for = [case for case in reported if case not in visible or case in left]
    yield _("*You escalated*"), waiting_for, False


def _at_risk(case: Case) -> bool:
    return any(clock.running and clock.state in PRESSING for clock in case.clocks)
