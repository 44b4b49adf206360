"""The forms that move a case's clocks: update, wait, change priority."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.case import Case
from bot.messages import N_
from bot.people import CaseId
from bot.priority import Priority
from bot.sla import Reading
from bot.team import Waiting
from handlers.i18n import _
from handlers.slack.ids import Field, Form
from handlers.slack.render import local_time
from handlers.slack.views import labels
from handlers.slack.views.blocks import Block, option, question, section, text_answer
from handlers.slack.views.forms.answers import Answers
from handlers.slack.views.forms.case_form import case_form, case_of


class News(StrEnum):
    """What an update reports."""

    CONTACTED = "contacted"
    REPLIED = "replied"
    UPDATED = "updated"


NEWS = {
    News.CONTACTED: (N_("We contacted the customer"), N_("Counts as a response to them")),
    News.REPLIED: (N_("The customer replied"), N_("They are now waiting for us")),
    News.UPDATED: (N_("Other news"), N_("An update for everyone here")),
}


@dataclass(frozen=True)
class Wait:
    """What a case waits for, and until when at the latest."""

    on: Waiting
    why: str
    resume_by: datetime


def update_form(case: Case) -> Block:
    kinds = [option(kind, _(label), _(hint)) for kind, (label, hint) in NEWS.items()]
    return case_form(
        case,
        Form.UPDATE,
        _("Update {case}").format(case=case.reference),
        _("Update"),
        question(
            Field.NEWS_KIND,
            _("What is new?"),
            {"type": "radio_buttons", "options": kinds, "initial_option": kinds[0]},
        ),
        question(Field.NEWS, _("Details"), text_answer(long=True)),
    )


def read_update_form(view: dict[str, Any]) -> tuple[CaseId, News, str]:
    """Return the case, the kind of news and the note.

    Raises:
        BadAnswers: the note is missing.
    """
    answers = Answers(view)
    note = answers.text(Field.NEWS)
    kind = answers.optional_one_of(Field.NEWS_KIND, News) or News.UPDATED
    answers.check()
    return case_of(view), kind, note


def wait_form(case: Case, *, at: datetime) -> Block:
    options = [option(it, labels.waiting_for(it).capitalize()) for it in labels.WAITED_FOR]
    until = int(case.default_resume_by(after=at).timestamp())
    return case_form(
        case,
        Form.WAIT,
        _("Wait: {case}").format(case=case.reference),
        _("Wait"),
        question(
            Field.WAITS_ON,
            _("Waiting for"),
            {"type": "static_select", "options": options, "initial_option": options[0]},
        ),
        question(
            Field.RESUME_BY,
            _("Until"),
            {"type": "datetimepicker", "initial_date_time": until},
        ),
        question(Field.WHY, _("What has to happen?"), text_answer(long=True)),
    )


def read_wait_form(view: dict[str, Any]) -> tuple[CaseId, Wait]:
    """Return the case and its wait.

    Raises:
        BadAnswers: an answer is missing.
    """
    answers = Answers(view)
    on = answers.optional_one_of(Field.WAITS_ON, Waiting) or Waiting.CUSTOMER
    resume_by, why = answers.instant(Field.RESUME_BY), answers.text(Field.WHY)
    answers.check()
    return case_of(view), Wait(on, why, resume_by)


def priority_form(case: Case, at_each: dict[Priority, list[Reading]]) -> Block:
    """Return the form; ``at_each`` has the clocks at each priority, the present one included."""
    lines = [_dues(case, priority, readings) for priority, readings in at_each.items()]
    others = [option(it, _(labels.PRIORITIES[it])) for it in at_each if it != case.priority]
    return case_form(
        case,
        Form.PRIORITY,
        _("Change priority"),
        _("Change"),
        section("\n".join([_("*Due times at each priority:*"), *lines])),
        question(Field.PRIORITY, _("New priority"), {"type": "static_select", "options": others}),
        question(Field.WHY, _("Why?"), text_answer()),
    )


def read_priority_form(view: dict[str, Any]) -> tuple[CaseId, Priority, str]:
    """Return the case, the new priority and the reason.

    Raises:
        BadAnswers: an answer is missing.
    """
    answers = Answers(view)
    why = answers.text(Field.WHY)
    to = answers.one_of(Field.PRIORITY, Priority)
    answers.check()
    return case_of(view), to, why


def _dues(case: Case, priority: Priority, readings: list[Reading]) -> str:
    running = [it for it in readings if it.ended_at is None and it.due_at is not None]
    dues = [f"{labels.metric(it.clock)} {local_time(it.due_at)}" for it in running if it.due_at]
    text = _("{priority} (now): {dues}") if priority is case.priority else _("{priority}: {dues}")
    shown = ", ".join(dues) or _("no due times")
    return text.format(priority=labels.priority(priority), dues=shown)
