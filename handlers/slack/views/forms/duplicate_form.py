"""Is it one of these? What somebody sees who is about to escalate a case that is likely there."""

from collections.abc import Sequence

from bot.case import Case
from handlers.slack.ids import Button, Form
from handlers.slack.render import brief, escape
from handlers.slack.views.blocks import (
    Block,
    actions,
    case_button,
    context,
    plain,
    section,
    standing,
)
from handlers.slack.views.board import Links

CHOICE = (
    "To follow a case adds what you wrote to its thread, and you hear how it ends. "
    "Nothing that you typed is lost."
)


def duplicate_form(cases: Sequence[Case], links: Links, seen: Sequence[bool], draft: str) -> Block:
    """``seen`` says of each case whether its story is this person's to see; ``draft`` finds
    what they typed.
    """
    blocks = [section("This looks like a case that is there already:")]
    for case, shown in zip(cases, seen, strict=True):
        label = f"Follow {case.reference} instead"
        follow = case_button(label, Button.FOLLOW, case.id, style="primary")
        blocks += [section(_case(case, links(case), shown=shown)), actions(follow)]
    return {
        "type": "modal",
        "callback_id": Form.ANYWAY,
        "title": plain("Is it one of these?"),
        "submit": plain("Escalate anyway"),
        "close": plain("Cancel"),
        "private_metadata": draft,
        "blocks": [*blocks, context(CHOICE)],
    }


def followed_view(case: Case) -> Block:
    said = f"You follow {case.reference} now, and will hear from me how it ends. {standing(case)}"
    return {
        "type": "modal",
        "title": plain("You follow it"),
        "close": plain("Close"),
        "blocks": [section(said)],
    }


def _case(case: Case, link: str, *, shown: bool) -> str:
    name = f"<{link}|{case.reference}>" if link else case.reference
    story = f"\n{escape(brief(case.summary, 200))}" if shown else ""
    return f"*{name}* · {escape(brief(case.customer))}\n{standing(case)}{story}"
