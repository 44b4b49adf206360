"""The form that offers likely duplicates before a second case is opened."""

from collections.abc import Sequence

from bot.case import Case
from handlers.i18n import _
from handlers.slack.ids import Button, Form
from handlers.slack.render import brief, escape
from handlers.slack.views.blocks import (
    Block,
    actions,
    case_button,
    context,
    plain,
    section,
    status_line,
)
from handlers.slack.views.board import Links


def duplicate_form(cases: Sequence[Case], links: Links, seen: Sequence[bool], draft: str) -> Block:
    """Return the form. ``seen`` says for each case whether this person may read its story;
    ``draft`` is the id under which their answers are kept.
    """
    blocks = [section(_("This may already be a case:"))]
    for case, shown in zip(cases, seen, strict=True):
        label = _("Follow {case} instead").format(case=case.reference)
        follow = case_button(label, Button.FOLLOW, case.id, style="primary")
        blocks += [section(_case(case, links(case), shown=shown)), actions(follow)]
    hint = _(
        "Following a case adds your text to its thread, and I'll message you with the outcome. "
        "Nothing you typed is lost."
    )
    return {
        "type": "modal",
        "callback_id": Form.ANYWAY,
        "title": plain(_("Is it one of these?")),
        "submit": plain(_("Escalate anyway")),
        "close": plain(_("Cancel")),
        "private_metadata": draft,
        "blocks": [*blocks, context(hint)],
    }


def followed_view(case: Case) -> Block:
    text = _("You now follow {case}. I'll message you with the outcome.\n{status}")
    shown = text.format(case=case.reference, status=status_line(case))
    return {
        "type": "modal",
        "title": plain(_("Following")),
        "close": plain(_("Close")),
        "blocks": [section(shown)],
    }


def _case(case: Case, link: str, *, shown: bool) -> str:
    name = f"<{link}|{case.reference}>" if link else case.reference
    story = f"\n{escape(brief(case.summary, 200))}" if shown else ""
    return f"*{name}* · {escape(brief(case.customer))}\n{status_line(case)}{story}"
