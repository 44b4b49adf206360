"""Who has a case: claim, assign, hand off, release."""

from datetime import datetime

from bot.case.event import Event, EventKind
from bot.case.facts import Status
from bot.case.inactivity import InactivityStep
from bot.case.permissions import Step, can_have
from bot.case.recorder import CaseRecorder
from bot.errors import (
    AlreadyClaimed,
    CannotHaveIt,
    HasItAlready,
    InQueueAlready,
    NotClaimed,
    NotOffered,
)
from bot.people import Person, UserId

LEFT = "Whoever had it has left."


class Ownership(CaseRecorder):
    def claim(self, *, by: Person, at: datetime) -> None:
        """Take the case. Its owner answers for it from now on; to claim one's own is harmless.

        One that was assigned and that nobody has claimed is still anybody's to take.
        """
        self._permit(Step.CLAIM, by)
        self._not_over()
        if self.owner is not None and self.status is not Status.OPEN:
            if self.owner == by.user:
                return
            raise AlreadyClaimed(self.id, self.owner)
        self.status, self.owner = Status.CLAIMED, by.user
        self._record(EventKind.CLAIMED, at=at, by=by)

    def assign(self, to: UserId, *, at: datetime) -> None:
        """Hand it over without asking. That is no claim: its clock runs until a person claims."""
        if to != self.owner:
            former, self.owner = self.owner, to
            self._record(EventKind.ASSIGNED, at=at, other_person=former)

    def may_release(self, person: Person) -> None:
        """Raises what ``release`` would."""
        self._not_over()
        self._permit(Step.RELEASE, person)
        if self.owner is None:
            raise InQueueAlready(self.id)

    def release(self, why: str, *, by: Person, at: datetime) -> None:
        """Put it back in the queue: somebody else has to claim it, and that clock starts anew."""
        self.may_release(by)
        self._put_back(at=at, by=by, note=why, other_person=self.owner)

    def outlive_owner(self, to: Person | None, *, at: datetime) -> None:
        """Its owner has left: whoever is named has it now, or it goes back in the queue.

        Raises:
            CannotHaveIt: who is named may not claim it.
        """
        if to is not None and not can_have(to, self.team, self):
            raise CannotHaveIt(self.team.name)
        self._record(EventKind.OWNER_LEFT, at=at, other_person=self.owner)
        if to is None:
            self._put_back(at=at, note=LEFT)  # whoever has left need not hear of it
        else:
            former, self.owner = self.owner, to.user
            self._record(EventKind.ASSIGNED, at=at, other_person=former, note=LEFT)

    def may_hand_off(self, person: Person) -> None:
        """Raises what ``hand_off`` would."""
        self._not_over()
        self._permit(Step.HAND_OFF, person)
        if self.owner is None:
            raise NotClaimed(self.id)

    def hand_off(self, to: Person, word: str, *, by: Person, at: datetime) -> None:
        """Ask somebody to take it over. Another offer takes the place of the one before it."""
        self.may_hand_off(by)
        if to.user == self.owner:
            raise HasItAlready(self.id)
        if not can_have(to, self.team, self):
            raise CannotHaveIt(self.team.name)
        self._record(EventKind.HANDING_OFF, at=at, by=by, other_person=to.user, note=word)

    def accept(self, *, by: Person, at: datetime) -> None:
        """Take over a case that was offered; once one has it, this is harmless."""
        if self.owner == by.user:
            return
        self._handoff_to(by)
        self._permit(Step.CLAIM, by)
        former, self.owner = self.owner, by.user
        self._record(EventKind.HANDED_OFF, at=at, by=by, other_person=former)

    def turn_down(self, *, by: Person, at: datetime) -> None:
        """Leave a case that was offered with its owner."""
        offer = self._handoff_to(by)
        self._record(EventKind.HAND_OFF_DECLINED, at=at, by=by, other_person=offer.by)

    def _handoff_to(self, person: Person) -> Event:
        offer = self.pending_handoff
        if offer is None or offer.other_person != person.user:
            raise NotOffered(self.id, self.owner)
        return offer

    def _go_stale(self, stale: InactivityStep, *, at: datetime) -> None:
        """Ask its owner whether they are still on it; if they were asked, put it back."""
        if stale.kind is EventKind.OWNER_REMINDED:
            self._record(EventKind.OWNER_REMINDED, at=at)
        else:
            self._put_back(at=at, other_person=self.owner)

    def _put_back(
        self,
        *,
        at: datetime,
        by: Person | None = None,
        note: str = "",
        other_person: UserId | None = None,
    ) -> None:
        if self.status is Status.WAITING:  # nobody waits for anything any more
            self.status = Status.CLAIMED
            self._record(EventKind.RESUMED, at=at, by=by)
        self.status, self.owner = Status.OPEN, None
        self._record(EventKind.RELEASED, at=at, by=by, note=note, other_person=other_person)
