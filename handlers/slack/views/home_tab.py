"""The Home tab: what somebody has in hand, and what nobody has yet."""

from collections.abc import Sequence
from datetime import datetime

from bot.case import Case
from handlers.slack.ids import Button
from handlers.slack.views.board import Links, listing
from handlers.slack.views.parts import Block, actions, button, context, header, section


def home_tab(
    owned: Sequence[Case],
    reported: Sequence[Case],
    unclaimed: Sequence[Case],
    links: Links,
    *,
    at: datetime,
) -> Block:
    waits = [case for case in reported if case not in owned and case not in unclaimed]
    lists = (("*You have*", owned), ("*Nobody has*", unclaimed), ("*You escalated*", waits))
    blocks: list[Block] = [header("Your cases")]
    for heading, cases in lists:
        if cases:
            blocks += listing(heading, cases, links, at=at).blocks
    if len(blocks) == 1:
        blocks.append(section("Nothing waits for you. :sunny:"))
    blocks.append(actions(button("Escalate a case", Button.OPEN_FORM, "new", style="primary")))
    blocks.append(
        context("In any channel: `/escalate` for a new case, `/baton help` for the rest.")
    )
    return {"type": "home", "blocks": blocks}
