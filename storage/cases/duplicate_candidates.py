"""The cases that a new one may double: of customers called something like its own."""

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
"""The newest of the customer's own name, and of those whose name has a word in common, are
weighed: every form waits for it. Those of a word are of all teams, whatever became of them: where
many customers have one ("GmbH"), a team's own case under another spelling may not be among them.
"""

OURS = cases.c.workspace == bindparam("ours")
WORDS = table("case_words", column("rowid"))
NUMBERS = table("case_numbers", column("number"), column("workspace"), column("case"))
WITH_WORDS: dict[str, Select[Any]] = {
    "sqlite": select(cases)
    .join(NUMBERS, and_(NUMBERS.c.workspace == cases.c.workspace, NUMBERS.c.case == cases.c.id))
    .join(WORDS, WORDS.c.rowid == NUMBERS.c.number)
    .where(OURS, text("case_words MATCH :words"))
    .order_by(WORDS.c.rowid.desc()),
    "postgresql": select(cases)
    .where(OURS, text("words @@ to_tsquery('simple', :words)"))
    .order_by(cases.c.id.desc()),
}


@cache
def duplicate_candidates(dialect: str, *, by_name: bool) -> CompoundSelect[Any]:
    """Those of a customer's key and, ``by_name``, those with the words of their name; some twice.

    The newest are taken first and sifted then, so that no planner has anything to choose: it
    would join them the wrong way as long as it has not counted the cases.
    """
    same = select(*_facts(cases)).where(OURS, cases.c.customer_key == bindparam("key"))
    same = same.where(*_in_question(cases)).order_by(cases.c.id.desc()).limit(SAME)
    parts = [select(same.subquery())]
    if by_name:
        alike = WITH_WORDS[dialect].limit(ALIKE).subquery()
        parts.append(select(*_facts(alike)).where(*_in_question(alike)))
    return union_all(*parts)


def _facts(of: FromClause) -> Iterator[ColumnElement[Any]]:
    story = func.substr(of.c.summary, 1, COMPARED)
    yield from (of.c.id, of.c.customer_key, story, of.c.ticket_link)


def _in_question(of: FromClause) -> Iterator[ColumnElement[bool]]:
    """The team's cases that run or ended lately, but not what this person opened just now."""
    yield of.c.team_id == bindparam("team")
    yield or_(of.c.status.not_in(OVER), of.c.over_at >= bindparam("since"))
    yield of.c.status != Status.MERGED  # what it went into is looked at itself
    yield or_(of.c.reporter != bindparam("by"), of.c.opened_at < bindparam("soon"))
