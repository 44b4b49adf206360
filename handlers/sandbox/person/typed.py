"""What a person types as a message, and what Slack's own client makes of it before it is sent."""

import re

from handlers.sandbox.workspace.workspace import Workspace

ENTITY = re.compile(r"&lt;([@#][UCW][A-Z0-9]+(?:\|[^&<>]*)?|!subteam\^S[A-Z0-9]+)&gt;")
MENTION = re.compile(r"(?<!\S)@([\w.-]+)")
LOUD = ("here", "channel", "everyone")


def as_sent(workspace: Workspace, text: str) -> str:
    """Escaped, with ``@name`` made a mention; ``<@U…>`` counts as already picked."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    picked = ENTITY.sub(lambda found: f"<{found[1]}>", escaped)
    return MENTION.sub(lambda found: mention(workspace, found[1]) or found[0], picked)


def mention(workspace: Workspace, name: str) -> str | None:
    for person in workspace.people.values():
        if person.name == name:
            return f"<@{person.id}>"
    for group in workspace.groups.values():
        if group.handle == name:
            return f"<!subteam^{group.id}>"
    return f"<!{name}>" if name in LOUD else None
