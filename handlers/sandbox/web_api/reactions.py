"""The reactions.* methods."""

import re

from handlers.sandbox.errors import SlackError
from handlers.sandbox.slack import Slack
from handlers.sandbox.web_api.arguments import Arguments
from handlers.sandbox.web_api.destinations import message_at, visible
from handlers.sandbox.web_api.method import Answer, Method
from handlers.sandbox.web_api.timestamps import is_timestamp
from handlers.sandbox.workspace.message import Message

NAME = re.compile(r"[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?")


def add(slack: Slack, args: Arguments) -> Answer:
    name, message = named(args), reacted(slack, args)
    users = message.reactions.setdefault(name, [])
    if slack.workspace.app.user in users:
        raise SlackError("already_reacted")
    users.append(slack.workspace.app.user)
    slack.workspace.changes.happened()
    return {}


def remove(slack: Slack, args: Arguments) -> Answer:
    name, message = named(args), reacted(slack, args)
    users = message.reactions.get(name, [])
    if slack.workspace.app.user not in users:
        raise SlackError("no_reaction")
    users.remove(slack.workspace.app.user)
    if not users:
        del message.reactions[name]
    slack.workspace.changes.happened()
    return {}


def named(args: Arguments) -> str:
    name = args.text("name").strip(":")
    if not NAME.fullmatch(name):
        raise SlackError("invalid_name")
    return name


def reacted(slack: Slack, args: Arguments) -> Message:
    if not args.text("channel") or not args.text("timestamp"):
        raise SlackError("no_item_specified")
    channel = visible(slack, args.text("channel"))
    if not is_timestamp(args.text("timestamp")):
        raise SlackError("bad_timestamp")
    if channel.archived:
        raise SlackError("is_archived")
    return message_at(channel, args.text("timestamp"))


WRITE = ("reactions:write",)
METHODS = {
    "reactions.add": Method(add, "t3", WRITE, ("name", "channel", "timestamp")),
    "reactions.remove": Method(remove, "t2", WRITE, ("name",)),
}
