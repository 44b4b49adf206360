"""The menu behind More on a card: a line and a button for each thing to do."""

from collections.abc import Sequence

from bot.case import Case
from handlers.slack.ids import Button
from handlers.slack.views.blocks import Block, case_button, plain, section

OFFERS = {
    Button.UPDATE: ("Update", "Tell what is new."),
    Button.WAIT: ("Wait longer", "Set it aside until another day."),
    Button.PRIORITY: ("Change priority", "See the new due times before anything changes."),
    Button.ASK: ("Ask a department", "Its answer comes back into the thread."),
    Button.SKIP: ("Skip a step", "One of the five is not needed here: say why."),
    Button.EDIT: ("Edit", "Correct what the case says, or add to it."),
    Button.MERGE: ("Merge", "It is the same as another case, and goes on there."),
    Button.RELEASE: ("Release", "Put the case back in the queue."),
    Button.CUSTOMER: ("Customer", "Who they are, and all their cases."),
    Button.WHY: ("Why these times?", "Each due time, line by line."),
}


def more_menu(case: Case, offered: Sequence[Button]) -> Block:
    lines = [
        section(what_for, case_button(name, button, case.id))
        for button in offered
        for name, what_for in [OFFERS[button]]
    ]
    title = plain(f"More for {case.reference}")
    return {"type": "modal", "title": title, "close": plain("Close"), "blocks": lines}
