"""What a team asks before a case of a category is opened, and how it is answered."""

from collections.abc import Sequence
from typing import Any

from bot.team import QuestionSection
from handlers.slack.ids import Form
from handlers.slack.views.blocks import Block, context, option, plain, question
from handlers.slack.views.forms.answers import Answers

YES, NO = "Yes", "No"
FIRST = "question_0"
"""The first question's ``block_id``; the others count on."""


def questions_form(asked: Sequence[QuestionSection], draft: str) -> Block:
    """``draft`` finds what was typed into the form before."""
    choices = {"type": "radio_buttons", "options": [option(YES, YES), option(NO, NO)]}
    blocks: list[Block] = []
    for place, one in enumerate(asked):
        blocks.append(question(_field(place), one.ask, choices))
        if one.otherwise:
            blocks.append({"type": "context", "elements": [plain(f"If not: {one.otherwise}")]})
    blocks.append(context("Whatever the answers are, you can go on. They go into the thread."))
    return {
        "type": "modal",
        "callback_id": Form.QUESTIONS,
        "title": plain("Before you escalate"),
        "submit": plain("Go on"),
        "close": plain("Cancel"),
        "private_metadata": draft,
        "blocks": blocks,
    }


def read_questions_form(view: dict[str, Any]) -> str:
    """Each question with its answer, a line each.

    Raises:
        BadAnswers: one is not answered.
    """
    answers = Answers(view)
    asked = [block for block in view["blocks"] if block["type"] == "input"]
    lines = [f"{it['label']['text']} {answers.one_of(it['block_id'])}" for it in asked]
    answers.check()
    return "\n".join(lines)


def _field(place: int) -> str:
    return f"question_{place}"
