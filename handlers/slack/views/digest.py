"""A team's morning digest as one message."""

from collections.abc import Sequence
from datetime import datetime

from bot.case import Case
from bot.people import CaseId, reference
from bot.reports.digest import Digest, Figures
from bot.team.team import Team
from bot.text import shortened
from handlers.i18n import _, ngettext
from handlers.slack.render import escape
from handlers.slack.views.blocks import HEADER_LIMIT, Message, header, section
from handlers.slack.views.board import Links, listing

MAX_NAMED = 10


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
        text = _("*{title}*: no news and no open cases. Have a good day! :sunny:")
        line = text.format(title=escape(title))
        return Message(line, [section(line)])
    news, now = _news(figures), _open_now(digest, cases, links, at)
    text = "\n".join([escape(title), news, now.text])
    return Message(text, [header(title), section(news), *now.blocks])


def _open_now(digest: Digest, cases: Sequence[Case], links: Links, at: datetime) -> Message:
    if not cases:
        line = _("No open cases. :sunny:")
        return Message(line, [section(line)])
    count = len(cases) if digest.open_cases is None else digest.open_cases
    heading = ngettext("*Open now: {count} case*", "*Open now: {count} cases*", count)
    more = count - len(cases)
    return listing(heading.format(count=count), cases, links, at=at, more=more)


def _news(figures: Figures) -> str:
    if figures.nothing_happened:
        return _("No news since the last digest.")
    lines = (
        (_("Opened"), figures.opened),
        (_("Claimed"), figures.claimed),
        (_("Resolved"), figures.resolved),
        (_(":rotating_light: Overdue"), figures.breached),
    )
    return "\n".join(f"*{name}:* {_named(cases)}" for name, cases in lines)


def _named(cases: tuple[CaseId, ...]) -> str:
    if not cases:
        return _("none")
    names = ", ".join(reference(case) for case in cases[:MAX_NAMED])
    hidden = len(cases) - MAX_NAMED
    text = _("{count} ({names} and {hidden} more)") if hidden > 0 else _("{count} ({names})")
    return text.format(count=len(cases), names=names, hidden=hidden)
