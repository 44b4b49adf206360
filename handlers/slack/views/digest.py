"""A team's morning digest as one message."""

from collections.abc import Sequence
from datetime import datetime

from bot.case import Case
from bot.people import CaseId, reference
from bot.reports.digest import Digest, Figures
from bot.team.team import Team
from bot.text import shortened
from handlers.slack.render import escape, plural
from handlers.slack.views.blocks import HEADER_LIMIT, Message, header, section
from handlers.slack.views.board import Links, listing

NAMED_AT_MOST = 10


def digest_message(
    digest: Digest,
    team: Team,
    figures: Figures,
    cases: Sequence[Case],
    links: Links,
    *,
    at: datetime,
) -> Message:
    day = f"{digest.local_date:%A}, {digest.local_date.day} {digest.local_date:%B}"
    title = shortened(f"{team.name} · {day}", HEADER_LIMIT)
    if figures.nothing_happened and not cases:
        line = (
            f"*{escape(title)}*: nothing happened, and no case is open. A good day to you! :sunny:"
        )
        return Message(line, [section(line)])
    happened = _happened(figures)
    if cases:
        now = listing(f"*Open now: {plural(len(cases), 'case')}*", cases, links, at=at)
    else:
        now = Message("No case is open. :sunny:", [section("No case is open. :sunny:")])
    text = "\n".join([escape(title), happened, now.text])
    return Message(text, [header(title), section(happened), *now.blocks])


def _happened(figures: Figures) -> str:
    if figures.nothing_happened:
        return "Nothing new since the last digest."
    told = (
        ("Opened", figures.opened),
        ("Claimed", figures.claimed),
        ("Resolved", figures.resolved),
        (":rotating_light: Breached", figures.breached),
    )
    return "\n".join(f"*{word}:* {_named(cases)}" for word, cases in told)


def _named(cases: tuple[CaseId, ...]) -> str:
    if not cases:
        return "none"
    named = ", ".join(reference(case) for case in cases[:NAMED_AT_MOST])
    more = f" and {len(cases) - NAMED_AT_MOST} more" if len(cases) > NAMED_AT_MOST else ""
    return f"{len(cases)} ({named}{more})"
