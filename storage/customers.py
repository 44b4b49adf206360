"""Finding customers, by any spelling of their name, and keeping what a list says of them."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Executable, Row, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.case import OVER, Case
from bot.customers.customer import Customer, key_of
from bot.customers.history import REMEMBERED, CustomerHistory, PastCase
from bot.people import CaseId, WorkspaceId
from storage.tables import cases, customers

FACTS = [column for column in customers.c if column.name != "workspace"]
OURS = select(*FACTS).where(customers.c.workspace == bindparam("ours"))
ONE = OURS.where(customers.c.key == bindparam("one"))
NEXT = (
    OURS.where(customers.c.key > bindparam("after"))
    .order_by(customers.c.key)
    .limit(bindparam("most"))
)

OTHERS = (
    select(cases.c.id, cases.c.opened_at, cases.c.status, cases.c.outcome)
    .where(cases.c.workspace == bindparam("ours"), cases.c.customer_key == bindparam("key"))
    .where(cases.c.team_id == bindparam("team"), cases.c.id != bindparam("but"))
    .where(~cases.c.restricted)
    .order_by(cases.c.id.desc())
    .limit(REMEMBERED)
)


def _keep(insert: Any) -> Executable:
    news = {column.name: insert.excluded[column.name] for column in FACTS}
    kept: Executable = insert.on_conflict_do_update(index_elements=["workspace", "key"], set_=news)
    return kept


KEEP = {
    "postgresql": _keep(postgresql.insert(customers)),
    "sqlite": _keep(sqlite.insert(customers)),
}


class Customers:
    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self._session, self._workspace = session, workspace

    def named(self, name: str) -> Customer | None:
        """The customer of this name, however it is spelt."""
        asked = {"ours": self._workspace, "one": key_of(name)}
        found = self._session.connection().execute(ONE, asked).first()
        return _customer(found) if found is not None else None

    def customer_history(self, case: Case) -> CustomerHistory:
        """The customer of a case, and their other cases with its team that everyone may read."""
        asked = {"ours": self._workspace, "key": case.customer_key}
        told = {"team": case.team.id, "but": case.id}
        others = tuple(
            PastCase(CaseId(id_), opened_at, status in OVER, outcome)
            for id_, opened_at, status, outcome in self._session.execute(OTHERS, asked | told)
        )
        return CustomerHistory(self.named(case.customer), others)

    def known(self, keys: Collection[str]) -> dict[str, Customer]:
        """Those of them that there are, by their keys: some hundreds at a time."""
        query = OURS.where(customers.c.key.in_(keys))
        found = self._session.execute(query, {"ours": self._workspace})
        return {row.key: _customer(row) for row in found}

    def after(self, key: str, *, most: int) -> list[Customer]:
        """The next of them by their keys, some at a time."""
        asked = {"ours": self._workspace, "after": key, "most": most}
        return [_customer(row) for row in self._session.execute(NEXT, asked)]

    def keep(self, news: Sequence[Customer]) -> None:
        """Put these in the place of those that have their keys, if there are any."""
        connection = self._session.connection()
        rows = [{"workspace": self._workspace, **vars(customer)} for customer in news]
        connection.execute(KEEP[connection.dialect.name], rows)


def _customer(row: Row[Any]) -> Customer:
    return Customer(**row._mapping)
