"""A case and its lifecycle."""

from collections.abc import Sequence
from datetime import datetime

from bot.case.clocks import lapsed_handoff, read_clocks, update_clocks, waits_too_long
from bot.case.closing import Closing
from bot.case.due.crossing import crossed
from bot.case.due.inactivity import next_inactivity_step
from bot.case.due.wrong_clock import declared_overdue, stamped_ahead
from bot.case.event import Event, EventKind
from bot.case.facts import NewCase
from bot.case.level_recipients import assignee_of
from bot.case.ownership import Ownership
from bot.case.permissions import Step, permit
from bot.case.progress import Progress
from bot.customers.customer import Customer, key_of
from bot.delivery import Delivery
from bot.people import CaseId, ChannelId, Person, Standing
from bot.sla import ClockState, Metric
from bot.team.team import Team


class Case(Ownership, Progress, Closing):
    """One escalated customer problem: one row, one card and one thread."""

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
        """Open a case for ``by`` and queue its card and first notifications.

        ``customer`` is the known customer with the name in the case, if there is one. ``after`` is
        the closed case that this one follows; if that is restricted, so is this.

        Raises:
            NotAllowed: the person may not escalate to this team, or may not reopen ``after``.
            WrongState: ``after`` cannot be followed up.
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
            after.continue_in(id_, by=by, at=at)
        return case

    def may_be_seen(self, *, by: Person, where: ChannelId | None) -> None:
        """Check that a person may see the case in a channel.

        Every member sees the card in the team's channel. Anywhere else, and for a restricted case
        everywhere, it takes a role that grants it.

        Raises:
            NotAllowed: this person may not see it there.
        """
        if self.restricted or where != self.card.channel or by.standing is not Standing.MEMBER:
            self._permit(Step.SEE, by)

    def tick(self, *, at: datetime) -> None:
        """Record the most severe change that time alone has caused since the last check.

        If more is due, the next check is scheduled at once. Without a change, nothing is recorded.
        """
        if ahead := stamped_ahead(self.history, at=at):
            self._correct_times(ahead, at=at)
            return
        readings = read_clocks(self, at=at)
        update = update_clocks(self, readings, at=at)
        if update.changed:
            self.card.request_update(at=at, background=True)
        if crossing := crossed(update.watched, at=at):
            event = self._write(crossing.kind, at=at, clocks=crossing.clocks, steps=crossing.steps)
            self._notify(event, readings)  # still valid: a crossing moves no clock
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
        elif (step := next_inactivity_step(self)) is not None and at >= step.at:
            self._take_inactivity_step(step, at=at)

    def _correct_times(self, ahead: Sequence[Event], *, at: datetime) -> None:
        """Record that the clock was ahead. From now on the events ``ahead`` count as of now.

        Breaches among them are void. A clock that is overdue all the same is declared so again.
        """
        self.opened_at = min(self.opened_at, at)
        self.over_at = min(self.over_at, at) if self.over_at else None
        event = self._write(EventKind.CLOCK_CORRECTED, at=at)
        readings, void = read_clocks(self, at=at), declared_overdue(ahead)
        overdue = {it.clock for it in readings if it.state is ClockState.BREACHING}
        event.clocks = tuple(metric for metric in Metric if metric in void - overdue)
        for clock in self.clocks:
            if clock.metric in void & overdue:
                clock.notified_state = None
        self._notify(event, readings)
