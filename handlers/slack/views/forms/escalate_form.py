"""The form behind /escalate."""

from collections.abc import Sequence
from typing import Any

from bot.case import Case, NewCase, Reason, Source
from bot.messages import N_
from bot.people import TeamId
from bot.priority import Priority
from bot.team.team import Team
from bot.text import shortened
from handlers.i18n import _
from handlers.slack.ids import Field, Form
from handlers.slack.views import labels
from handlers.slack.views.blocks import (
    Block,
    case_named,
    context,
    option,
    plain,
    question,
    text_answer,
)
from handlers.slack.views.forms.answers import Answers

REASON_HINTS = {
    Reason.RISK: N_("Harm, legal, press or a lot of money"),
    Reason.COMPLEXITY: N_("More than one team, or beyond what you can decide"),
    Reason.DISSATISFACTION: N_("Upset, or asking for a manager"),
}
CUSTOMER_LIMIT = 120
CATEGORY_LIMIT = 60

_ADDRESS: Block = {"type": "url_text_input", "placeholder": plain("https://")}


def escalate_form(
    teams: Sequence[Team], story: str = "", draft: str = "", follows: Case | None = None
) -> Block:
    """Return the form.

    Args:
        teams: the teams to choose from.
        story: text for *What happened?*.
        draft: the id under which a story too long for the form is kept.
        follows: the ended case that the new one continues.
    """
    blocks = [
        question(Field.CUSTOMER, _("Customer"), _short(CUSTOMER_LIMIT, _("Who has the problem?"))),
        *_story(story, whole=not draft),
        question(Field.REASONS, _("Why does it need a manager?"), _reasons()),
        question(Field.PRIORITY, _("Priority"), _priorities()),
        question(
            Field.CATEGORY,
            _("Category"),
            _short(CATEGORY_LIMIT, _("Billing, outage …")),
            optional=True,
        ),
        question(Field.TICKET_LINK, _("Ticket link"), _ADDRESS, optional=True),
        question(Field.SOURCE, _("Source"), _sources(), optional=True),
        question(
            Field.WISH,
            _("What does the customer want?"),
            text_answer(long=True),
            optional=True,
        ),
    ]
    if follows is not None:
        _fill_in(blocks, follows)
    if len(teams) > 1:
        choices = [option(str(team.id), shortened(team.name, 75)) for team in teams]
        asked = {"type": "static_select", "options": choices, "initial_option": choices[0]}
        blocks.insert(0, question(Field.TEAM, _("Team"), asked))
    return {
        "type": "modal",
        "callback_id": Form.ESCALATE,
        "title": plain(_("Escalate a case")),
        "submit": plain(_("Escalate")),
        "close": plain(_("Cancel")),
        "private_metadata": f"{teams[0].id}/{draft}/{follows.id if follows else ''}",
        "blocks": blocks,
    }


def follow_up_form(case: Case, link: str) -> Block:
    """Return the form for a case that continues one which ended too long ago to reopen."""
    opening = _("Continues {case}: {link}").format(case=case.reference, link=link)
    story = f"{opening}\n\n{case.summary}"
    return escalate_form([case.team], story, follows=case)


def read_escalate_form(view: dict[str, Any]) -> tuple[NewCase, TeamId, str]:
    """Return the case to open, its team and the id of the draft behind the form.

    Raises:
        BadAnswers: an answer is missing or wrong.
    """
    answers = Answers(view)
    team, _, rest = view["private_metadata"].partition("/")
    draft, _, follows = rest.partition("/")
    wanted = NewCase(
        customer=answers.text(Field.CUSTOMER),
        summary=answers.text(Field.SUMMARY),
        reasons=answers.some_of(Field.REASONS, Reason),
        priority=answers.optional_one_of(Field.PRIORITY, Priority) or Priority.NORMAL,
        category=answers.optional_text(Field.CATEGORY),
        ticket_link=answers.address(Field.TICKET_LINK),
        source=answers.optional_one_of(Field.SOURCE, Source),
        wish=answers.optional_text(Field.WISH),
        follows=case_named(follows) if follows else None,
    )
    answers.check()
    return wanted, TeamId(int(answers.choice(Field.TEAM) or team)), draft


def _story(story: str, *, whole: bool) -> list[Block]:
    asked = question(Field.SUMMARY, _("What happened?"), text_answer(long=True, initial=story))
    if whole:
        return [asked]
    return [
        asked,
        context(_("The text is too long for this field. All of it goes into the case's thread.")),
    ]


def _short(limit: int, placeholder: str) -> Block:
    return {**text_answer(placeholder=placeholder), "max_length": limit}


def _reasons() -> Block:
    return {"type": "checkboxes", "options": list(map(_reason, Reason))}


def _reason(reason: Reason) -> Block:
    return option(reason, _(labels.REASONS[reason]), _(REASON_HINTS[reason]))


def _priorities() -> Block:
    return {
        "type": "static_select",
        "options": list(map(_priority, Priority)),
        "initial_option": _priority(Priority.NORMAL),
    }


def _priority(priority: Priority) -> Block:
    return option(priority, _(labels.PRIORITIES[priority]))


def _sources() -> Block:
    return {"type": "static_select", "options": list(map(_source, Source))}


def _source(source: Source) -> Block:
    return option(source, _(labels.SOURCES[source]))


def _fill_in(blocks: Sequence[Block], case: Case) -> None:
    """Fill the form with the facts of the case that the new one continues."""
    initial: dict[str, Block] = {
        Field.CUSTOMER: {"initial_value": shortened(case.customer, CUSTOMER_LIMIT)},
        Field.REASONS: {"initial_options": list(map(_reason, case.reasons))},
        Field.PRIORITY: {"initial_option": _priority(case.priority)},
    }
    if case.category:
        initial[Field.CATEGORY] = {"initial_value": shortened(case.category, CATEGORY_LIMIT)}
    if case.ticket_link:
        initial[Field.TICKET_LINK] = {"initial_value": case.ticket_link}
    if case.source is not None:
        initial[Field.SOURCE] = {"initial_option": _source(case.source)}
    for block in blocks:
        if block["type"] == "input":
            block["element"] |= initial.get(block["block_id"], {})
