"""The forms that ask a department and that answer it."""

from typing import Any

from bot.case import Case
from bot.case.task import Task
from bot.people import CaseId
from handlers.i18n import _
from handlers.slack.ids import Field, Form
from handlers.slack.render import brief, escape
from handlers.slack.views.blocks import (
    Block,
    case_named,
    option,
    question,
    section,
    text_answer,
    title,
    written,
)
from handlers.slack.views.forms.answers import Answers
from handlers.slack.views.forms.case_form import case_form, case_of


def ask_form(case: Case) -> Block:
    choices = [option(it, brief(it.capitalize(), 75)) for it in case.team.document.departments]
    select = {"type": "static_select", "options": choices, "initial_option": choices[0]}
    placeholder = _("The department sees this text and the customer's name")
    return case_form(
        case,
        Form.ASK,
        _("Ask a department"),
        _("Ask"),
        question(Field.DEPARTMENT, _("Department"), select),
        question(Field.ASKED, _("Your question"), text_answer(long=True, placeholder=placeholder)),
    )


def read_ask_form(view: dict[str, Any]) -> tuple[CaseId, str, str]:
    """Return the case, the department and the question.

    Raises:
        BadAnswers: an answer is missing.
    """
    answers = Answers(view)
    department, asked = answers.required_choice(Field.DEPARTMENT), answers.text(Field.ASKED)
    answers.check()
    return case_of(view), department, asked


def answer_form(case: Case, task: Task) -> Block:
    asked = [section(f"*{escape(title(case))}*"), *written(task.asked)]
    reply = question(Field.REPLY, _("Your answer"), text_answer(long=True))
    heading = _("Answer for {case}").format(case=case.reference)
    form = case_form(case, Form.ANSWER, heading, _("Answer"), *asked, reply)
    return {**form, "private_metadata": f"{case.id}/{task.event}"}


def read_answer_form(view: dict[str, Any]) -> tuple[CaseId, int, str]:
    """Return the case, the number of the question's event and the answer.

    Raises:
        BadAnswers: the answer is missing.
    """
    answers = Answers(view)
    reply = answers.text(Field.REPLY)
    answers.check()
    return *task_named(view["private_metadata"]), reply


def task_named(value: str) -> tuple[CaseId, int]:
    """Return the case and the event that a button's value or a form's metadata stands for."""
    case, _separator, number = value.partition("/")
    return case_named(case), int(case_named(number))
