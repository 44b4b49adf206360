"""Links to what people wrote in the threads of a case that is restricted now."""

from collections.abc import Sequence

from bot.case import Case
from handlers.i18n import _
from handlers.slack.render import Markup, text
from handlers.slack.views.blocks import Message, section

LINKS = 30
"""With more, the message would be too long for a section."""


def replies_message(case: Case, addresses: Sequence[str]) -> Message:
    """Return the message; it says nothing of the case, because its reader may not read it."""
    lines = [
        f"• <{address}|{_('Reply {number}').format(number=number)}>"
        for number, address in enumerate(addresses[:LINKS], start=1)
    ]
    if (hidden := len(addresses) - LINKS) > 0:
        lines.append(_("{count} more in the thread").format(count=hidden))
    return _message("\n".join([text("replies", "found", case=case), *lines]))


def unreadable_replies(case: Case, link: str) -> Message:
    return _message(text("replies", "unreadable", case=case, link=Markup(link)))


def _message(content: str) -> Message:
    return Message(content, [section(content)])
