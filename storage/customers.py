"""Finding customers, by any spelling of their name."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.customers import Customer, key_of
from bot.people import WorkspaceId
from storage.tables import customers

OURS = select(Customer).where(customers.c.workspace == bindparam("ours"))
ONE = OURS.where(customers.c.key == bindparam("one"))


class Customers:
    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self._session, self._workspace = session, workspace

    def named(self, name: str) -> Customer | None:
        """The customer of this name, however it is spelt."""
        return self._session.scalar(ONE, {"ours": self._workspace, "one": key_of(name)})
