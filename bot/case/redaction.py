"""A restricted case as everyone else sees it: that it is there, and nothing of what it says."""

from collections.abc import Sequence
from dataclasses import fields, replace

from bot.case.case import Case
from bot.case.event import Event
from bot.case.facts import Change, Fact
from bot.case.permissions import is_of_the_few
from bot.case.task import Task
from bot.people import Person
from bot.team import Policy

WITHHELD = "restricted"
"""What stands in the place of a text."""


class Veiled(Case):
    """Only to be shown. What was promised for the case was promised by what is left out."""

    promised: Policy

    @property
    def policy(self) -> Policy:
        return self.promised


def seen_by(reader: Person | None, case: Case) -> Case:
    """The case as it is shown to somebody, or, if that is nobody in particular, to everyone."""
    if not case.restricted or (reader is not None and is_of_the_few(reader, case.team, case)):
        return case
    return _veiled(case)


def each_seen_by(reader: Person | None, cases: Sequence[Case]) -> list[Case]:
    return [seen_by(reader, case) for case in cases]


def those_read_by(reader: Person, cases: Sequence[Case]) -> list[Case]:
    """Of cases that were found by what they say: those that are this person's to read."""
    return [case for case in cases if is_of_the_few(reader, case.team, case)]


def _veiled(case: Case) -> Case:
    facts = {field.name: getattr(case, field.name) for field in fields(case)}
    left_out = {
        "customer": WITHHELD,
        "customer_key": "",
        "opened_tier": "",
        "summary": WITHHELD,
        "reasons": (),
        "category": "",
        "ticket_link": "",
        "source": None,
        "wish": "",
        "answers": "",
        "mood": None,
        "public_complaint": False,
        "churn_risk": False,
        "outcome": _word_for(case.outcome),
        "root_cause": _word_for(case.root_cause),
        "prevention": _word_for(case.prevention),
        "miss_reason": None,
        "miss_note": "",
        "tasks": list(map(_veiled_task, case.tasks)),
        "history": list(map(_veiled_event, case.history)),
    }
    veiled = Veiled(**facts | left_out)
    veiled.promised = case.policy
    return veiled


def _veiled_event(event: Event) -> Event:
    return replace(
        event,
        note=_word_for(event.note),
        next_step=_word_for(event.next_step),
        changes=(Change(Fact.RESTRICTED, "", WITHHELD),) if event.changes else (),
        tells=[],
    )


def _veiled_task(task: Task) -> Task:
    return replace(task, asked=WITHHELD, answer=_word_for(task.answer))


def _word_for(text: str) -> str:
    return WITHHELD if text else ""
