"""The forms that move a case's clocks: update, wait, change priority."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.case import Case
from bot.people import CaseId
from bot.priority import Priority
from bot.sla import WAITED_ON, Reading
from bot.team import Waiting
from handlers.slack.ids import Field, Form
from handlers.slack.render import local_time
from handlers.slack.views.blocks import (
    PRIORITY_WORDS,
    Block,
    option,
    question,
    section,
    text_answer,
)
from handlers.slack.views.clock_text import METRIC_WORDS
from handlers.slack.views.forms.answers import Answers
from handlers.slack.views.forms.case_forms import case_form, case_of


class News(StrEnum):
    """What an update tells of."""

    CONTACTED = "contacted"
    REPLIED = "replied"
    UPDATED = "updated"


NEWS_WORDS = {
    News.CONTACTED: ("We spoke with the customer", "Counts as a response to them"),
    News.REPLIED: ("The customer answered", "They wait for us now"),
    News.UPDATED: ("Something else is new", "An update for everyone here"),
}


@dataclass(frozen=True)
class Wait:
    """What a case is to wait for."""

    on: Waiting
    why: str
    resume_by: datetime


def update_form(case: Case) -> Block:
    kinds = [option(kind, *words) for kind, words in NEWS_WORDS.items()]
    return case_form(
        case,
        Form.UPDATE,
        f"Update {case.reference}",
        "Update",
        question(
            Field.NEWS_KIND,
            "What is new?",
            {"type": "radio_buttons", "options": kinds, "initial_option": kinds[0]},
        ),
        question(Field.NEWS, "In a few words", text_answer(long=True)),
    )


def read_update_form(view: dict[str, Any]) -> tuple[CaseId, News, str]:
    """Raises BadAnswers."""
    answers = Answers(view)
    note = answers.text(Field.NEWS)
    kind = News(answers.choice(Field.NEWS_KIND) or News.UPDATED)
    answers.check()
    return case_of(view), kind, note


def wait_form(case: Case, *, at: datetime) -> Block:
    whom = [option(on, words.capitalize()) for on, words in WAITED_ON.items()]
    until = int(case.look_again_at(after=at).timestamp())
    return case_form(
        case,
        Form.WAIT,
        f"{case.reference} waits",
        "Wait",
        question(
            Field.WAITS_ON,
            "Whom do you wait for?",
            {"type": "static_select", "options": whom, "initial_option": whom[0]},
        ),
        question(
            Field.RESUME_BY,
            "Until when, at the latest?",
            {"type": "datetimepicker", "initial_date_time": until},
        ),
        question(Field.WHY, "What has to happen?", text_answer(long=True)),
    )


def read_wait_form(view: dict[str, Any]) -> tuple[CaseId, Wait]:
    """Raises BadAnswers."""
    answers = Answers(view)
    on = Waiting(answers.choice(Field.WAITS_ON) or Waiting.CUSTOMER)
    resume_by, why = answers.instant(Field.RESUME_BY), answers.text(Field.WHY)
    answers.check()
    return case_of(view), Wait(on, why, resume_by)


def priority_form(case: Case, at_each: dict[Priority, list[Reading]]) -> Block:
    """``at_each`` has how the clocks would stand at each priority, the present one included."""
    lines = [
        f"{PRIORITY_WORDS[priority]}{' (now)' if priority is case.priority else ''}: "
        f"{_dues(readings)}"
        for priority, readings in at_each.items()
    ]
    others = [
        option(it, PRIORITY_WORDS[it].partition(" ")[2]) for it in at_each if it != case.priority
    ]
    return case_form(
        case,
        Form.PRIORITY,
        "Change priority",
        "FactChange",
        section("\n".join(["*When it would be due:*", *lines])),
        question(Field.PRIORITY, "New priority", {"type": "static_select", "options": others}),
        question(Field.WHY, "Why?", text_answer()),
    )


def read_priority_form(view: dict[str, Any]) -> tuple[CaseId, Priority, str]:
    """Raises BadAnswers."""
    answers = Answers(view)
    why = answers.text(Field.WHY)
    to = answers.one_of(Field.PRIORITY)
    answers.check()
    return case_of(view), Priority(to), why


def _dues(readings: list[Reading]) -> str:
    running = [it for it in readings if it.ended_at is None and it.due_at is not None]
    named = [f"{METRIC_WORDS[it.clock]} {local_time(it.due_at)}" for it in running if it.due_at]
    return ", ".join(named) or "no clock runs"
