"""How a case passes from one owner to the next: it is offered, and the other one takes it."""

from datetime import datetime

from bot.case.event import Event, EventKind
from bot.case.permissions import Step, can_have
from bot.case.record import CaseRecord
from bot.errors import CannotHaveIt, HasItAlready, NotClaimed, NotOffered
from bot.people import Person


class HandingOff(CaseRecord):
    """Until the other one has accepted, the owner answers for the case."""

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
        self._record(EventKind.HANDING_OFF, at=at, by=by, whom=to.user, note=word)

    def accept(self, *, by: Person, at: datetime) -> None:
        """Take over a case that was offered; once one has it, this is harmless."""
        if self.owner == by.user:
            return
        self._offer_to(by)
        self._permit(Step.CLAIM, by)
        former, self.owner = self.owner, by.user
        self._record(EventKind.HANDED_OFF, at=at, by=by, whom=former)

    def turn_down(self, *, by: Person, at: datetime) -> None:
        """Leave a case that was offered with its owner."""
        offer = self._offer_to(by)
        self._record(EventKind.HAND_OFF_DECLINED, at=at, by=by, whom=offer.by)

    def _offer_to(self, person: Person) -> Event:
        offer = self.offer_in_force
        if offer is None or offer.whom != person.user:
            raise NotOffered(self.id, self.owner)
        return offer
