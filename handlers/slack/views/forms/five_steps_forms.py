"""The forms of the five steps."""

from typing import Any

from bot.case import Answer, Case, Offer, Source, Stage
from bot.messages import N_
from bot.people import CaseId
from handlers.i18n import _
from handlers.slack.ids import Field, Form
from handlers.slack.views import labels
from handlers.slack.views.blocks import Block, option, question, text_answer
from handlers.slack.views.five_steps import NEXT
from handlers.slack.views.forms.answers import Answers
from handlers.slack.views.forms.case_form import case_form, case_of

ANSWERS = {
    Answer.GRANTED: N_("What the customer wants"),
    Answer.PARTLY: N_("Part of what the customer wants"),
    Answer.DECLINED: N_("An explanation of why not"),
}


def contact_form(case: Case) -> Block:
    ways = {it: option(it, _(label)) for it, label in labels.SOURCES.items()}
    usual = ways[case.source or Source.PHONE]
    select = {"type": "static_select", "options": list(ways.values()), "initial_option": usual}
    return case_form(
        case,
        Form.CONTACT,
        _("Contact: {case}").format(case=case.reference),
        _("Save"),
        question(Field.SOURCE, _("How did you contact the customer?"), select),
        question(Field.NEWS, _("What was said?"), text_answer(long=True)),
    )


def read_contact_form(view: dict[str, Any]) -> tuple[CaseId, Source, str]:
    """Return the case, how the customer was contacted, and the note.

    Raises:
        BadAnswers: an answer is missing.
    """
    answers = Answers(view)
    over, note = answers.one_of(Field.SOURCE, Source), answers.text(Field.NEWS)
    answers.check()
    return case_of(view), over, note


def facts_form(case: Case) -> Block:
    cause = text_answer(long=True, initial=case.root_cause)
    return case_form(
        case,
        Form.FACTS,
        _("Facts: {case}").format(case=case.reference),
        _("Save"),
        question(Field.FACTS, _("What are the facts?"), text_answer(long=True)),
        question(Field.ROOT_CAUSE, _("What was the root cause?"), cause, optional=True),
    )


def read_facts_form(view: dict[str, Any]) -> tuple[CaseId, str, str]:
    """Return the case, the facts and the root cause, which may be empty.

    Raises:
        BadAnswers: the facts are missing.
    """
    answers = Answers(view)
    facts, cause = answers.text(Field.FACTS), answers.optional_text(Field.ROOT_CAUSE)
    answers.check()
    return case_of(view), facts, cause


def offer_form(case: Case) -> Block:
    goodwill = case.team.document.goodwill
    choices = [option(it, _(label)) for it, label in ANSWERS.items()]
    amount = {**text_answer(placeholder="0"), "max_length": 9}
    label = _("Goodwill in {currency} (a lead approves more than {limit})")
    return case_form(
        case,
        Form.OFFER,
        _("Offer: {case}").format(case=case.reference),
        _("Save"),
        question(
            Field.OFFER,
            _("What do we offer?"),
            {"type": "radio_buttons", "options": choices, "initial_option": choices[0]},
        ),
        question(
            Field.WORD,
            _("Details"),
            text_answer(long=True, placeholder=_("What they get, or why they don't")),
        ),
        question(
            Field.GOODWILL,
            label.format(currency=goodwill.currency, limit=goodwill.limit),
            amount,
            optional=True,
        ),
    )


def read_offer_form(view: dict[str, Any]) -> tuple[CaseId, Offer]:
    """Return the case and the offer.

    Raises:
        BadAnswers: an answer is missing, or the goodwill is not a whole number.
    """
    answers = Answers(view)
    answer, words = answers.one_of(Field.OFFER, Answer), answers.text(Field.WORD)
    goodwill = answers.whole_number(Field.GOODWILL)
    answers.check()
    return case_of(view), Offer(answer=answer, words=words, goodwill=goodwill)


def decline_goodwill_form(case: Case) -> Block:
    instead = text_answer(long=True, placeholder=_("Why not, and what would be fair"))
    asked = question(Field.WHY, _("What should the owner offer instead?"), instead)
    title = _("Goodwill: {case}").format(case=case.reference)
    return case_form(case, Form.DECLINE_GOODWILL, title, _("Decline"), asked)


def skip_form(case: Case) -> Block:
    left = [it for it in NEXT if it not in case.done | case.left_out]
    choices = {it: option(it, _(labels.STAGES[it]).capitalize()) for it in left}
    return case_form(
        case,
        Form.SKIP,
        _("Skip a step"),
        _("Skip"),
        question(
            Field.STAGE,
            _("Which step?"),
            {
                "type": "static_select",
                "options": list(choices.values()),
                "initial_option": choices[left[0]],
            },
        ),
        question(Field.WHY, _("Why is it not needed?"), text_answer()),
    )


def read_skip_form(view: dict[str, Any]) -> tuple[CaseId, list[Stage], str]:
    """Return the case, the step to skip in a list, and the reason.

    Raises:
        BadAnswers: an answer is missing.
    """
    answers = Answers(view)
    stage, why = answers.one_of(Field.STAGE, Stage), answers.text(Field.WHY)
    answers.check()
    return case_of(view), [stage], why
