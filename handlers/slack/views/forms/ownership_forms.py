"""The forms that change a case's owner: hand off and release."""

from typing import Any

from bot.case import Case
from bot.people import CaseId, UserId
from handlers.i18n import _
from handlers.slack.ids import Field, Form
from handlers.slack.views.blocks import Block, question, text_answer
from handlers.slack.views.forms.answers import Answers
from handlers.slack.views.forms.case_form import case_form, case_of


def hand_off_form(case: Case) -> Block:
    return case_form(
        case,
        Form.HAND_OFF,
        _("Hand off {case}").format(case=case.reference),
        _("Hand off"),
        question(Field.NEW_OWNER, _("New owner"), {"type": "users_select"}),
        question(
            Field.WORD,
            _("What should they know?"),
            text_answer(long=True, placeholder=_("Where it stands and what comes next")),
        ),
    )


def read_hand_off_form(view: dict[str, Any]) -> tuple[CaseId, UserId, str]:
    """Return the case, the new owner and a note for them.

    Raises:
        BadAnswers: an answer is missing.
    """
    answers = Answers(view)
    to, note = answers.person(Field.NEW_OWNER), answers.text(Field.WORD)
    answers.check()
    return case_of(view), to, note


def release_form(case: Case) -> Block:
    label = _("What should the next owner know?")
    why = question(Field.WHY, label, text_answer(long=True))
    title = _("Release {case}").format(case=case.reference)
    return case_form(case, Form.RELEASE, title, _("Release"), why)
