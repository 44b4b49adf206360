"""The five steps on a card: what is done, and the button for the next one."""

import re

from bot.case import Case, Stage
from bot.messages import N_
from handlers.i18n import _
from handlers.slack.ids import Button
from handlers.slack.views import labels
from handlers.slack.views.blocks import Block, case_button, section

NEXT = {
    Stage.HISTORY: (N_("Next: History reviewed"), Button.REVIEWED),
    Stage.CONTACT: (N_("Next: Contact"), Button.CONTACT),
    Stage.FACTS: (N_("Next: Facts"), Button.FACTS),
    Stage.OFFER: (N_("Next: Offer"), Button.OFFER),
}

MARKED, NO_BREAK_SPACE = re.compile("([✓↷○]) "), "\u00a0"
"""A phone breaks the line: a mark stays with its step."""


def stage_line(case: Case) -> str:
    """Return the five steps in one line: done ✓, skipped ↷, to do ○."""
    marks = dict.fromkeys(case.done, "✓") | dict.fromkeys(case.left_out, "↷")
    return "  ·  ".join(f"{marks.get(it, '○')} {_(name)}" for it, name in labels.STAGES.items())


def stage_block(case: Case) -> Block:
    """Return the five steps with a button for the next one. Resolve is the last step."""
    line = MARKED.sub(f"\\1{NO_BREAK_SPACE}", stage_line(case))
    if case.next_stage is Stage.END or (case.next_stage is Stage.OFFER and case.goodwill_asked):
        return section(line)
    label, button = NEXT[case.next_stage]
    return section(line, case_button(_(label), button, case.id))
