"""What people read when a message could not be sent where it belongs, or nobody can tell."""

from bot.delivery import Delivery, DeliveryKind
from bot.people import reference
from handlers.slack.ids import Button
from handlers.slack.render import Markup, channel, mention, words
from handlers.slack.views.blocks import (
    BLOCKS_IN_MESSAGE,
    Message,
    actions,
    button,
    context,
    section,
)

WHY = {
    "not_in_channel": "I am not in it. To mend that, type there: /invite @Baton",
    "channel_not_found": "I cannot see it. If it is private, type there: /invite @Baton. If it is "
    "gone, name another channel in the team's document.",
    "is_archived": "it is archived. Unarchive it, or name another channel in the team's document.",
    "messages_tab_disabled": "its Messages tab is off. Switch it on in the app's settings.",
    "restricted_action": "only some may post there. Let Baton post, in the channel's settings.",
}
NOBODY = "Slack does not let me reach them. They may have left: see who takes over."
WHAT = {
    DeliveryKind.CARD: "the card",
    DeliveryKind.TASK: "a question to a department",
    DeliveryKind.DIGEST: "the digest",
    DeliveryKind.GATHERED: "a list of cases that need somebody",
}


def said_elsewhere(original: Delivery, message: Message) -> Message:
    """The same message, with a word on why it comes here."""
    place = _place(original)
    why = (
        NOBODY
        if original.is_for_one
        else WHY.get(original.reason, f"Slack says {original.reason}.")
    )
    if original.reason.startswith("restricted_action"):
        why = WHY["restricted_action"]
    said = words("said_elsewhere", place=place, why=why)
    blocks = [context(said), *message.blocks][:BLOCKS_IN_MESSAGE]
    return Message(f"{said}\n{message.text}", blocks)


def refused_here(original: Delivery) -> Message:
    said = words("refused_here", what=_what(original), case=original.case, place=_place(original))
    return Message(said, [section(said)])


def repeated(message: Message) -> Message:
    said = words("repeated")
    blocks = [context(said), *message.blocks][:BLOCKS_IN_MESSAGE]
    return Message(f"{said}\n{message.text}", blocks)


def question(held: Delivery) -> Message:
    said = words("question", what=_what(held), place=_place(held))
    there = button("It is there", Button.ARRIVED, held.key)
    again = button("Send it again", Button.SEND_AGAIN, held.key)
    return Message(said, [section(said), actions(there, again)])


def _what(delivery: Delivery) -> str:
    what = WHAT.get(delivery.kind, "a message")
    return f"{what} of {reference(delivery.case)}" if delivery.case else what


def _place(delivery: Delivery) -> Markup:
    if delivery.is_for_one:
        return mention(delivery.channel)
    return channel(delivery.channel)
