"""The form that corrects what a case says."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.case import Case, Edit, Fact, Mood, Source
from bot.case.event import Event
from bot.case.facts import YES, FactChange
from bot.messages import N_
from bot.people import CaseId
from bot.text import cleaned, split_text
from handlers.i18n import _
from handlers.slack.ids import Field, Form
from handlers.slack.render import brief, escape, mention
from handlers.slack.views import labels
from handlers.slack.views.blocks import (
    ANSWER_LIMIT,
    Block,
    case_named,
    option,
    question,
    section,
    text_answer,
)
from handlers.slack.views.forms.answers import Answers
from handlers.slack.views.forms.case_form import case_form
from handlers.slack.views.forms.escalate_form import CATEGORY_LIMIT, CUSTOMER_LIMIT

FACTS = {
    Fact.CUSTOMER: N_("Customer"),
    Fact.SUMMARY: N_("What happened"),
    Fact.CATEGORY: N_("Category"),
    Fact.TICKET_LINK: N_("Ticket link"),
    Fact.SOURCE: N_("Source"),
    Fact.WISH: N_("What they want"),
    Fact.MOOD: N_("Mood"),
    Fact.PUBLIC_COMPLAINT: N_("Public complaint"),
    Fact.CHURN_RISK: N_("Churn risk"),
    Fact.RESTRICTED: N_("Restricted to owner, reporter and leads"),
}

FLAGS = (Fact.PUBLIC_COMPLAINT, Fact.CHURN_RISK)
YES_OR_NO = (*FLAGS, Fact.RESTRICTED)
LABELS: Mapping[Fact, Mapping[str, str]] = {
    Fact.SOURCE: {str(source): label for source, label in labels.SOURCES.items()},
    Fact.MOOD: {str(mood): label for mood, label in labels.MOODS.items()},
    **{fact: {YES: N_("yes")} for fact in YES_OR_NO},
}


def edit_form(
    case: Case, facts: Mapping[Fact, str], base: int, meanwhile: Sequence[Event] = ()
) -> Block:
    """Return the form filled with ``facts``; ``meanwhile`` is what others changed since."""
    blocks = [
        *_changed_meanwhile(meanwhile),
        question(Field.CUSTOMER, _("Customer"), _text(facts[Fact.CUSTOMER], CUSTOMER_LIMIT)),
        question(Field.SUMMARY, _("What happened?"), _long(facts[Fact.SUMMARY])),
        _optional(Field.CATEGORY, _("Category"), _text(facts[Fact.CATEGORY], CATEGORY_LIMIT)),
        _optional(Field.TICKET_LINK, _("Ticket link"), _address(facts[Fact.TICKET_LINK])),
        _optional(Field.SOURCE, _("Source"), _one_of(labels.SOURCES, facts[Fact.SOURCE])),
        _optional(Field.WISH, _("What does the customer want?"), _long(facts[Fact.WISH])),
        _optional(Field.MOOD, _("Mood"), _one_of(labels.MOODS, facts[Fact.MOOD])),
        _optional(Field.FLAGS, _("What is at stake?"), _checked(FLAGS, facts)),
        _optional(Field.RESTRICTED, _("Who may read it?"), _checked((Fact.RESTRICTED,), facts)),
    ]
    title = _("Edit {case}").format(case=case.reference)
    form = case_form(case, Form.EDIT, title, _("Save"), *blocks)
    return {**form, "private_metadata": f"{case.id}/{base}/{len(case.history)}"}


def read_edit_form(view: dict[str, Any]) -> tuple[CaseId, Edit]:
    """Return the case and the edit.

    Raises:
        BadAnswers: an answer is missing or wrong.
    """
    case, base, reviewed = view["private_metadata"].split("/")
    answers = Answers(view)
    checked = answers.any_of(Field.FLAGS) + answers.any_of(Field.RESTRICTED)
    facts = {
        Fact.CUSTOMER: answers.text(Field.CUSTOMER),
        Fact.SUMMARY: answers.text(Field.SUMMARY),
        Fact.CATEGORY: answers.optional_text(Field.CATEGORY),
        Fact.TICKET_LINK: answers.address(Field.TICKET_LINK),
        Fact.SOURCE: answers.optional_one_of(Field.SOURCE, Source) or "",
        Fact.WISH: answers.optional_text(Field.WISH),
        Fact.MOOD: answers.optional_one_of(Field.MOOD, Mood) or "",
        **{fact: YES if fact in checked else "" for fact in YES_OR_NO},
    }
    answers.check()
    return case_named(case), Edit(facts=facts, base=int(base), reviewed=int(reviewed))


def whole(edit: Edit, shown: Mapping[Fact, str]) -> Edit:
    """Return the edit with the text that its form had no room for: it was not removed."""
    return Edit(
        facts={fact: _whole(text, shown[fact]) for fact, text in edit.facts.items()},
        base=edit.base,
        reviewed=edit.reviewed,
    )


def change_line(change: FactChange) -> str:
    """Return one change in a line; the history has the whole text from before."""
    name, after = _(FACTS[change.fact]), _value(change.fact, change.after)
    if not change.before:
        return f"{name}: {after}"
    return f"{name}: {brief(_value(change.fact, change.before))} → {after}"


def _value(fact: Fact, stored: str) -> str:
    """Return a stored value as the form shows it. Texts and redacted values stay as they are."""
    if not stored:
        return _("no") if fact in YES_OR_NO else _("empty")
    label = LABELS.get(fact, {}).get(stored)
    return stored if label is None else _(label)


def _changed_meanwhile(meanwhile: Sequence[Event]) -> list[Block]:
    if not meanwhile:
        return []
    lines = [
        f"{mention(event.by or '')}: {escape(brief(change_line(change)))}"
        for event in meanwhile
        for change in event.changes
    ]
    heading = _("*Changed while you were typing.* Your version is below; save it if it is right.")
    return [section("\n".join([heading, *lines]))]


def _optional(field: Field, label: str, element: Block) -> Block:
    return question(field, label, element, optional=True)


def _text(initial: str, limit: int) -> Block:
    return {**text_answer(initial=initial), "max_length": max(limit, len(initial))}


def _long(initial: str) -> Block:
    return text_answer(long=True, initial=_head(initial))


def _address(initial: str) -> Block:
    element: Block = {"type": "url_text_input"}
    return {**element, "initial_value": initial} if initial else element


def _one_of(names: Mapping[Any, str], initial: str) -> Block:
    options = {it: option(it, _(label)) for it, label in names.items()}
    element: Block = {"type": "static_select", "options": list(options.values())}
    return {**element, "initial_option": options[initial]} if initial else element


def _checked(flags: Sequence[Fact], facts: Mapping[Fact, str]) -> Block:
    options = {it: option(it, _(FACTS[it])) for it in flags}
    element: Block = {"type": "checkboxes", "options": list(options.values())}
    chosen = [choice for flag, choice in options.items() if facts[flag]]
    return {**element, "initial_options": chosen} if chosen else element


def _head(text: str) -> str:
    """Return as much as a field has room for."""
    return cleaned(split_text(text, ANSWER_LIMIT)[0]) if text else ""


def _whole(typed: str, shown: str) -> str:
    if len(shown) <= ANSWER_LIMIT:
        return typed
    head, *rest = split_text(shown, ANSWER_LIMIT)
    return shown if typed == cleaned(head) else "\n".join([typed, "".join(rest)])
