"""What people read about a message that did not reach its place, or might not have."""

from bot.delivery import Delivery, DeliveryKind
from bot.messages import N_
from bot.people import reference
from handlers.i18n import _
from handlers.slack.ids import Button
from handlers.slack.render import Markup, channel, mention, text
from handlers.slack.views.blocks import (
    BLOCKS_IN_MESSAGE,
    Message,
    actions,
    button,
    context,
    section,
)

CAUSES = {
    "not_in_channel": N_("I'm not in that channel. To fix it, type there: /invite @Baton"),
    "channel_not_found": N_(
        "I can't see that channel. If it is private, type there: /invite @Baton. If it is gone, "
        "set another channel in the team file."
    ),
    "is_archived": N_(
        "the channel is archived. Unarchive it, or set another channel in the team file."
    ),
    "messages_tab_disabled": N_("its Messages tab is off. Turn it on in the app's settings."),
    "restricted_action": N_(
        "only some members may post there. Allow Baton in the channel's settings."
    ),
}
OTHER_CAUSE = N_("Slack answered {reason}.")
UNREACHABLE_PERSON = N_(
    "Slack can't reach them. They may have left. Please decide who takes over their cases."
)
NAMES = {
    DeliveryKind.CARD: (N_("the card of {case}"), N_("a card")),
    DeliveryKind.TASK: (
        N_("the question to a department about {case}"),
        N_("a question to a department"),
    ),
    DeliveryKind.DIGEST: (N_("the digest"), N_("the digest")),
    DeliveryKind.GATHERED: (N_("a list of cases"), N_("a list of cases")),
}
A_MESSAGE = (N_("a message about {case}"), N_("a message"))


def said_elsewhere(original: Delivery, message: Message) -> Message:
    """Return the message with a note on why it comes here."""
    return _with_note(
        text("undelivered", "elsewhere", place=_place(original), why=_why(original)), message
    )


def refused_here(original: Delivery) -> Message:
    said = text(
        "undelivered",
        "refused",
        what=_name(original),
        case=original.case,
        place=_place(original),
    )
    return Message(said, [section(said)])


def repeated(message: Message) -> Message:
    return _with_note(text("undelivered", "repeated"), message)


def question(delivery: Delivery) -> Message:
    """Ask a lead whether a message arrived that Baton could not look for."""
    asked = text("undelivered", "question", what=_name(delivery), place=_place(delivery))
    there = button(_("It is there"), Button.ARRIVED, delivery.key)
    again = button(_("Send it again"), Button.SEND_AGAIN, delivery.key)
    return Message(asked, [section(asked), actions(there, again)])


def _with_note(note: str, message: Message) -> Message:
    blocks = [context(note), *message.blocks][:BLOCKS_IN_MESSAGE]
    return Message(f"{note}\n{message.text}", blocks)


def _why(original: Delivery) -> str:
    if original.is_direct_message and not original.reason.startswith("restricted_action"):
        return _(UNREACHABLE_PERSON)
    if original.reason.startswith("restricted_action"):
        return _(CAUSES["restricted_action"])
    if original.reason in CAUSES:
        return _(CAUSES[original.reason])
    return _(OTHER_CAUSE).format(reason=original.reason)


def _name(delivery: Delivery) -> str:
    of_case, alone = NAMES.get(delivery.kind, A_MESSAGE)
    if delivery.case is None:
        return _(alone)
    return _(of_case).format(case=reference(delivery.case))


def _place(delivery: Delivery) -> Markup:
    if delivery.is_direct_message:
        return mention(delivery.channel)
    return channel(delivery.channel)
