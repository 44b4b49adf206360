"""Correcting what a case says: nothing that anybody wrote is lost, not even to two at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.case.event import YES, Change, Event, EventKind, Fact
from bot.case.facts import Mood, Source
from bot.case.permissions import Step
from bot.case.record import CaseRecord
from bot.customers.customer import key_of
from bot.people import Person


@dataclass(frozen=True, kw_only=True)
class Edit:
    """What somebody would have a case say.

    ``base`` is the number of the last event when they were shown what it said, ``told`` when
    they were last told what others had changed since.
    """

    facts: Mapping[Fact, str]
    base: int
    told: int


class Editing(CaseRecord):
    def facts(self, *, after: int | None = None) -> dict[Fact, str]:
        """What the case says; or what it said after the event of that number."""
        facts = {fact: _text(getattr(self, fact)) for fact in Fact}
        later = self.history[after:] if after is not None else []
        for event in reversed(later):
            facts |= {change.fact: change.before for change in event.changes}
        return facts

    def wanted_by(self, edit: Edit) -> list[Change]:
        """What an edit would change: what its author left as it was shown is not theirs."""
        shown, now = self.facts(after=edit.base), self.facts()
        mine = {fact: text for fact, text in edit.facts.items() if text != shown[fact]}
        return [Change(it, now[it], text) for it, text in mine.items() if text != now[it]]

    def edited_since(self, number: int) -> list[Event]:
        return [event for event in self.history[number:] if event.kind is EventKind.EDITED]

    def edit(self, edit: Edit, *, by: Person, at: datetime) -> None:
        """Say something else. To say the same once more is harmless."""
        self.may(Step.COMMENT, by)
        if changes := self.wanted_by(edit):
            for change in changes:
                setattr(self, change.fact, READ.get(change.fact, str)(change.after))
            self.customer_key = key_of(self.customer)
            self._record(EventKind.EDITED, at=at, by=by, changes=tuple(changes))


READ: Mapping[Fact, Callable[[str], Any]] = {
    Fact.SOURCE: lambda text: Source(text) if text else None,
    Fact.MOOD: lambda text: Mood(text) if text else None,
    Fact.PUBLIC_COMPLAINT: bool,
    Fact.CHURN_RISK: bool,
    Fact.RESTRICTED: bool,
}


def _text(value: str | bool | None) -> str:
    if isinstance(value, bool):
        return YES if value else ""
    return str(value or "")
