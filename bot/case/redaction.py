"""Redact restricted cases for people who may not read them: they see that the case exists."""

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
"""Shown instead of a redacted text."""


class RedactedCase(Case):
    """A copy of a case for display, without its facts.

    The policy is copied from the original, because it depends on facts that are redacted here.
    """

    promised: Policy

    @property
    def policy(self) -> Policy:
        return self.promised


def redacted_for(reader: Person | None, case: Case, *, strangers: bool = False) -> Case:
    """Return the case as ``reader`` may see it; None stands for everyone in a channel.

    ``strangers`` says that people of another company are in that channel.
    """
    if strangers:
        return _redacted(case)
    if not case.restricted or (reader is not None and may_read(reader, case.team, case)):
        return case
    return _redacted(case)


def all_redacted_for(reader: Person | None, cases: Sequence[Case]) -> list[Case]:
    return [redacted_for(reader, case) for case in cases]


def readable_by(reader: Person, cases: Sequence[Case]) -> list[Case]:
    """Return the cases that the reader may read.

    For search results: a redacted hit would still reveal that the search words are in the case.
    """
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
