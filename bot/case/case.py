"""A case and its lifecycle."""

from datetime import datetime

from bot.case.clocks import follow_clocks, lapsed_handoff, read_clocks, waits_too_long
from bot.case.closing import Closing
from bot.case.crossing import crossed
from bot.case.event import EventKind
from bot.case.facts import NewCase
from bot.case.inactivity import next_inactivity_step
from bot.case.ownership import Ownership
from bot.case.permissions import Step, permit
from bot.case.progress import Progress
from bot.case.recipients import assignee_of
from bot.customers.customer import Customer, key_of
from bot.delivery import Delivery
from bot.people import CaseId, ChannelId, Person, Standing
from bot.team.team import Team


class Case(Ownership, Progress, Closing):
    """One customer problem under escalation: one row, one card, one thread."""

    @classmethod
    def open(
        cls,
        wanted: NewCase,
        team: Team,
        *,
        id_: CaseId,
        by: Person,
        at: datetime,
        customer: Customer | None = None,
        after: "Case | None" = None,
    ) -> "Case":
        """``customer`` is whom the case names, if we know them; ``after`` is the case that it
        follows, and as that is restricted, so is this.
        """
        permit(Step.ESCALATE, by, team)
        case = cls(
            **vars(wanted),
            id=id_,
            team=team,
            team_revision=team.revision,
            opened_priority=wanted.priority,
            customer_key=key_of(wanted.customer),
            opened_tier=customer.tier if customer else "",
            reporter=by.user,
            restricted=after is not None and after.restricted,
            opened_at=at,
            card=Delivery.of_card(id_, team.channel, at=at),
        )
        case._record(EventKind.OPENED, at=at, by=by)
        if after is not None:
            after.go_on_in(id_, by=by, at=at)
        return case

    def may_be_seen(self, *, by: Person, where: ChannelId | None) -> None:
        """In its own channel everyone sees the card; elsewhere not everyone may ask for it,
        and nowhere for one that is restricted.

        Raises:
            NotAllowed: it is not this person's to see.
        """
        if self.restricted or where != self.card.channel or by.standing is not Standing.MEMBER:
            self._permit(Step.SEE, by)

    def tick(self, *, at: datetime) -> None:
        """Let time pass: record what has been crossed, the most severe of it. Else harmless."""
        readings = read_clocks(self, at=at)
        followed = follow_clocks(self, readings, at=at)
        if followed.changed:
            self.card.request_update(at=at, background=True)
        if told := crossed(followed.watched, at=at):
            event = self._write(told.kind, at=at, clocks=told.clocks, steps=told.steps)
            self._notify(event, readings)  # it moves no clock
            if (assignee := assignee_of(self, event)) is not None:
                self.assign(assignee, at=at)
        elif waits_too_long(self, at=at):
            self._record(EventKind.OVERDUE, at=at)
        elif offer := lapsed_handoff(self, at=at):
            self._record(EventKind.HAND_OFF_LAPSED, at=at, other_person=offer.other_person)
        elif late := self.unanswered(at=at):
            late.reminded_at = at
            self._record(EventKind.UNANSWERED, at=at, task=late.event)
        elif (remind_at := self.prevention_due) and remind_at <= at:
            self._record(EventKind.PREVENTION_DUE, at=at, other_person=self.prevention_owner)
        elif (stale := next_inactivity_step(self)) is not None and at >= stale.at:
            self._go_stale(stale, at=at)
