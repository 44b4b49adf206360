"""The form that merges a case into another, and how it is read back."""

from collections.abc import Sequence
from typing import Any

from bot.case import Case
from bot.people import CaseId
from handlers.slack.ids import Field, Form
from handlers.slack.render import brief, escape
from handlers.slack.views.blocks import Block, context, question, text_answer
from handlers.slack.views.forms.answers import Answers
from handlers.slack.views.forms.case_forms import case_form, case_of

NUMBER_LIMIT = 20


def merge_form(case: Case, alike: Sequence[Case]) -> Block:
    """``alike`` are those that it is most likely a duplicate of, the likeliest first."""
    likeliest = alike[0].reference if alike else ""
    element = {**text_answer(initial=likeliest, placeholder="ESC-42"), "max_length": NUMBER_LIMIT}
    asked = question(Field.OTHER_CASE, "In which case does it go on?", element)
    listed = [
        f"• *{it.reference}* {escape(brief(it.customer, 40))}: {escape(brief(it.summary))}"
        for it in alike
    ]
    kept = ["That case becomes restricted, as this one is."] if case.restricted else []
    hint = "\n".join([*listed, *kept, "Its reporter hears how that case ends. Nothing is lost."])
    return case_form(case, Form.MERGE, f"Merge {case.reference}", "Merge", asked, context(hint))


def read_merge_form(view: dict[str, Any]) -> tuple[CaseId, CaseId]:
    """Raises BadAnswers."""
    answers = Answers(view)
    other = answers.case(Field.OTHER_CASE)
    answers.check()
    return case_of(view), other
