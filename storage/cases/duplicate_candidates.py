"""Finding earlier cases that a new one may duplicate, by the customer's name."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    and_,
    bindparam,
    column,
    func,
    or_,
    select,
    table,
    text,
    union_all,
)

from bot.case import OVER, Status
from bot.lookup.duplicates import COMPARED
from storage.tables import cases

SAME, ALIKE = 20, 100
"""The newest cases to compare: of the same customer, and of customers that share a word.

Limited because the form waits for the answer. The second limit applies before cases are filtered
by team and state: if many customers share a word, a case under another spelling can be missed.
"""

IN_WORKSPACE = cases.c.workspace == bindparam("workspace_id")
WORDS = table("case_words", column("rowid"))
NUMBERS = table("case_numbers", column("number"), column("workspace"), column("case"))
WITH_WORDS: dict[str, Select[Any]] = {
    "sqlite": select(cases)
    .join(NUMBERS, and_(NUMBERS.c.workspace == cases.c.workspace, NUMBERS.c.case == cases.c.id))
    .join(WORDS, WORDS.c.rowid == NUMBERS.c.number)
    .where(IN_WORKSPACE, text("case_words MATCH :words"))
    .order_by(WORDS.c.rowid.desc()),
    "postgresql": select(cases)
    .where(IN_WORKSPACE, text("words @@ to_tsquery('simple', :words)"))
    .order_by(cases.c.id.desc()),
}


@cache
def duplicate_candidates(dialect: str, *, by_name: bool) -> CompoundSelect[Any]:
    """Return the query for cases with the customer's key and, if ``by_name``, a similar name.

    The same case may appear in both parts of the union.
    """
    same = select(*_facts(cases)).where(IN_WORKSPACE, cases.c.customer_key == bindparam("key"))
    same = same.where(*_comparable(cases)).order_by(cases.c.id.desc()).limit(SAME)
    parts = [select(same.subquery())]
    if by_name:
        # Limit first, filter later: this leaves the planner no choice of join order. It picks the
        # wrong one until the table has been analyzed.
        alike = WITH_WORDS[dialect].limit(ALIKE).subquery()
        parts.append(select(*_facts(alike)).where(*_comparable(alike)))
    return union_all(*parts)


def _facts(of: FromClause) -> Iterator[ColumnElement[Any]]:
    summary = func.substr(of.c.summary, 1, COMPARED)
    yield from (of.c.id, of.c.customer_key, summary, of.c.ticket_link)


def _comparable(of: FromClause) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions: the team's open or recently ended cases, from before this request.

    Cases that the same reporter opened a moment ago are left out.
    """
    yield of.c.team_id == bindparam("team")
    yield or_(of.c.status.not_in(OVER), of.c.over_at >= bindparam("since"))
    yield of.c.status != Status.MERGED  # the case it was merged into is compared
    yield or_(of.c.reporter != bindparam("by"), of.c.opened_at < bindparam("opened_before"))
