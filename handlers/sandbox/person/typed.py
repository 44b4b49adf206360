"""Convert what a person types into the text that Slack's client sends."""

import re

from handlers.sandbox.workspace.workspace import Workspace

ENTITY = re.compile(r"&lt;([@#][UCW][A-Z0-9]+(?:\|[^&<>]*)?|!subteam\^S[A-Z0-9]+)&gt;")
MENTION = re.compile(r"(?<!\S)@([\w.-]+)")
BROADCASTS = ("here", "channel", "everyone")


def as_sent(workspace: Workspace, text: str) -> str:
    """Escape the text and turn ``@name`` into a mention. ``<@U…>`` is already a mention."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    with_entities = ENTITY.sub(lambda found: f"<{found[1]}>", escaped)
    return MENTION.sub(lambda found: mention(workspace, found[1]) or found[0], with_entities)


def mention(workspace: Workspace, name: str) -> str | None:
    for person in workspace.people.values():
        if person.name == name:
            return f"<@{person.id}>"
    for group in workspace.groups.values():
        if group.handle == name:
            return f"<!subteam^{group.id}>"
    return f"<!{name}>" if name in BROADCASTS else None
