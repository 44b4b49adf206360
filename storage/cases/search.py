"""Finding cases by their words: SQLite's full-text tables, and PostgreSQL's own."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import (
    CTE,
    Float,
    Integer,
    column,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from bot.customers.customer import LEGAL_FORMS, key_of
from bot.lookup.duplicates import DuplicateCandidate
from bot.lookup.search import MOST_WORDS, WHOLE, Wanted, words_in
from bot.people import CaseId, TeamId, UserId, WorkspaceId
from storage.cases.duplicate_candidates import duplicate_candidates
from storage.tables import cases

LOOKED_AT = 5_000
"""Of more matches than these the newest count, so that no word takes for ever."""

HITS = {
    "sqlite": """
        SELECT case_numbers."case" AS id, bm25(case_words, 8.0, 1.0) AS rank
        FROM case_words JOIN case_numbers ON case_numbers.number = case_words.rowid
        WHERE case_words MATCH :words AND case_numbers.workspace = :ours
        ORDER BY case_words.rowid DESC LIMIT :most""",
    "postgresql": """
        SELECT id, -ts_rank(words, to_tsquery('simple', :words)) AS rank
        FROM (
            SELECT id, words FROM cases
            WHERE workspace = :ours AND words @@ to_tsquery('simple', :words)
            ORDER BY id DESC LIMIT :most
        ) AS newest""",
}


class Search:
    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self._session, self._workspace = session, workspace

    def find(
        self, wanted: Wanted, *, teams: Collection[TeamId], or_of: UserId, limit: int
    ) -> list[CaseId]:
        """Among the cases of these teams and those that concern this person, what fits best."""
        seen = or_(cases.c.team_id.in_(teams), cases.c.reporter == or_of, cases.c.owner == or_of)
        conditions = [seen, *_conditions(wanted)]
        asked = _asked(wanted.words, wanted.customer, self._dialect)
        return self._best(asked, conditions, limit, few=not teams or wanted.owner is not None)

    def duplicate_candidates(
        self, customer: str, team: TeamId, *, since: datetime, by: UserId, soon: datetime
    ) -> list[DuplicateCandidate]:
        """The team's newest cases of a customer called something like this, that run or have
        ended ``since`` then; but not what this person has opened since ``soon``.
        """
        named = [word for word in words_in(customer) if word.casefold() not in LEGAL_FORMS]
        names = _any(named[:MOST_WORDS], self._dialect)
        asked = {
            **{"ours": self._workspace, "team": team, "since": since, "by": by, "soon": soon},
            **{"key": key_of(customer), "words": names},
        }
        found = self._session.execute(
            duplicate_candidates(self._dialect, by_name=bool(names)), asked
        )
        return [DuplicateCandidate(CaseId(id_), *told) for id_, *told in found]

    def _best(
        self,
        asked: str,
        conditions: Sequence[ColumnElement[bool]],
        limit: int,
        *,
        few: bool = False,
    ) -> list[CaseId]:
        """``few``: the conditions leave so few that an index of theirs serves better than the
        order of the cases does. A sum hides that order from the planner.
        """
        query = select(cases.c.id).where(cases.c.workspace == self._workspace, *conditions)
        if asked:
            found = _hits(self._dialect)
            query = query.join(found, found.c.id == cases.c.id).order_by(found.c.rank)
        newest = cases.c.id + 0 if few else cases.c.id
        query = query.order_by(newest.desc()).limit(limit)
        known = {"words": asked, "ours": self._workspace, "most": LOOKED_AT} if asked else {}
        return [CaseId(id_) for id_ in self._session.scalars(query, known)]

    @property
    def _dialect(self) -> str:
        return self._session.get_bind().dialect.name


def _hits(dialect: str) -> CTE:
    found = text(HITS[dialect]).columns(column("id", Integer), column("rank", Float))
    return found.cte("hits")


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.owner is not None:
        yield cases.c.owner == wanted.owner
    if wanted.states is not None:
        yield cases.c.status.in_(wanted.states)
    if wanted.since is not None:
        yield cases.c.opened_at >= wanted.since
    if wanted.before is not None:
        yield cases.c.opened_at < wanted.before


def _asked(words: Sequence[str], customer: Sequence[str], dialect: str) -> str:
    """All of these, in the database's own words: each is letters and digits alone."""
    if dialect == "sqlite":
        whole = [f'"{it}"{"*" if len(it) >= WHOLE else ""}' for it in words]
        of_name = [f'customer : "{it}"{"*" if len(it) >= WHOLE else ""}' for it in customer]
        return " AND ".join([*whole, *of_name])
    whole = [f"'{it}'{':*' if len(it) >= WHOLE else ''}" for it in words]
    of_name = [f"'{it}':{'*' if len(it) >= WHOLE else ''}A" for it in customer]
    return " & ".join([*whole, *of_name])


def _any(words: Sequence[str], dialect: str) -> str:
    """Any of these in a customer's name. The shortest say too little to look for."""
    telling = [word for word in words if len(word) >= WHOLE]
    if dialect == "sqlite":
        return " OR ".join(f'customer : "{it}"*' for it in telling)
    return " | ".join(f"'{it}':*A" for it in telling)
