"""The form that merges a case into another one."""

from collections.abc import Sequence
from typing import Any

from bot.case import Case
from bot.people import CaseId
from handlers.i18n import _
from handlers.slack.ids import Field, Form
from handlers.slack.render import brief, escape
from handlers.slack.views.blocks import Block, context, question, text_answer
from handlers.slack.views.forms.answers import Answers
from handlers.slack.views.forms.case_form import case_form, case_of

NUMBER_LIMIT = 20


def merge_form(case: Case, candidates: Sequence[Case]) -> Block:
    """Return the form; ``candidates`` are the likeliest duplicates, the likeliest first."""
    likeliest = candidates[0].reference if candidates else ""
    element = {**text_answer(initial=likeliest, placeholder="ESC-42"), "max_length": NUMBER_LIMIT}
    into = question(Field.OTHER_CASE, _("Merge into"), element)
    listed = [
        f"• *{it.reference}* {escape(brief(it.customer, 40))}: {escape(brief(it.summary))}"
        for it in candidates
    ]
    restricts = [_("That case becomes restricted, like this one.")] if case.restricted else []
    outcome = _("The reporter will hear the outcome of that case. Nothing is lost.")
    hint = context("\n".join([*listed, *restricts, outcome]))
    title = _("Merge {case}").format(case=case.reference)
    return case_form(case, Form.MERGE, title, _("Merge"), into, hint)


def read_merge_form(view: dict[str, Any]) -> tuple[CaseId, CaseId]:
    """Return the case and the one to merge it into.

    Raises:
        BadAnswers: the other case is not a case number.
    """
    answers = Answers(view)
    other = answers.case(Field.OTHER_CASE)
    answers.check()
    return case_of(view), other
