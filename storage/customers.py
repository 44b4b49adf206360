"""Customers: found by any spelling of their name, updated from imported lists."""

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
from storage.types import readable

FACTS = [column for column in customers.c if column.name != "workspace"]
IN_WORKSPACE = select(*FACTS).where(customers.c.workspace == bindparam("workspace_id"))
ONE = IN_WORKSPACE.where(customers.c.key == bindparam("key"))
NEXT = (
    IN_WORKSPACE.where(customers.c.key > bindparam("after"))
    .order_by(customers.c.key)
    .limit(bindparam("most"))
)

OTHERS = (
    select(cases.c.id, cases.c.opened_at, cases.c.status, cases.c.outcome)
    .where(cases.c.workspace == bindparam("workspace_id"), cases.c.customer_key == bindparam("key"))
    .where(cases.c.team_id == bindparam("team"), cases.c.id != bindparam("but"))
    .where(~cases.c.restricted, readable(cases.c.status))
    .order_by(cases.c.id.desc())
    .limit(REMEMBERED)
)


def _keep(insert: Any) -> Executable:
    facts = {column.name: insert.excluded[column.name] for column in FACTS}
    upsert: Executable = insert.on_conflict_do_update(
        index_elements=["workspace", "key"], set_=facts
    )
    return upsert


KEEP = {
    "postgresql": _keep(postgresql.insert(customers)),
    "sqlite": _keep(sqlite.insert(customers)),
}


class Customers:
    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self._session, self._workspace = session, workspace

    def named(self, name: str) -> Customer | None:
        """Return the customer with this name in any spelling, or None."""
        params = {"workspace_id": self._workspace, "key": key_of(name)}
        found = self._session.connection().execute(ONE, params).first()
        return _customer(found) if found is not None else None

    def customer_history(self, case: Case) -> CustomerHistory:
        """Return the customer of a case and their other unrestricted cases with its team."""
        params = {
            **{"workspace_id": self._workspace, "key": case.customer_key},
            **{"team": case.team.id, "but": case.id},
        }
        others = tuple(
            PastCase(CaseId(id_), opened_at, status in OVER, outcome)
            for id_, opened_at, status, outcome in self._session.execute(OTHERS, params)
        )
        return CustomerHistory(self.named(case.customer), others)

    def known(self, keys: Collection[str]) -> dict[str, Customer]:
        """Return the existing customers by key. Pass a few hundred keys at most."""
        query = IN_WORKSPACE.where(customers.c.key.in_(keys))
        found = self._session.execute(query, {"workspace_id": self._workspace})
        return {row.key: _customer(row) for row in found}

    def after(self, key: str, *, most: int) -> list[Customer]:
        """Return the next page of customers after ``key``, in key order, up to ``most``."""
        params = {"workspace_id": self._workspace, "after": key, "most": most}
        return [_customer(row) for row in self._session.execute(NEXT, params)]

    def keep(self, updated: Sequence[Customer]) -> None:
        """Insert these customers, or replace those with the same keys."""
        connection = self._session.connection()
        rows = [{"workspace": self._workspace, **vars(customer)} for customer in updated]
        connection.execute(KEEP[connection.dialect.name], rows)


def _customer(row: Row[Any]) -> Customer:
    return Customer(**row._mapping)
