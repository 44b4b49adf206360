"""The forms of the five steps of a good escalation, and how they are read back."""

import re
from typing import Any

from bot.case import Answer, Case, Offer, Source, Stage
from bot.people import CaseId
from handlers.slack.ids import Button, Field, Form
from handlers.slack.views.blocks import (
    SOURCE_WORDS,
    Block,
    case_button,
    option,
    question,
    section,
    text_answer,
)
from handlers.slack.views.forms.answers import Answers
from handlers.slack.views.forms.case_forms import case_form, case_of

STAGE_WORDS = {
    Stage.HISTORY: "history",
    Stage.CONTACT: "contacted",
    Stage.FACTS: "facts",
    Stage.OFFER: "offer",
    Stage.END: "written down",
}
NEXT = {
    Stage.HISTORY: ("Next: History reviewed", Button.REVIEWED),
    Stage.CONTACT: ("Next: Contact", Button.CONTACT),
    Stage.FACTS: ("Next: Facts", Button.FACTS),
    Stage.OFFER: ("Next: Offer", Button.OFFER),
}
ANSWER_WORDS = {
    Answer.GRANTED: "Granted: they get what they want",
    Answer.PARTLY: "Partly granted",
    Answer.DECLINED: "Declined, with an explanation",
}

MARKED, STAYS_TOGETHER = re.compile("([✓↷○]) "), "\u00a0"
"""On a phone the line is broken: a mark is to stay with its step."""


def stage_line(case: Case) -> str:
    """The five steps in one line: done, left out, or yet to do."""
    marks = dict.fromkeys(case.done, "✓") | dict.fromkeys(case.left_out, "↷")
    return "  ·  ".join(f"{marks.get(it, '○')} {words}" for it, words in STAGE_WORDS.items())


def stage_block(case: Case) -> Block:
    """The five steps, and a button for the next of them. The last is to resolve the case."""
    line = MARKED.sub(f"\\1{STAYS_TOGETHER}", stage_line(case))
    if case.next_stage is Stage.END or (case.next_stage is Stage.OFFER and case.goodwill_asked):
        return section(line)
    label, button = NEXT[case.next_stage]
    return section(line, case_button(label, button, case.id))


def contact_form(case: Case) -> Block:
    ways = {it: option(it, words) for it, words in SOURCE_WORDS.items()}
    usual = ways[case.source or Source.PHONE]
    how = {"type": "static_select", "options": list(ways.values()), "initial_option": usual}
    return case_form(
        case,
        Form.CONTACT,
        f"Contact {case.reference}",
        "Contacted",
        question(Field.SOURCE, "How did you reach the customer?", how),
        question(Field.NEWS, "What was said?", text_answer(long=True)),
    )


def read_contact_form(view: dict[str, Any]) -> tuple[CaseId, Source, str]:
    """Raises BadAnswers."""
    answers = Answers(view)
    over, note = answers.one_of(Field.SOURCE), answers.text(Field.NEWS)
    answers.check()
    return case_of(view), Source(over), note


def facts_form(case: Case) -> Block:
    cause = text_answer(long=True, initial=case.root_cause)
    return case_form(
        case,
        Form.FACTS,
        f"Facts of {case.reference}",
        "Save",
        question(Field.FACTS, "What are the facts?", text_answer(long=True)),
        question(Field.ROOT_CAUSE, "What was the root cause?", cause, optional=True),
    )


def read_facts_form(view: dict[str, Any]) -> tuple[CaseId, str, str]:
    """Raises BadAnswers."""
    answers = Answers(view)
    facts, cause = answers.text(Field.FACTS), answers.optional_text(Field.ROOT_CAUSE)
    answers.check()
    return case_of(view), facts, cause


def offer_form(case: Case) -> Block:
    goodwill = case.team.document.goodwill
    choices = [option(it, words) for it, words in ANSWER_WORDS.items()]
    amount = {**text_answer(placeholder="0"), "max_length": 9}
    label = f"Goodwill, in {goodwill.currency} (above {goodwill.limit} a lead approves)"
    return case_form(
        case,
        Form.OFFER,
        f"Offer for {case.reference}",
        "Save",
        question(
            Field.OFFER,
            "What do we offer?",
            {"type": "radio_buttons", "options": choices, "initial_option": choices[0]},
        ),
        question(
            Field.WORD,
            "In words",
            text_answer(long=True, placeholder="What they get, or why they do not"),
        ),
        question(Field.GOODWILL, label, amount, optional=True),
    )


def read_offer_form(view: dict[str, Any]) -> tuple[CaseId, Offer]:
    """Raises BadAnswers."""
    answers = Answers(view)
    answer, words = answers.one_of(Field.OFFER), answers.text(Field.WORD)
    goodwill = answers.whole_number(Field.GOODWILL)
    answers.check()
    return case_of(view), Offer(answer=Answer(answer), words=words, goodwill=goodwill)


def decline_goodwill_form(case: Case) -> Block:
    instead = text_answer(long=True, placeholder="Why not, and what would be right")
    asked = question(Field.WHY, "What should they offer instead?", instead)
    title = f"Goodwill for {case.reference}"
    return case_form(case, Form.DECLINE_GOODWILL, title, "Decline", asked)


def skip_form(case: Case) -> Block:
    left = [it for it in NEXT if it not in case.done | case.left_out]
    choices = {it: option(it, STAGE_WORDS[it].capitalize()) for it in left}
    return case_form(
        case,
        Form.SKIP,
        "Skip a step",
        "Skip",
        question(
            Field.STAGE,
            "Which step?",
            {
                "type": "static_select",
                "options": list(choices.values()),
                "initial_option": choices[left[0]],
            },
        ),
        question(Field.WHY, "Why is it not needed?", text_answer()),
    )


def read_skip_form(view: dict[str, Any]) -> tuple[CaseId, Stage, str]:
    """Raises BadAnswers."""
    answers = Answers(view)
    stage, why = answers.one_of(Field.STAGE), answers.text(Field.WHY)
    answers.check()
    return case_of(view), Stage(stage), why
