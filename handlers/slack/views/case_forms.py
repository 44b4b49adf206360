"""The forms that a step on a case asks for, and how they are read back."""

from typing import Any

from bot.case import Case, Resolution
from bot.people import CaseId, UserId
from handlers.slack.ids import Field, Form
from handlers.slack.views.answers import Answers
from handlers.slack.views.parts import Block, case_named, plain, question, text_answer


def resolve_form(case: Case) -> Block:
    return case_form(
        case,
        Form.RESOLVE,
        f"Resolve {case.reference}",
        "Resolve",
        question(
            Field.OUTCOME,
            "What was the outcome?",
            text_answer(long=True, initial=case.outcome, placeholder="Told to the reporter, too"),
        ),
        question(
            Field.ROOT_CAUSE,
            "What was the root cause?",
            text_answer(long=True, initial=case.root_cause),
        ),
        question(
            Field.PREVENTION,
            "What will prevent it?",
            text_answer(long=True, initial=case.prevention),
        ),
    )


def read_resolve_form(view: dict[str, Any]) -> tuple[CaseId, Resolution]:
    """Raises BadAnswers."""
    answers = Answers(view)
    resolution = Resolution(
        outcome=answers.text(Field.OUTCOME),
        root_cause=answers.text(Field.ROOT_CAUSE),
        prevention=answers.text(Field.PREVENTION),
    )
    answers.check()
    return case_of(view), resolution


def reopen_form(case: Case) -> Block:
    why = question(Field.WHY, "Why is it not over?", text_answer(long=True))
    return case_form(case, Form.REOPEN, f"Reopen {case.reference}", "Reopen", why)


def read_reopen_form(view: dict[str, Any]) -> tuple[CaseId, str]:
    """Raises BadAnswers."""
    answers = Answers(view)
    why = answers.text(Field.WHY)
    answers.check()
    return case_of(view), why


def hand_off_form(case: Case) -> Block:
    return case_form(
        case,
        Form.HAND_OFF,
        f"Hand off {case.reference}",
        "Hand off",
        question(Field.TO_WHOM, "Who takes it over?", {"type": "users_select"}),
        question(
            Field.WORD,
            "What should they know?",
            text_answer(long=True, placeholder="Where it stands, and what comes next"),
        ),
    )


def read_hand_off_form(view: dict[str, Any]) -> tuple[CaseId, UserId, str]:
    """Raises BadAnswers."""
    answers = Answers(view)
    to, word = answers.person(Field.TO_WHOM), answers.text(Field.WORD)
    answers.check()
    return case_of(view), to, word


def case_form(case: Case, form: Form, title: str, submit: str, *blocks: Block) -> Block:
    return {
        "type": "modal",
        "callback_id": form,
        "title": plain(title),
        "submit": plain(submit),
        "close": plain("Cancel"),
        "private_metadata": str(case.id),
        "blocks": list(blocks),
    }


def case_of(view: dict[str, Any]) -> CaseId:
    return case_named(view["private_metadata"])
