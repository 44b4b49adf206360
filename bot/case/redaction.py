"""A restricted case as everyone else sees it: that it is there, and nothing of what it says."""

from collections.abc import Sequence
from dataclasses import fields, replace

from bot.case.case import Case
from bot.case.event import Event
from bot.case.facts import Fact, FactChange
from bot.case.permissions import may_read
from bot.case.task import Task
from bot.people import Person
from bot.team import Policy

REDACTED = "restricted"
"""What stands in the place of a text."""


class RedactedCase(Case):
    """Only to be shown. What was promised for the case was promised by what is left out."""

    promised: Policy

    @property
    def policy(self) -> Policy:
        return self.promised


def redacted_for(reader: Person | None, case: Case) -> Case:
    """The case as it is shown to somebody, or, if that is nobody in particular, to everyone."""
    if not case.restricted or (reader is not None and may_read(reader, case.team, case)):
        return case
    return _redacted(case)


def all_redacted_for(reader: Person | None, cases: Sequence[Case]) -> list[Case]:
    return [redacted_for(reader, case) for case in cases]


def readable_by(reader: Person, cases: Sequence[Case]) -> list[Case]:
    """Of cases that were found by what they say: those that are this person's to read."""
    return [case for case in cases if may_read(reader, case.team, case)]


def _redacted(case: Case) -> Case:
    facts = {field.name: getattr(case, field.name) for field in fields(case)}
    left_out = {
        "customer": REDACTED,
        "customer_key": "",
        "opened_tier": "",
        "summary": REDACTED,
        "reasons": (),
        "category": "",
        "ticket_link": "",
        "source": None,
        "wish": "",
        "answers": "",
        "mood": None,
        "public_complaint": False,
        "churn_risk": False,
        "outcome": _placeholder_for(case.outcome),
        "root_cause": _placeholder_for(case.root_cause),
        "prevention": _placeholder_for(case.prevention),
        "miss_reason": None,
        "miss_note": "",
        "tasks": list(map(_redacted_task, case.tasks)),
        "history": list(map(_redacted_event, case.history)),
    }
    redacted = RedactedCase(**facts | left_out)
    redacted.promised = case.policy
    return redacted


def _redacted_event(event: Event) -> Event:
    return replace(
        event,
        note=_placeholder_for(event.note),
        next_step=_placeholder_for(event.next_step),
        changes=(FactChange(Fact.RESTRICTED, "", REDACTED),) if event.changes else (),
        notifications=[],
    )


def _redacted_task(task: Task) -> Task:
    return replace(task, asked=REDACTED, answer=_placeholder_for(task.answer))


def _placeholder_for(text: str) -> str:
    return REDACTED if text else ""
