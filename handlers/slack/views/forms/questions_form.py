"""The questions that a team asks before a case of a category is opened."""

from collections.abc import Sequence
from typing import Any

from bot.team import QuestionSection
from handlers.i18n import _
from handlers.slack.ids import Form
from handlers.slack.views.blocks import Block, context, option, plain, question
from handlers.slack.views.forms.answers import Answers

YES, NO = "Yes", "No"
FIRST = "question_0"
"""The first question's ``block_id``; the others count up."""


def questions_form(asked: Sequence[QuestionSection], draft: str) -> Block:
    """Return the form; ``draft`` is the id under which the first form's answers are kept."""
    options = [option(YES, _("Yes")), option(NO, _("No"))]
    choices = {"type": "radio_buttons", "options": options}
    blocks: list[Block] = []
    for place, one in enumerate(asked):
        blocks.append(question(_field(place), one.ask, choices))
        if one.otherwise:
            hint = _("If not: {hint}").format(hint=one.otherwise)
            blocks.append({"type": "context", "elements": [plain(hint)]})
    note = _("You can continue with any answer. The answers go into the case's thread.")
    return {
        "type": "modal",
        "callback_id": Form.QUESTIONS,
        "title": plain(_("Before you escalate")),
        "submit": plain(_("Continue")),
        "close": plain(_("Cancel")),
        "private_metadata": draft,
        "blocks": [*blocks, context(note)],
    }


def read_questions_form(view: dict[str, Any]) -> str:
    """Return each question with its answer, one a line.

    Raises:
        BadAnswers: a question is not answered.
    """
    answers = Answers(view)
    asked = [block for block in view["blocks"] if block["type"] == "input"]
    lines = [f"{it['label']['text']} {answers.required_choice(it['block_id'])}" for it in asked]
    answers.check()
    return "\n".join(lines)


def _field(place: int) -> str:
    return f"question_{place}"
