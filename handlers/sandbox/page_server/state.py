"""The workspace as the page shows it to one person."""

from typing import Any

from handlers.sandbox.slack import Slack
from handlers.sandbox.workspace.channel import Channel
from handlers.sandbox.workspace.message import Message
from handlers.sandbox.workspace.screen import Screen


def people(slack: Slack) -> dict[str, Any]:
    workspace, app = slack.workspace, slack.workspace.app
    return {
        "workspace": {"id": workspace.id, "name": workspace.name},
        "app": {
            "name": app.name,
            "user": app.user,
            "commands": [
                {
                    "command": command.command,
                    "usage_hint": command.usage_hint,
                    "description": command.description,
                }
                for command in app.commands
            ],
            "shortcuts": [
                {"name": shortcut.name, "type": shortcut.type, "callback_id": shortcut.callback_id}
                for shortcut in app.shortcuts
            ],
        },
        "people": [
            {
                "id": member.id,
                "name": member.name,
                "real_name": member.real_name,
                "title": member.title,
                "tz": member.tz,
                "tz_offset": member.tz_offset(slack.clock()),
                "is_bot": member.bot,
                "color": member.color,
            }
            for member in workspace.people.values()
        ],
        "groups": [
            {"id": group.id, "handle": group.handle, "name": group.name}
            for group in workspace.groups.values()
        ],
    }


def state(slack: Slack, person: str) -> dict[str, Any]:
    workspace, screen = slack.workspace, slack.workspace.screens[person]
    if not workspace.people[person].bot:
        workspace.im(person)
    channels = workspace.channels_of(person)
    return {
        "version": workspace.changes.version,
        "now": slack.clock().timestamp(),
        "channels": [shown_channel(channel, person) for channel in channels],
        "messages": {
            channel.id: [shown_message(message) for message in channel.seen_by(person)]
            for channel in channels
        },
        "modal": shown_modal(screen),
        "home": screen.home.as_slack() if screen.home else None,
        "notices": [{"id": id, "text": text} for id, text in screen.notices],
    }


def shown_channel(channel: Channel, person: str) -> dict[str, Any]:
    seen = channel.seen_by(person)
    peers = [member for member in channel.members if member != person] if channel.is_im else []
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "peer": peers[0] if peers else None,
        "topic": channel.topic,
        "last_ts": seen[-1].ts if seen else None,
        "archived": channel.archived,
    }


def shown_message(message: Message) -> dict[str, Any]:
    return {
        "ts": message.ts,
        "thread_ts": message.thread_ts,
        "user": message.user,
        "text": message.text,
        "blocks": message.blocks,
        # Slack's client marks an edit only on messages without blocks.
        "edited": bool(message.edited and not message.blocks),
        "ephemeral": message.only_for is not None,
        "deleted": False,
        "reactions": [{"name": name, "users": users} for name, users in message.reactions.items()],
    }


def shown_modal(screen: Screen) -> dict[str, Any] | None:
    if (view := screen.top) is None:
        return None
    return {
        "id": view.id,
        "view": view.as_slack(),
        "errors": view.errors,
        "depth": len(screen.stack),
    }
