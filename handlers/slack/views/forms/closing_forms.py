"""The forms that end a case or continue it: resolve, decline, appeal, reopen."""

from collections.abc import Sequence
from typing import Any

from bot.case import Case, MissReason, Prevention, Refusal, Resolution
from bot.people import CaseId, UserId
from bot.sla import Metric
from handlers.i18n import _
from handlers.slack.ids import Field, Form
from handlers.slack.render import steps
from handlers.slack.views import labels
from handlers.slack.views.blocks import Block, option, question, text_answer
from handlers.slack.views.forms.answers import Answers
from handlers.slack.views.forms.case_form import case_form, case_of


def resolve_form(case: Case, missed: Sequence[Metric]) -> Block:
    """Return the form; it asks for the reason if promises were ``missed``."""
    placeholder = _("The reporter will see this")
    return case_form(
        case,
        Form.RESOLVE,
        _("Resolve {case}").format(case=case.reference),
        _("Resolve"),
        question(
            Field.OUTCOME,
            _("What was the outcome?"),
            text_answer(long=True, initial=case.outcome, placeholder=placeholder),
        ),
        question(
            Field.ROOT_CAUSE,
            _("What was the root cause?"),
            text_answer(long=True, initial=case.root_cause),
        ),
        question(
            Field.PREVENTION,
            _("How will we prevent it?"),
            text_answer(long=True, initial=case.prevention),
        ),
        *_prevention_plan(case),
        *(_skipped_steps(case) if case.missing else ()),
        *(_miss_reason(case, missed) if missed else ()),
    )


def read_resolve_form(view: dict[str, Any], *, by: UserId) -> tuple[CaseId, Resolution]:
    """Return the case and its resolution.

    Raises:
        BadAnswers: an answer is missing.
    """
    answers = Answers(view)
    resolution = Resolution(
        outcome=answers.text(Field.OUTCOME),
        root_cause=answers.text(Field.ROOT_CAUSE),
        prevention=answers.text(Field.PREVENTION),
        prevention_plan=_read_prevention_plan(answers, by),
        left_out=answers.optional_text(Field.LEFT_OUT),
        miss_reason=_read_miss_reason(answers),
        miss_note=answers.optional_text(Field.MISS_NOTE),
    )
    answers.check()
    return case_of(view), resolution


def _prevention_plan(case: Case) -> list[Block]:
    day: Block = {"type": "datepicker"}
    person: Block = {"type": "users_select"}
    if case.prevention_owner is not None:
        person["initial_user"] = case.prevention_owner
    return [
        question(Field.PREVENTION_BY, _("Prevention due by"), day, optional=True),
        question(Field.PREVENTION_OWNER, _("Prevention owner"), person, optional=True),
    ]


def _read_prevention_plan(answers: Answers, by: UserId) -> Prevention | None:
    """Return the plan, if a day was chosen; its owner is the resolver unless they name another."""
    day = answers.optional_day(Field.PREVENTION_BY)
    owner = answers.optional_person(Field.PREVENTION_OWNER) or by
    return Prevention(owner=owner, by=day) if day else None


def _skipped_steps(case: Case) -> list[Block]:
    not_needed = "" if case.goodwill_asked else _("Not needed this time")
    label = _("Not done: {steps}. Why?").format(steps=steps(case.missing))
    return [question(Field.LEFT_OUT, label, text_answer(initial=not_needed))]


def _miss_reason(case: Case, missed: Sequence[Metric]) -> list[Block]:
    late = ", ".join(labels.metric(metric) for metric in labels.METRICS if metric in missed)
    reasons = {it: option(it, _(label)) for it, label in labels.MISS_REASONS.items()}
    select: Block = {"type": "static_select", "options": list(reasons.values())}
    if case.miss_reason is not None:
        select["initial_option"] = reasons[case.miss_reason]
    label = _("Missed: {clocks}. What caused the delay?").format(clocks=late)
    note = text_answer(initial=case.miss_note)
    return [
        question(Field.MISS_REASON, label, select),
        question(Field.MISS_NOTE, _("Details"), note, optional=True),
    ]


def _read_miss_reason(answers: Answers) -> MissReason | None:
    if not answers.were_asked(Field.MISS_REASON):
        return None
    return answers.one_of(Field.MISS_REASON, MissReason)


def reopen_form(case: Case) -> Block:
    why = question(Field.WHY, _("Why does it need more work?"), text_answer(long=True))
    title = _("Reopen {case}").format(case=case.reference)
    return case_form(case, Form.REOPEN, title, _("Reopen"), why)


def decline_form(case: Case) -> Block:
    return case_form(
        case,
        Form.DECLINE,
        _("Decline {case}").format(case=case.reference),
        _("Decline"),
        question(
            Field.WHY,
            _("Why does it not need a manager?"),
            text_answer(long=True, placeholder=_("The reporter will see this")),
        ),
        question(
            Field.NEXT_STEP,
            _("What should they do instead?"),
            text_answer(long=True, placeholder=_("The next step for the customer")),
        ),
    )


def read_decline_form(view: dict[str, Any]) -> tuple[CaseId, Refusal]:
    """Return the case, why it is declined and what to do instead.

    Raises:
        BadAnswers: an answer is missing.
    """
    answers = Answers(view)
    refusal = Refusal(why=answers.text(Field.WHY), next_step=answers.text(Field.NEXT_STEP))
    answers.check()
    return case_of(view), refusal


def appeal_form(case: Case) -> Block:
    why = question(Field.WHY, _("Why does it need a manager after all?"), text_answer(long=True))
    title = _("Appeal {case}").format(case=case.reference)
    return case_form(case, Form.APPEAL, title, _("Appeal"), why)
