"""The menu behind More on a card: a line and a button for each step."""

from collections.abc import Sequence

from bot.case import Case
from bot.messages import N_
from handlers.i18n import _
from handlers.slack.ids import Button
from handlers.slack.views.blocks import Block, case_button, plain, section

ITEMS = {
    Button.UPDATE: (N_("Update"), N_("Log what is new.")),
    Button.WAIT: (N_("Wait longer"), N_("Extend the wait.")),
    Button.PRIORITY: (N_("Change priority"), N_("See the new due times before you decide.")),
    Button.ASK: (N_("Ask a department"), N_("The answer comes back to the thread.")),
    Button.SKIP: (N_("Skip a step"), N_("One of the five steps is not needed.")),
    Button.EDIT: (N_("Edit"), N_("Correct or add facts.")),
    Button.MERGE: (N_("Merge"), N_("It is the same problem as another case.")),
    Button.RELEASE: (N_("Release"), N_("Put the case back in the queue.")),
    Button.CUSTOMER: (N_("Customer"), N_("See the customer's facts and cases.")),
    Button.WHY: (N_("Why these times?"), N_("See how each due time was calculated.")),
}


def more_menu(case: Case, offered: Sequence[Button]) -> Block:
    lines = [
        section(_(hint), case_button(_(label), button, case.id))
        for button in offered
        for label, hint in [ITEMS[button]]
    ]
    title = plain(_("More for {case}").format(case=case.reference))
    return {"type": "modal", "title": title, "close": plain(_("Close")), "blocks": lines}
