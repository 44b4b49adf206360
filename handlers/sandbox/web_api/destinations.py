"""Resolve the channel and message that a call names, with Slack's access checks."""

from collections.abc import Sequence
from typing import Any

from handlers.sandbox.errors import SlackError
from handlers.sandbox.slack import Slack
from handlers.sandbox.web_api.arguments import Arguments
from handlers.sandbox.workspace.channel import Channel
from handlers.sandbox.workspace.message import Message

FAMILY = {"public": "channels", "private": "groups", "im": "im"}


def visible(slack: Slack, id: str) -> Channel:
    """Return a channel by id; a private channel only if the app is a member."""
    channel = slack.workspace.channel(id)
    if channel.kind != "public" and slack.workspace.app.user not in channel.members:
        raise SlackError("channel_not_found")
    return channel


def need_scope(slack: Slack, *any_of: str) -> None:
    scopes = slack.workspace.app.scopes
    if any_of and not scopes & set(any_of):
        raise SlackError(
            "missing_scope", needed=",".join(any_of), provided=",".join(sorted(scopes))
        )


def readable(slack: Slack, args: Arguments, verb: str, name: str = "channel") -> Channel:
    """Return a channel for which the app has the scope to ``verb``: read or history."""
    channel = visible(slack, args.text(name))
    need_scope(slack, f"{FAMILY[channel.kind]}:{verb}")
    return channel


def destination(slack: Slack, id: str) -> Channel:
    """Return the channel for a channel id, a #name, or a user id (their DM with the app)."""
    workspace = slack.workspace
    if id in workspace.people:
        member = workspace.people[id]
        if member.bot:
            raise SlackError("cannot_dm_bot")
        if member.deleted:
            raise SlackError("channel_not_found")
        return workspace.im(id)
    if id.startswith("#"):
        named = [channel.id for channel in workspace.channels.values() if f"#{channel.name}" == id]
        id = named[0] if named else id
    return visible(slack, id)


def postable(slack: Slack, id: str) -> Channel:
    """Return a channel that the app may post in."""
    channel = destination(slack, id)
    if channel.archived:
        raise SlackError("is_archived")
    if slack.workspace.app.user not in channel.members:
        raise SlackError("not_in_channel")
    if channel.is_im and not slack.workspace.app.messages_tab and not channel.messages:
        raise SlackError("messages_tab_disabled")
    return channel


def message_at(channel: Channel, ts: str) -> Message:
    if (found := channel.find(ts)) is None:
        raise SlackError("message_not_found")
    return found


def page(found: Sequence[Any], args: Arguments, default: int) -> tuple[list[Any], dict[str, Any]]:
    """Return one page of a list and the ``response_metadata`` with the next cursor."""
    limit = args.number("limit", default)
    if not 1 <= limit <= 1000:
        raise SlackError("invalid_limit")
    cursor = args.text("cursor")
    if cursor and not (cursor.isascii() and cursor.isdigit() and int(cursor) <= len(found)):
        raise SlackError("invalid_cursor")
    start = int(cursor or 0)
    more = str(start + limit) if start + limit < len(found) else ""
    return list(found[start : start + limit]), {"next_cursor": more}
