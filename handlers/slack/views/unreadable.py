"""Cases that this version of Baton cannot read: a list names them below the others."""

from collections.abc import Collection

from bot.people import CaseId, reference
from handlers.i18n import ngettext
from handlers.slack.views.blocks import Message, context

NAMED = 10


def cannot_read(cases: Collection[CaseId]) -> str:
    names = ", ".join(map(reference, sorted(cases)[:NAMED]))
    return ngettext(
        "{names} cannot be read by this version of Baton. Please tell your Baton operator.",
        "{count} cases cannot be read by this version of Baton, such as {names}. Please tell your "
        "Baton operator.",
        len(cases),
    ).format(count=len(cases), names=names)


def with_unreadable(message: Message, cases: Collection[CaseId]) -> Message:
    """Return the message with a line that names the cases left out of it, if there are any."""
    if not cases:
        return message
    line = unreadable_message(cases)
    return Message(f"{message.text}\n{line.text}", [*message.blocks, *line.blocks])


def unreadable_message(cases: Collection[CaseId]) -> Message:
    line = cannot_read(cases)
    return Message(line, [context(line)])
