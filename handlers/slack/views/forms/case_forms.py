"""The forms that a step on a case asks for, and how they are read back."""

from collections.abc import Sequence
from typing import Any

from bot.case import Case, MissReason, Prevention, Refusal, Resolution
from bot.people import CaseId, UserId
from bot.sla import Metric
from handlers.slack.ids import Field, Form
from handlers.slack.render import steps
from handlers.slack.views.blocks import Block, case_named, option, plain, question, text_answer
from handlers.slack.views.clock_text import METRIC_WORDS
from handlers.slack.views.forms.answers import Answers

NOT_NEEDED = "Not needed this time"
MISS_WORDS = {
    MissReason.NOBODY_ON_DUTY: "Nobody was on duty",
    MissReason.TOO_MUCH_WORK: "Too much work at once",
    MissReason.OTHER_TEAM: "We waited for another team",
    MissReason.MORE_FACTS: "We needed more facts",
    MissReason.OTHER: "Something else",
}


def resolve_form(case: Case, missed: Sequence[Metric]) -> Block:
    """Where promises were missed, it asks why."""
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
        *_seen_to(case),
        *(_left_out(case) if case.missing else ()),
        *(_why_missed(case, missed) if missed else ()),
    )


def read_resolve_form(view: dict[str, Any], *, by: UserId) -> tuple[CaseId, Resolution]:
    """Raises BadAnswers."""
    answers = Answers(view)
    resolution = Resolution(
        outcome=answers.text(Field.OUTCOME),
        root_cause=answers.text(Field.ROOT_CAUSE),
        prevention=answers.text(Field.PREVENTION),
        seen_to=_read_seen_to(answers, by),
        left_out=answers.optional_text(Field.LEFT_OUT),
        miss_reason=_miss_reason(answers),
        miss_note=answers.optional_text(Field.MISS_NOTE),
    )
    answers.check()
    return case_of(view), resolution


def _seen_to(case: Case) -> list[Block]:
    day: Block = {"type": "datepicker"}
    person: Block = {"type": "users_select"}
    if case.prevention_owner is not None:
        person["initial_user"] = case.prevention_owner
    return [
        question(Field.PREVENTION_BY, "By which day?", day, optional=True),
        question(Field.PREVENTION_OWNER, "Who sees to it?", person, optional=True),
    ]


def _read_seen_to(answers: Answers, by: UserId) -> Prevention | None:
    """Whoever resolves the case sees to it, unless they name somebody."""
    day = answers.optional_day(Field.PREVENTION_BY)
    owner = answers.optional_person(Field.PREVENTION_OWNER) or by
    return Prevention(owner=owner, by=day) if day else None


def _left_out(case: Case) -> list[Block]:
    why = text_answer(initial="" if case.goodwill_asked else NOT_NEEDED)
    return [question(Field.LEFT_OUT, f"Left out: {steps(case.missing)}. Why?", why)]


def _why_missed(case: Case, missed: Sequence[Metric]) -> list[Block]:
    late = ", ".join(words for metric, words in METRIC_WORDS.items() if metric in missed)
    reasons = {reason: option(reason, words) for reason, words in MISS_WORDS.items()}
    asked: Block = {"type": "static_select", "options": list(reasons.values())}
    if case.miss_reason is not None:
        asked["initial_option"] = reasons[case.miss_reason]
    more = text_answer(initial=case.miss_note)
    return [
        question(Field.MISS_REASON, f"Late: {late}. What held it up?", asked),
        question(Field.MISS_NOTE, "In a few words", more, optional=True),
    ]


def _miss_reason(answers: Answers) -> MissReason | None:
    if not answers.were_asked(Field.MISS_REASON):
        return None
    chosen = answers.one_of(Field.MISS_REASON)
    return MissReason(chosen) if chosen else None


def reopen_form(case: Case) -> Block:
    why = question(Field.WHY, "Why is it not over?", text_answer(long=True))
    return case_form(case, Form.REOPEN, f"Reopen {case.reference}", "Reopen", why)


def read_why(view: dict[str, Any]) -> tuple[CaseId, str]:
    """Raises BadAnswers."""
    answers = Answers(view)
    why = answers.text(Field.WHY)
    answers.check()
    return case_of(view), why


def decline_form(case: Case) -> Block:
    return case_form(
        case,
        Form.DECLINE,
        f"Decline {case.reference}",
        "Decline",
        question(
            Field.WHY,
            "Why does it not need a manager?",
            text_answer(long=True, placeholder="Its reporter reads this"),
        ),
        question(
            Field.NEXT_STEP,
            "What should they do instead?",
            text_answer(long=True, placeholder="The obvious next step for the customer"),
        ),
    )


def read_decline_form(view: dict[str, Any]) -> tuple[CaseId, Refusal]:
    """Raises BadAnswers."""
    answers = Answers(view)
    refusal = Refusal(why=answers.text(Field.WHY), next_step=answers.text(Field.NEXT_STEP))
    answers.check()
    return case_of(view), refusal


def appeal_form(case: Case) -> Block:
    why = question(Field.WHY, "Why does it need a manager all the same?", text_answer(long=True))
    return case_form(case, Form.APPEAL, f"Appeal {case.reference}", "Appeal", why)


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


def release_form(case: Case) -> Block:
    why = question(Field.WHY, "What should the next owner know?", text_answer(long=True))
    return case_form(case, Form.RELEASE, f"Release {case.reference}", "Release", why)


def read_release_form(view: dict[str, Any]) -> tuple[CaseId, str]:
    """Raises BadAnswers."""
    answers = Answers(view)
    why = answers.text(Field.WHY)
    answers.check()
    return case_of(view), why


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
