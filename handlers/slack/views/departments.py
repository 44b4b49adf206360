"""What a department is asked: its message, its line on the card, and both forms."""

from typing import Any

from bot.case import Case
from bot.case.task import Task
from bot.people import CaseId
from handlers.slack.ids import Button, Field, Form
from handlers.slack.render import brief, escape, local_time, mention
from handlers.slack.views.blocks import (
    Block,
    Message,
    actions,
    button,
    case_named,
    option,
    question,
    section,
    text_answer,
    title,
    written,
)
from handlers.slack.views.forms.answers import Answers
from handlers.slack.views.forms.case_forms import case_form, case_of


def task_message(case: Case, task: Task) -> Message:
    opening = f":question: {mention(task.asked_by)} asks you, for *{escape(title(case))}*:"
    closing, answerable = _standing(case, task), task.is_open and case.end is None
    answer = button("Answer", Button.ANSWER, f"{case.id}/{task.event}", style="primary")
    blocks = [section(opening), *written(task.asked), section(closing), *written(task.answer)]
    blocks += [actions(answer)] if answerable else []
    texts = [opening, escape(task.asked), closing, escape(task.answer)]
    return Message("\n".join(filter(None, texts)), blocks)


def task_line(task: Task) -> str:
    """How it stands, for the case's card."""
    name = escape(brief(task.department.capitalize(), 40))
    if task.answered_at is not None:
        return f":speech_balloon: {name} answered{' late' if task.is_late else ''}"
    if task.is_late:
        return f":rotating_light: Asked {name}, and its answer was due {local_time(task.due_at)}"
    return f":question: Asked {name}, due {local_time(task.due_at)}"


def ask_form(case: Case) -> Block:
    choices = [option(it, brief(it.capitalize(), 75)) for it in case.team.document.departments]
    whom = {"type": "static_select", "options": choices, "initial_option": choices[0]}
    return case_form(
        case,
        Form.ASK,
        "Ask a department",
        "Ask",
        question(Field.DEPARTMENT, "Which department?", whom),
        question(
            Field.ASKED,
            "What do you ask them?",
            text_answer(long=True, placeholder="They read only this, and who the customer is"),
        ),
    )


def read_ask_form(view: dict[str, Any]) -> tuple[CaseId, str, str]:
    """Raises BadAnswers."""
    answers = Answers(view)
    department, asked = answers.one_of(Field.DEPARTMENT), answers.text(Field.ASKED)
    answers.check()
    return case_of(view), department, asked


def answer_form(case: Case, task: Task) -> Block:
    asked = [section(f"*{escape(title(case))}*"), *written(task.asked)]
    reply = question(Field.REPLY, "Your answer", text_answer(long=True))
    form = case_form(case, Form.ANSWER, f"For {case.reference}", "Answer", *asked, reply)
    return {**form, "private_metadata": f"{case.id}/{task.event}"}


def read_answer_form(view: dict[str, Any]) -> tuple[CaseId, int, str]:
    """Raises BadAnswers."""
    answers = Answers(view)
    reply = answers.text(Field.REPLY)
    answers.check()
    return *task_named(view["private_metadata"]), reply


def task_named(value: str) -> tuple[CaseId, int]:
    """The case and the task that a button's value, or a form's metadata, stands for."""
    case, _, number = value.partition("/")
    return case_named(case), int(case_named(number))


def _standing(case: Case, task: Task) -> str:
    if task.answered_by is not None and task.answered_at is not None:
        return f"{mention(task.answered_by)} answered, {local_time(task.answered_at)}:"
    if case.end is not None:
        return "The case is over: no answer is needed any more. Thank you."
    return f"{'Was due' if task.is_late else 'Due'} {local_time(task.due_at)}."
