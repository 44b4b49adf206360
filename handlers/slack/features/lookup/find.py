"""/baton find: cases by their words, the most relevant first."""

from bot.business_time import time_zone
from bot.case.permissions import sees_all
from bot.case.redaction import readable_by
from bot.lookup.search import read_search
from bot.people import UserId
from handlers.slack.outgoing.compose import card_links
from handlers.slack.render import escape, plural
from handlers.slack.views.blocks import Message, context, section
from handlers.slack.views.board import row
from storage import Transaction

SHOWN = 20


def show_found(tx: Transaction, asked: str, by: UserId) -> Message:
    """Among the cases that this person may see.

    Raises:
        NotUnderstood: that is no search.
    """
    person, every = tx.person(by), tx.teams.all()
    zone = time_zone(every[0].document.team.timezone if every else "UTC")
    wanted = read_search(asked, by=by, zone=zone)
    teams = [team.id for team in every if sees_all(person, team)]
    found = tx.search.find(wanted, teams=teams, or_of=by, limit=SHOWN + 1)
    links, shown = card_links(tx), escape(f"“{asked[:80]}”")
    cases = readable_by(person, tx.cases.look_up_all(found[:SHOWN]))
    if not cases:
        told = f"No case that you may see fits {shown}. Try fewer words, or their beginnings."
        return Message(told, [section(told)])
    lines = [row(case, links(case), at=tx.now) for case in cases]
    more = "And more: add a word, or `since:2026-03-01`." if len(found) > SHOWN else ""
    order = ", the most relevant first" if wanted.words else ", the newest first"
    heading = f"{plural(len(cases), 'case')} for {shown}{order if len(cases) > 1 else ''}"
    blocks = [section(heading), *map(section, lines), *([context(more)] if more else [])]
    return Message("\n".join(filter(None, [heading, *lines, more])), blocks)
