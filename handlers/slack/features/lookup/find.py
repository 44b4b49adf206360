"""/baton find: cases by their words, most relevant first."""

from collections.abc import Sequence

from bot.business_time import time_zone
from bot.case import Case
from bot.case.permissions import sees_all
from bot.case.redaction import readable_by
from bot.lookup.search import read_search
from bot.people import CaseId, Person, UserId
from handlers.i18n import _, ngettext
from handlers.slack.outgoing.compose import card_links
from handlers.slack.render import escape
from handlers.slack.views.blocks import Message, context, section
from handlers.slack.views.board import row
from storage import Transaction

SHOWN = 20
LOOKED_THROUGH = 500  # matches, the best first, in search of those that the person may read


def show_found(tx: Transaction, asked: str, by: UserId) -> Message:
    """Return the matches among the cases that this person may see.

    Raises:
        NotUnderstood: ``asked`` is not a search.
    """
    person, every = tx.person(by), tx.teams.all()
    zone = time_zone(every[0].document.team.timezone if every else "UTC")
    wanted = read_search(asked, by=by, zone=zone)
    teams = [team.id for team in every if sees_all(person, team)]
    found = tx.search.find(wanted, teams=teams, or_of=by, limit=LOOKED_THROUGH)
    readable = _first_readable(tx, found, person, most=SHOWN + 1)
    cases = readable[:SHOWN]
    query = escape(asked[:80])
    if not cases:
        text = _("No case that you may see matches “{query}”. Try fewer or shorter words.")
        nothing = text.format(query=query)
        return Message(nothing, [section(nothing)])
    links = card_links(tx)
    lines = [row(case, links(case), at=tx.now) for case in cases]
    heading = _heading(len(cases), query, ranked=bool(wanted.words))
    more = (
        _("More cases match: add a word, or `since:2026-03-01`.") if len(readable) > SHOWN else ""
    )
    blocks = [section(heading), *map(section, lines), *([context(more)] if more else [])]
    return Message("\n".join(filter(None, [heading, *lines, more])), blocks)


def _first_readable(
    tx: Transaction, found: Sequence[CaseId], person: Person, *, most: int
) -> list[Case]:
    """Return the first cases that the person may read: restricted ones count as no match."""
    cases: list[Case] = []
    for start in range(0, len(found), most):
        batch = tx.cases.look_up_all(found[start : start + most])
        cases += readable_by(person, batch)
        if len(cases) >= most:
            break
    return cases[:most]


def _heading(count: int, query: str, *, ranked: bool) -> str:
    if ranked:
        text = ngettext(
            "{count} case for “{query}”", "{count} cases for “{query}”, most relevant first", count
        )
    else:
        text = ngettext(
            "{count} case for “{query}”", "{count} cases for “{query}”, newest first", count
        )
    return text.format(count=count, query=query)
