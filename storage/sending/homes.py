"""Home tabs stay current: they change with the owner and the status of a case."""

from collections.abc import Iterable, Iterator

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from bot.case import Case
from bot.delivery import Delivery, home_key
from bot.people import UserId
from storage.tables import deliveries


def update_homes(session: Session, things: Iterable[object]) -> None:
    """Queue an edit of the Home tab of each owner, former and new, of a changed case.

    People who never opened their Home tab have none to edit.
    """
    changed = [thing for thing in things if isinstance(thing, Case) and thing.history]
    keys = {home_key(owner) for case in changed for owner in _affected_owners(case)}
    if not keys:
        return
    query = select(Delivery).where(
        deliveries.c.workspace == session.info["workspace"], deliveries.c.key.in_(sorted(keys))
    )
    at = max(case.history[-1].at for case in changed)
    for home in session.scalars(query.order_by(deliveries.c.key).with_for_update()):
        home.request_update(at=at)


def _affected_owners(case: Case) -> Iterator[UserId]:
    columns = inspect(case).attrs
    owner = columns.owner.history
    if owner.has_changes() or columns.status.history.has_changes():
        yield from (user for user in owner.sum() if user is not None)
