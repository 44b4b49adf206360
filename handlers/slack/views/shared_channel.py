"""The warning to a lead that people of another company can read a channel."""

from collections.abc import Sequence

from bot.people import ChannelId
from bot.team.team import Team
from handlers.i18n import _
from handlers.slack.render import escape
from handlers.slack.views.blocks import Message, section


def shared_warning(channel: ChannelId, teams: Sequence[Team]) -> Message:
    """Return what happened, what the others can see, and what to do."""
    warning = _(
        ":warning: <#{channel}> is shared with another company, so its people can read it. From "
        "now on, cards there show a case's number, priority and buttons, but neither the customer "
        "nor what happened. Earlier messages in the threads stay as they are.\n"
        "Next step: stop sharing <#{channel}>, or ask your Baton operator to give {teams} another "
        "channel. Members still read a whole case with `/baton 42`."
    )
    names = ", ".join(f"*{escape(team.name)}*" for team in teams)
    text = warning.format(channel=channel, teams=names)
    return Message(text, [section(text)])
