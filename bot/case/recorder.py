"""The one way to change a case: check the permission, then record an event."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.case.clocks import read_clocks, update_clocks
from bot.case.event import Event, EventKind
from bot.case.facts import Status
from bot.case.permissions import Step, permit
from bot.case.recipients import notifications_for
from bot.case.state import ENDS, CaseState
from bot.errors import AlreadyDeclined, AlreadyMerged, AlreadyResolved
from bot.people import Person
from bot.sla import Reading


class CaseRecorder(CaseState):
    """Appends events to the history of a case, and updates clocks, notifications and cards."""

    def may(self, step: Step, person: Person) -> None:
        """Check that the case is open and the person may take the step.

        Raises:
            WrongState: the case is over.
            NotAllowed: the person may not take the step.
        """
        self._require_open()
        self._permit(step, person)

    def _permit(self, step: Step, person: Person) -> None:
        permit(step, person, self.team, self)

    def _require_open(self) -> None:
        if self.status is Status.RESOLVED:
            raise AlreadyResolved(self.id)
        if self.status is Status.DECLINED:
            raise AlreadyDeclined(self.id)
        self._require_unmerged()

    def _require_unmerged(self) -> None:
        if self.merged_into is not None:
            raise AlreadyMerged(self.id, self.merged_into)

    def _record(
        self, kind: EventKind, *, at: datetime, by: Person | None = None, **facts: Any
    ) -> None:
        """Append an event, queue its notifications and update clocks and cards."""
        event = self._write(kind, at=at, by=by, **facts)
        self._notify(event, read_clocks(self, at=at))

    def _write(
        self, kind: EventKind, *, at: datetime, by: Person | None = None, **facts: Any
    ) -> Event:
        user = by.user if by is not None else None
        event = Event(len(self.history) + 1, kind, at, user, **facts)
        self.history.append(event)
        return event

    def _notify(self, event: Event, readings: Sequence[Reading]) -> None:
        """Update the clocks, then queue the notifications and the edits of cards."""
        update_clocks(self, readings, at=event.at)
        event.notifications = notifications_for(self, event)
        if event.kind is not EventKind.OPENED:
            self.card.request_update(at=event.at, background=event.by is None)
        for task in self.tasks:
            if task.event == event.task or event.kind in ENDS | {EventKind.REOPENED}:
                task.card.request_update(at=event.at, background=event.by is None)
