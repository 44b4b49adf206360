"""The form that corrects what a case says, and how it is read back."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.case import Case, Edit, Fact, Mood, Source
from bot.case.event import Event
from bot.case.facts import YES, FactChange
from bot.people import CaseId
from bot.text import cleaned, in_pieces
from handlers.slack.ids import Field, Form
from handlers.slack.render import brief, escape, mention
from handlers.slack.views.blocks import (
    ANSWER_LIMIT,
    MOOD_WORDS,
    SOURCE_WORDS,
    Block,
    case_named,
    option,
    question,
    section,
    text_answer,
)
from handlers.slack.views.forms.answers import Answers
from handlers.slack.views.forms.case_forms import case_form
from handlers.slack.views.forms.escalate_form import CATEGORY_LIMIT, CUSTOMER_LIMIT

FACT_WORDS = {
    Fact.CUSTOMER: "Customer",
    Fact.SUMMARY: "What happened",
    Fact.CATEGORY: "Category",
    Fact.TICKET_LINK: "Ticket link",
    Fact.SOURCE: "Source",
    Fact.WISH: "What they want",
    Fact.MOOD: "Mood",
    Fact.PUBLIC_COMPLAINT: "Public complaint",
    Fact.CHURN_RISK: "Churn risk",
    Fact.RESTRICTED: "Only for the few who need it",
}

FLAGS = (Fact.PUBLIC_COMPLAINT, Fact.CHURN_RISK)


def edit_form(
    case: Case, facts: Mapping[Fact, str], base: int, meanwhile: Sequence[Event] = ()
) -> Block:
    """``facts`` stand in it; ``meanwhile`` is what others changed since ``base``."""
    blocks = [
        *_told(meanwhile),
        question(Field.CUSTOMER, "Customer", _text(facts[Fact.CUSTOMER], CUSTOMER_LIMIT)),
        question(Field.SUMMARY, "What happened?", _long(facts[Fact.SUMMARY])),
        _optional(Field.CATEGORY, "Category", _text(facts[Fact.CATEGORY], CATEGORY_LIMIT)),
        _optional(Field.TICKET_LINK, "Ticket link", _address(facts[Fact.TICKET_LINK])),
        _optional(Field.SOURCE, "Source", _one_of(SOURCE_WORDS, facts[Fact.SOURCE])),
        _optional(Field.WISH, "What does the customer want?", _long(facts[Fact.WISH])),
        _optional(Field.MOOD, "How are they?", _one_of(MOOD_WORDS, facts[Fact.MOOD])),
        _optional(Field.FLAGS, "What is at stake?", _checked(FLAGS, facts)),
        _optional(Field.RESTRICTED, "Who may read it?", _checked((Fact.RESTRICTED,), facts)),
    ]
    form = case_form(case, Form.EDIT, f"Edit {case.reference}", "Save", *blocks)
    return {**form, "private_metadata": f"{case.id}/{base}/{len(case.history)}"}


def read_edit_form(view: dict[str, Any]) -> tuple[CaseId, Edit]:
    """Raises BadAnswers."""
    case, base, reviewed = view["private_metadata"].split("/")
    answers = Answers(view)
    checked = answers.any_of(Field.FLAGS) + answers.any_of(Field.RESTRICTED)
    facts = {
        Fact.CUSTOMER: answers.text(Field.CUSTOMER),
        Fact.SUMMARY: answers.text(Field.SUMMARY),
        Fact.CATEGORY: answers.optional_text(Field.CATEGORY),
        Fact.TICKET_LINK: answers.address(Field.TICKET_LINK),
        Fact.SOURCE: Source(it) if (it := answers.choice(Field.SOURCE)) else "",
        Fact.WISH: answers.optional_text(Field.WISH),
        Fact.MOOD: Mood(it) if (it := answers.choice(Field.MOOD)) else "",
        **{fact: YES if fact in checked else "" for fact in (*FLAGS, Fact.RESTRICTED)},
    }
    answers.check()
    return case_named(case), Edit(facts=facts, base=int(base), reviewed=int(reviewed))


def whole(edit: Edit, shown: Mapping[Fact, str]) -> Edit:
    """The edit, with what its form had no room for: that was not taken out."""
    return Edit(
        facts={fact: _whole(text, shown[fact]) for fact, text in edit.facts.items()},
        base=edit.base,
        reviewed=edit.reviewed,
    )


def said(change: FactChange) -> str:
    """One change, in a line; what was there before is in the history."""
    name = FACT_WORDS[change.fact]
    if not change.before:
        return f"{name}: {change.after}"
    return f"{name}: {brief(change.before)} → {change.after or 'nothing'}"


def _told(meanwhile: Sequence[Event]) -> list[Block]:
    if not meanwhile:
        return []
    lines = [
        f"{mention(event.by or '')}: {escape(brief(said(change)))}"
        for event in meanwhile
        for change in event.changes
    ]
    opening = "*Changed while you were typing.* What you typed stands below; save it if it holds."
    return [section("\n".join([opening, *lines]))]


def _optional(field: Field, label: str, element: Block) -> Block:
    return question(field, label, element, optional=True)


def _text(initial: str, limit: int) -> Block:
    return {**text_answer(initial=initial), "max_length": max(limit, len(initial))}


def _long(initial: str) -> Block:
    return text_answer(long=True, initial=_head(initial))


def _address(initial: str) -> Block:
    element: Block = {"type": "url_text_input"}
    return {**element, "initial_value": initial} if initial else element


def _one_of(words: Mapping[Any, str], initial: str) -> Block:
    options = {it: option(it, text.rpartition(": ")[2]) for it, text in words.items()}
    element: Block = {"type": "static_select", "options": list(options.values())}
    return {**element, "initial_option": options[initial]} if initial else element


def _checked(those: Sequence[Fact], facts: Mapping[Fact, str]) -> Block:
    options = {it: option(it, FACT_WORDS[it]) for it in those}
    element: Block = {"type": "checkboxes", "options": list(options.values())}
    chosen = [choice for flag, choice in options.items() if facts[flag]]
    return {**element, "initial_options": chosen} if chosen else element


def _head(text: str) -> str:
    """As much as a field has room for."""
    return cleaned(in_pieces(text, ANSWER_LIMIT)[0]) if text else ""


def _whole(typed: str, shown: str) -> str:
    if len(shown) <= ANSWER_LIMIT:
        return typed
    head, *rest = in_pieces(shown, ANSWER_LIMIT)
    return shown if typed == cleaned(head) else "\n".join([typed, "".join(rest)])
