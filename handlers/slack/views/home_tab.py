"""The Home tab: what somebody has in hand, what their teams have, and what they wait for."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.case import Case, Status
from bot.people import UserId
from bot.sla import ClockState
from handlers.slack.ids import Button
from handlers.slack.views.blocks import Block, actions, button, context, header, section
from handlers.slack.views.board import Links, listing

ROWS = 15
"""Cases in each of five lists: a tab has room for a hundred blocks."""

PRESSING = {ClockState.AT_RISK, ClockState.BREACHING}


def home_tab(
    person: UserId,
    reported: Sequence[Case],
    teams: Sequence[Case],
    links: Links,
    *,
    at: datetime,
) -> Block:
    """``teams`` are the open cases that are this person's to see, with all that they have."""
    blocks: list[Block] = [header("Your cases")]
    for heading, cases, claimable in _lists(person, reported, teams):
        if cases:
            blocks += listing(
                heading, cases, links, at=at, reader=person, rows=ROWS, claimable=claimable
            ).blocks
    if len(blocks) == 1:
        blocks.append(section("Nothing waits for you. :sunny:"))
    blocks.append(actions(button("Escalate a case", Button.OPEN_FORM, "new", style="primary")))
    blocks.append(
        context("In any channel: `/escalate` for a new case, `/baton help` for the rest.")
    )
    return {"type": "home", "blocks": blocks}


def _lists(
    person: UserId, reported: Sequence[Case], teams: Sequence[Case]
) -> Iterator[tuple[str, list[Case], bool]]:
    """Each case in the first list that it belongs to, and in no other; and whether it may be
    claimed there.
    """
    left = list(teams)
    for heading, belongs in (
        ("*You have*", lambda case: case.owner == person),
        ("*Nobody has*", lambda case: case.status is Status.OPEN),
        ("*At risk*", _at_risk),
        ("*Waiting*", lambda case: case.status is Status.WAITING),
    ):
        yield heading, [case for case in left if belongs(case)], True
        left = [case for case in left if not belongs(case)]
    waits = [case for case in reported if case not in teams or case in left]
    yield "*You escalated*", waits, False


def _at_risk(case: Case) -> bool:
    return any(clock.running and clock.state in PRESSING for clock in case.clocks)
