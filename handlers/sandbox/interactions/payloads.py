"""Build the payloads that Slack sends to an app."""

from typing import Any

from handlers.sandbox.person.typed import as_sent
from handlers.sandbox.slack import Slack
from handlers.sandbox.workspace.channel import Channel
from handlers.sandbox.workspace.field_state import initial_state
from handlers.sandbox.workspace.message import Message
from handlers.sandbox.workspace.screen import ShownView

Payload = dict[str, Any]


def command(slack: Slack, person: str, channel: Channel, text: str) -> Payload:
    """Return the payload of a slash command; the first word of ``text`` is the command."""
    workspace, app = slack.workspace, slack.workspace.app
    name, _, rest = text.partition(" ")
    response = slack.responses.issue(person, channel.id)
    declared = app.command(name)
    escaped = declared is not None and declared.should_escape
    return {
        "token": app.token,
        "team_id": workspace.id,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": "privategroup" if channel.kind == "private" else channel.name,
        "user_id": person,
        "user_name": workspace.member(person).name,
        "command": name,
        "text": as_sent(workspace, rest.strip()) if escaped else rest.strip(),
        "api_app_id": app.id,
        "is_enterprise_install": "false",
        "response_url": response_url(slack, response),
        "trigger_id": slack.triggers.issue(person),
    }


def response_url(slack: Slack, id: str) -> str:
    return f"http://{slack.address}/response/{id}"


def interaction(slack: Slack, kind: str, person: str) -> Payload:
    """Return the fields that all interaction payloads share."""
    workspace = slack.workspace
    member = workspace.member(person)
    return {
        "type": kind,
        "token": workspace.app.token,
        "api_app_id": workspace.app.id,
        "team": {"id": workspace.id, "domain": workspace.domain},
        "enterprise": None,
        "is_enterprise_install": False,
        "user": {
            "id": person,
            "username": member.name,
            "name": member.name,
            "team_id": workspace.id,
        },
    }


def triggered(slack: Slack, kind: str, person: str) -> Payload:
    return interaction(slack, kind, person) | {"trigger_id": slack.triggers.issue(person)}


def channel_field(channel: Channel) -> Payload:
    names = {"im": "directmessage", "private": "privategroup"}
    return {"id": channel.id, "name": names.get(channel.kind, channel.name)}


def shortcut(slack: Slack, person: str, callback_id: str) -> Payload:
    return triggered(slack, "shortcut", person) | {
        "callback_id": callback_id,
        "action_ts": slack.workspace.mint.ts(),
    }


def message_action(slack: Slack, person: str, callback_id: str, on: Message) -> Payload:
    channel = slack.workspace.channel(on.channel)
    response = slack.responses.issue(person, on.channel, on)
    return triggered(slack, "message_action", person) | {
        "callback_id": callback_id,
        "action_ts": slack.workspace.mint.ts(),
        "message_ts": on.ts,
        "channel": channel_field(channel),
        "message": on.as_slack(slack.workspace.id),
        "response_url": response_url(slack, response),
    }


def actions_on_message(slack: Slack, person: str, on: Message, action: Payload) -> Payload:
    channel = slack.workspace.channel(on.channel)
    response = slack.responses.issue(person, on.channel, on)
    container = {
        "type": "message",
        "message_ts": on.ts,
        "channel_id": on.channel,
        "is_ephemeral": on.only_for is not None,
    }
    if on.is_reply:
        container["thread_ts"] = on.thread_ts
    # Slack does not include the content of an ephemeral message.
    source = {"type": "message", "ts": on.ts} if on.only_for else on.as_slack(slack.workspace.id)
    return triggered(slack, "block_actions", person) | {
        "container": container,
        "channel": channel_field(channel),
        "message": source,
        "state": {"values": chosen_on(on)},
        "response_url": response_url(slack, response),
        "actions": [action],
    }


def chosen_on(message: Message) -> dict[str, dict[str, Any]]:
    values = initial_state(message.blocks or [])
    for block_id, fields in values.items():
        for action_id in fields:
            chosen = message.chosen.get(block_id, {}).get(action_id)
            fields[action_id] = chosen or fields[action_id]
    return values


def actions_in_view(slack: Slack, person: str, view: ShownView, action: Payload) -> Payload:
    return triggered(slack, "block_actions", person) | {
        "container": {"type": "view", "view_id": view.id},
        "view": view.as_slack(),
        "actions": [action],
    }


def submission(slack: Slack, person: str, view: ShownView) -> Payload:
    return triggered(slack, "view_submission", person) | {
        "view": view.as_slack(),
        "response_urls": [],
    }


def closing(slack: Slack, person: str, view: ShownView, *, cleared: bool) -> Payload:
    payload = interaction(slack, "view_closed", person)
    return payload | {"view": view.as_slack(), "is_cleared": cleared}


def suggestion(
    slack: Slack, person: str, view: ShownView, block_id: str, action_id: str, typed: str
) -> Payload:
    return interaction(slack, "block_suggestion", person) | {
        "container": {"type": "view", "view_id": view.id},
        "view": view.as_slack(),
        "block_id": block_id,
        "action_id": action_id,
        "value": typed,
    }


def event_callback(slack: Slack, event: Payload) -> Payload:
    workspace, app = slack.workspace, slack.workspace.app
    authorization = {
        "enterprise_id": None,
        "team_id": workspace.id,
        "user_id": app.user,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": app.token,
        "team_id": workspace.id,
        "api_app_id": app.id,
        "event": event,
        "type": "event_callback",
        "event_id": workspace.mint.id("Ev"),
        "event_time": int(slack.clock().timestamp()),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
    }
