"""Change the owner of a case: claim, assign, hand off, release."""

from datetime import datetime

from bot.case.due.inactivity import InactivityStep
from bot.case.event import Event, EventKind
from bot.case.facts import Status
from bot.case.permissions import Step, may_own
from bot.case.recorder import CaseRecorder
from bot.errors import (
    AlreadyClaimed,
    AlreadyInQueue,
    AlreadyOwner,
    CannotOwn,
    NotClaimed,
    NotOffered,
)
from bot.messages import N_
from bot.people import Person, UserId

OWNER_LEFT_NOTE = N_("The previous owner has left.")


class Ownership(CaseRecorder):
    """The steps that change who owns an open case."""

    def claim(self, *, by: Person, at: datetime) -> None:
        """Make ``by`` the owner. Claiming one's own case again does nothing.

        An assigned case that its owner has not claimed yet can still be claimed by others.

        Raises:
            AlreadyClaimed: a colleague has claimed it.
        """
        self._permit(Step.CLAIM, by)
        self._require_open()
        if self.owner is not None and self.status is not Status.OPEN:
            if self.owner == by.user:
                return
            raise AlreadyClaimed(self.id, self.owner)
        self.status, self.owner = Status.CLAIMED, by.user
        self._record(EventKind.CLAIMED, at=at, by=by)

    def assign(self, to: UserId, *, at: datetime) -> None:
        """Give the case to an owner without asking. The claim clock runs until they claim it."""
        if to != self.owner:
            former, self.owner = self.owner, to
            self._record(EventKind.ASSIGNED, at=at, other_person=former)

    def may_release(self, person: Person) -> None:
        """Raise what ``release`` would."""
        self._require_open()
        self._permit(Step.RELEASE, person)
        if self.owner is None:
            raise AlreadyInQueue(self.id)

    def release(self, why: str, *, by: Person, at: datetime) -> None:
        """Put the case back in the queue. Its claim clock starts again."""
        self.may_release(by)
        self._return_to_queue(at=at, by=by, note=why, other_person=self.owner)

    def replace_departed_owner(self, to: Person | None, *, at: datetime) -> None:
        """Replace an owner who has left: assign the case to ``to``, or return it to the queue.

        Raises:
            CannotOwn: ``to`` may not claim the case.
        """
        if to is not None and not may_own(to, self.team, self):
            raise CannotOwn(self.team.name)
        self._record(EventKind.OWNER_LEFT, at=at, other_person=self.owner)
        if to is None:
            self._return_to_queue(at=at, note=OWNER_LEFT_NOTE)  # the former owner is not notified
        else:
            former, self.owner = self.owner, to.user
            self._record(EventKind.ASSIGNED, at=at, other_person=former, note=OWNER_LEFT_NOTE)

    def may_hand_off(self, person: Person) -> None:
        """Raise what ``hand_off`` would."""
        self._require_open()
        self._permit(Step.HAND_OFF, person)
        if self.owner is None:
            raise NotClaimed(self.id)

    def hand_off(self, to: Person, note: str, *, by: Person, at: datetime) -> None:
        """Ask a colleague to take over the case. This replaces a pending hand-off, if there is one.

        Raises:
            AlreadyOwner: ``to`` owns the case.
            CannotOwn: ``to`` may not claim the case.
        """
        self.may_hand_off(by)
        if to.user == self.owner:
            raise AlreadyOwner(self.id)
        if not may_own(to, self.team, self):
            raise CannotOwn(self.team.name)
        self._record(EventKind.HANDING_OFF, at=at, by=by, other_person=to.user, note=note)

    def accept(self, *, by: Person, at: datetime) -> None:
        """Accept a pending hand-off. Accepting a case one already owns does nothing.

        Raises:
            NotOffered: no hand-off to this person is pending.
        """
        if self.owner == by.user:
            return
        self._handoff_to(by)
        self._permit(Step.CLAIM, by)
        former, self.owner = self.owner, by.user
        self._record(EventKind.HANDED_OFF, at=at, by=by, other_person=former)

    def decline_handoff(self, *, by: Person, at: datetime) -> None:
        """Decline a pending hand-off: the case stays with its owner.

        Raises:
            NotOffered: no hand-off to this person is pending.
        """
        offer = self._handoff_to(by)
        self._record(EventKind.HAND_OFF_DECLINED, at=at, by=by, other_person=offer.by)

    def _handoff_to(self, person: Person) -> Event:
        offer = self.pending_handoff
        if offer is None or offer.other_person != person.user:
            raise NotOffered(self.id, self.owner)
        return offer

    def _take_inactivity_step(self, step: InactivityStep, *, at: datetime) -> None:
        """Remind the owner, or return the case to the queue if the reminder went unanswered."""
        if step.kind is EventKind.OWNER_REMINDED:
            self._record(EventKind.OWNER_REMINDED, at=at)
        else:
            self._return_to_queue(at=at, other_person=self.owner)

    def _return_to_queue(
        self,
        *,
        at: datetime,
        by: Person | None = None,
        note: str = "",
        other_person: UserId | None = None,
    ) -> None:
        if self.status is Status.WAITING:  # an unclaimed case cannot wait
            self.status = Status.CLAIMED
            self._record(EventKind.RESUMED, at=at, by=by)
        self.status, self.owner = Status.OPEN, None
        self._record(EventKind.RELEASED, at=at, by=by, note=note, other_person=other_person)
