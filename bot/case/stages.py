"""The five steps of a good escalation: which are done, what is next, and what was left out."""

from collections.abc import Sequence
from datetime import datetime

from bot.case.event import Event, EventKind
from bot.case.facts import Offer, Stage
from bot.case.permissions import Step, is_granted
from bot.case.record import CaseRecord
from bot.errors import NothingToApprove
from bot.people import Person

DONE_BY = {
    EventKind.REVIEWED: Stage.HISTORY,
    EventKind.CONTACTED: Stage.CONTACT,
    EventKind.FACTS_FOUND: Stage.FACTS,
    EventKind.OFFERED: Stage.OFFER,
    EventKind.GOODWILL_APPROVED: Stage.OFFER,
}
MOVES_GOODWILL = (
    EventKind.OFFERED,
    EventKind.GOODWILL_ASKED,
    EventKind.GOODWILL_APPROVED,
    EventKind.GOODWILL_DECLINED,
)
ASKED_AT_THE_END = (Stage.HISTORY, Stage.CONTACT, Stage.OFFER)
"""The root cause and the outcome are written in any case."""


class Stages(CaseRecord):
    @property
    def done(self) -> set[Stage]:
        return {DONE_BY[event.kind] for event in self.history if event.kind in DONE_BY}

    @property
    def left_out(self) -> set[Stage]:
        skipped = {stage for event in self.history for stage in event.stages}
        return skipped - self.done

    @property
    def next_stage(self) -> Stage:
        settled = self.done | self.left_out
        return next((stage for stage in Stage if stage not in settled), Stage.END)

    @property
    def missing(self) -> list[Stage]:
        """What nobody has done, or left out for a reason, and a resolution does not tell."""
        settled = self.done | self.left_out
        return [stage for stage in ASKED_AT_THE_END if stage not in settled]

    @property
    def goodwill_asked(self) -> Event | None:
        """The offer that a lead has yet to approve, if there is one."""
        moves = (event for event in reversed(self.history) if event.kind in MOVES_GOODWILL)
        latest = next(moves, None)
        return latest if latest and latest.kind is EventKind.GOODWILL_ASKED else None

    def review(self, *, by: Person, at: datetime) -> None:
        """Say that one knows the story. Once is enough."""
        self.may(Step.UPDATE, by)
        if Stage.HISTORY not in self.done:
            self._record(EventKind.REVIEWED, at=at, by=by)

    def find_facts(self, facts: str, root_cause: str, *, by: Person, at: datetime) -> None:
        self.may(Step.UPDATE, by)
        self.root_cause = root_cause or self.root_cause
        self._record(EventKind.FACTS_FOUND, at=at, by=by, note=facts)

    def offer(self, offer: Offer, *, by: Person, at: datetime) -> None:
        """Offer a resolution; above the limit of goodwill a lead has to approve it."""
        self.may(Step.UPDATE, by)
        limit = self.team.document.goodwill.limit
        within = offer.goodwill <= limit or is_granted(Step.APPROVE, by, self.team, self)
        kind = EventKind.OFFERED if within else EventKind.GOODWILL_ASKED
        said = {"answer": offer.answer, "note": offer.words, "goodwill": offer.goodwill}
        self._record(kind, at=at, by=by, **said)

    def approve(self, *, by: Person, at: datetime) -> None:
        """Let an offer go above the limit."""
        asked = self._asked_of(by)
        said = {"answer": asked.answer, "goodwill": asked.goodwill}
        self._record(EventKind.GOODWILL_APPROVED, at=at, by=by, whom=asked.by, **said)

    def may_decline_goodwill(self, person: Person) -> None:
        """Raises what ``decline_goodwill`` would."""
        self._asked_of(person)

    def decline_goodwill(self, instead: str, *, by: Person, at: datetime) -> None:
        """Let it not: the offer is to be made anew."""
        asked = self._asked_of(by)
        said = {"note": instead, "goodwill": asked.goodwill, "whom": asked.by}
        self._record(EventKind.GOODWILL_DECLINED, at=at, by=by, **said)

    def _asked_of(self, person: Person) -> Event:
        self.may(Step.APPROVE, person)
        if (asked := self.goodwill_asked) is None:
            raise NothingToApprove(self.id)
        return asked

    def skip(self, stages: Sequence[Stage], why: str, *, by: Person, at: datetime) -> None:
        """Leave steps out, for a reason."""
        self.may(Step.UPDATE, by)
        if left := tuple(stage for stage in stages if stage not in self.done | self.left_out):
            self._record(EventKind.SKIPPED, at=at, by=by, stages=left, note=why)
