"""What the forms on a case have in common."""

from typing import Any

from bot.case import Case
from bot.people import CaseId
from handlers.i18n import _
from handlers.slack.ids import Field, Form
from handlers.slack.views.blocks import Block, case_named, plain
from handlers.slack.views.forms.answers import Answers


def case_form(case: Case, form: Form, title: str, submit: str, *blocks: Block) -> Block:
    """Return the modal. Slack allows 24 characters for its title and its buttons."""
    return {
        "type": "modal",
        "callback_id": form,
        "title": plain(title),
        "submit": plain(submit),
        "close": plain(_("Cancel")),
        "private_metadata": str(case.id),
        "blocks": list(blocks),
    }


def case_of(view: dict[str, Any]) -> CaseId:
    """Return the case that a submitted form is about."""
    return case_named(view["private_metadata"])


def read_why(view: dict[str, Any]) -> tuple[CaseId, str]:
    """Return the case and the reason, from a form that asks only for a reason.

    Raises:
        BadAnswers: the reason is missing.
    """
    answers = Answers(view)
    why = answers.text(Field.WHY)
    answers.check()
    return case_of(view), why
