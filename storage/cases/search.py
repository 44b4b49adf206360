"""Full-text search for cases, with SQLite's FTS5 and PostgreSQL's tsvector."""

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
from bot.lookup.search import MOST_WORDS, WHOLE, CaseQuery, words_in
from bot.people import CaseId, TeamId, UserId, WorkspaceId
from storage.cases.duplicate_candidates import duplicate_candidates
from storage.tables import cases

MOST_HITS = 5_000
"""Only the newest matches are ranked, so that a common word does not take forever."""

HITS = {
    "sqlite": """
        SELECT case_numbers."case" AS id, bm25(case_words, 8.0, 1.0) AS rank
        FROM case_words JOIN case_numbers ON case_numbers.number = case_words.rowid
        WHERE case_words MATCH :words AND case_numbers.workspace = :workspace_id
        ORDER BY case_words.rowid DESC LIMIT :most""",
    "postgresql": """
        SELECT id, -ts_rank(words, to_tsquery('simple', :words)) AS rank
        FROM (
            SELECT id, words FROM cases
            WHERE workspace = :workspace_id AND words @@ to_tsquery('simple', :words)
            ORDER BY id DESC LIMIT :most
        ) AS newest""",
}


class Search:
    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self._session, self._workspace = session, workspace

    def find(
        self, wanted: CaseQuery, *, teams: Collection[TeamId], or_of: UserId, limit: int
    ) -> list[CaseId]:
        """Return the best matches in ``teams``, or reported or owned by ``or_of``, best first."""
        seen = or_(cases.c.team_id.in_(teams), cases.c.reporter == or_of, cases.c.owner == or_of)
        conditions = [seen, *_conditions(wanted)]
        words = _all_of(wanted.words, wanted.customer, self._dialect)
        return self._best(words, conditions, limit, few=not teams or wanted.owner is not None)

    def duplicate_candidates(
        self, customer: str, team: TeamId, *, since: datetime, by: UserId, opened_before: datetime
    ) -> list[DuplicateCandidate]:
        """Return the team's newest cases of customers with this or a similar name.

        Includes open cases and those that ended at or after ``since``; leaves out what ``by``
        opened at or after ``opened_before``.
        """
        named = [word for word in words_in(customer) if word.casefold() not in LEGAL_FORMS]
        names = _any_of(named[:MOST_WORDS], self._dialect)
        params = {
            **{"workspace_id": self._workspace, "team": team, "since": since},
            **{"by": by, "opened_before": opened_before, "key": key_of(customer), "words": names},
        }
        found = self._session.execute(
            duplicate_candidates(self._dialect, by_name=bool(names)), params
        )
        return [DuplicateCandidate(CaseId(id_), *facts) for id_, *facts in found]

    def _best(
        self,
        words: str,
        conditions: Sequence[ColumnElement[bool]],
        limit: int,
        *,
        few: bool = False,
    ) -> list[CaseId]:
        """Return the ids of matching cases, by rank if there are ``words``, then the newest first.

        ``few`` says that the conditions match few cases, so their index beats a scan in id order.
        """
        query = select(cases.c.id).where(cases.c.workspace == self._workspace, *conditions)
        if words:
            found = _hits(self._dialect)
            query = query.join(found, found.c.id == cases.c.id).order_by(found.c.rank)
        # "+ 0" hides the order from the planner, which would otherwise scan by primary key.
        newest = cases.c.id + 0 if few else cases.c.id
        query = query.order_by(newest.desc()).limit(limit)
        params = {"words": words, "workspace_id": self._workspace, "most": MOST_HITS}
        return [CaseId(id_) for id_ in self._session.scalars(query, params if words else {})]

    @property
    def _dialect(self) -> str:
        return self._session.get_bind().dialect.name


def _hits(dialect: str) -> CTE:
    found = text(HITS[dialect]).columns(column("id", Integer), column("rank", Float))
    return found.cte("hits")


def _conditions(wanted: CaseQuery) -> Iterator[ColumnElement[bool]]:
    if wanted.owner is not None:
        yield cases.c.owner == wanted.owner
    if wanted.states is not None:
        yield cases.c.status.in_(wanted.states)
    if wanted.since is not None:
        yield cases.c.opened_at >= wanted.since
    if wanted.before is not None:
        yield cases.c.opened_at < wanted.before


def _all_of(words: Sequence[str], customer: Sequence[str], dialect: str) -> str:
    """Return a full-text query that matches all words.

    The words need no escaping: ``words_in`` leaves only letters and digits.
    """
    if dialect == "sqlite":
        whole = [f'"{it}"{"*" if len(it) >= WHOLE else ""}' for it in words]
        of_name = [f'customer : "{it}"{"*" if len(it) >= WHOLE else ""}' for it in customer]
        return " AND ".join([*whole, *of_name])
    whole = [f"'{it}'{':*' if len(it) >= WHOLE else ''}" for it in words]
    of_name = [f"'{it}':{'*' if len(it) >= WHOLE else ''}A" for it in customer]
    return " & ".join([*whole, *of_name])


def _any_of(words: Sequence[str], dialect: str) -> str:
    """Return a full-text query that matches any of the longer words in a customer's name."""
    long_words = [word for word in words if len(word) >= WHOLE]
    if dialect == "sqlite":
        return " OR ".join(f'customer : "{it}"*' for it in long_words)
    return " | ".join(f"'{it}':*A" for it in long_words)
