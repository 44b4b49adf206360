"""The form behind /escalate, and how it is read back."""

from collections.abc import Sequence
from typing import Any

from bot.case import Case, NewCase, Reason, Source
from bot.people import TeamId
from bot.priority import Priority
from bot.team.team import Team
from bot.text import shortened
from handlers.slack.ids import Field, Form
from handlers.slack.views.blocks import (
    PRIORITY_WORDS,
    REASON_WORDS,
    SOURCE_WORDS,
    Block,
    case_named,
    context,
    option,
    plain,
    question,
    text_answer,
)
from handlers.slack.views.forms.answers import Answers

REASON_HELP = {
    Reason.RISK: "Harm, law, press, or much money",
    Reason.COMPLEXITY: "More than one team, or beyond what you may decide",
    Reason.DISSATISFACTION: "They are upset, or ask for a manager",
}
CUSTOMER_LIMIT = 120
CATEGORY_LIMIT = 60

_ADDRESS: Block = {"type": "url_text_input", "placeholder": plain("https://")}


def escalate_form(
    teams: Sequence[Team], story: str = "", draft: str = "", follows: Case | None = None
) -> Block:
    """``teams`` are those to choose from; ``draft`` finds a story too long for the form."""
    blocks = [
        question(Field.CUSTOMER, "Customer", _short(CUSTOMER_LIMIT, "Who has the problem?")),
        *_story(story, whole=not draft),
        question(Field.REASONS, "Why does it need a manager?", _reasons()),
        question(Field.PRIORITY, "Priority", _priorities()),
        question(
            Field.CATEGORY, "Category", _short(CATEGORY_LIMIT, "Billing, outage …"), optional=True
        ),
        question(Field.TICKET_LINK, "Ticket link", _ADDRESS, optional=True),
        question(Field.SOURCE, "Source", _sources(), optional=True),
        question(Field.WISH, "What does the customer want?", text_answer(long=True), optional=True),
    ]
    if follows is not None:
        _fill_in(blocks, follows)
    if len(teams) > 1:
        choices = [option(str(team.id), shortened(team.name, 75)) for team in teams]
        asked = {"type": "static_select", "options": choices, "initial_option": choices[0]}
        blocks.insert(0, question(Field.TEAM, "Team", asked))
    return {
        "type": "modal",
        "callback_id": Form.ESCALATE,
        "title": plain("Escalate a case"),
        "submit": plain("Escalate"),
        "close": plain("Cancel"),
        "private_metadata": f"{teams[0].id}/{draft}/{follows.id if follows else ''}",
        "blocks": blocks,
    }


def follow_up_form(case: Case, link: str) -> Block:
    """The form for a case that follows one that is over for too long."""
    story = f"{case.reference} goes on: {link}\n\n{case.summary}"
    return escalate_form([case.team], story, follows=case)


def read_escalate_form(view: dict[str, Any]) -> tuple[NewCase, TeamId, str]:
    """What was answered, for which team, and the id of the draft that it began with.

    Raises:
        BadAnswers: something is missing or is not what was asked for.
    """
    answers = Answers(view)
    team, _, rest = view["private_metadata"].partition("/")
    draft, _, follows = rest.partition("/")
    wanted = NewCase(
        customer=answers.text(Field.CUSTOMER),
        summary=answers.text(Field.SUMMARY),
        reasons=tuple(Reason(value) for value in answers.choices(Field.REASONS)),
        priority=Priority(answers.choice(Field.PRIORITY) or Priority.NORMAL),
        category=answers.optional_text(Field.CATEGORY),
        ticket_link=answers.address(Field.TICKET_LINK),
        source=Source(source) if (source := answers.choice(Field.SOURCE)) else None,
        wish=answers.optional_text(Field.WISH),
        follows=case_named(follows) if follows else None,
    )
    answers.check()
    return wanted, TeamId(int(answers.choice(Field.TEAM) or team)), draft


def _story(story: str, *, whole: bool) -> list[Block]:
    asked = question(Field.SUMMARY, "What happened?", text_answer(long=True, initial=story))
    if whole:
        return [asked]
    return [asked, context("Too long for this field. The whole text goes into the case's thread.")]


def _short(limit: int, placeholder: str) -> Block:
    return {**text_answer(placeholder=placeholder), "max_length": limit}


def _reasons() -> Block:
    return {"type": "checkboxes", "options": list(map(_reason, Reason))}


def _reason(reason: Reason) -> Block:
    return option(reason, REASON_WORDS[reason], REASON_HELP[reason])


def _priorities() -> Block:
    return {
        "type": "static_select",
        "options": list(map(_priority, Priority)),
        "initial_option": _priority(Priority.NORMAL),
    }


def _priority(priority: Priority) -> Block:
    return option(priority, PRIORITY_WORDS[priority].partition(" ")[2])


def _sources() -> Block:
    return {"type": "static_select", "options": list(map(_source, Source))}


def _source(source: Source) -> Block:
    return option(source, SOURCE_WORDS[source])


def _fill_in(blocks: Sequence[Block], case: Case) -> None:
    """Let the form begin with what was said of the case that it follows."""
    said: dict[str, Block] = {
        Field.CUSTOMER: {"initial_value": shortened(case.customer, CUSTOMER_LIMIT)},
        Field.REASONS: {"initial_options": list(map(_reason, case.reasons))},
        Field.PRIORITY: {"initial_option": _priority(case.priority)},
    }
    if case.category:
        said[Field.CATEGORY] = {"initial_value": shortened(case.category, CATEGORY_LIMIT)}
    if case.ticket_link:
        said[Field.TICKET_LINK] = {"initial_value": case.ticket_link}
    if case.source is not None:
        said[Field.SOURCE] = {"initial_option": _source(case.source)}
    for block in blocks:
        if block["type"] == "input":
            block["element"] |= said.get(block["block_id"], {})
