"""Messages, ephemeral ones included."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False, kw_only=True)
class Message:
    """A message in a channel, thread or DM, as Slack stores it."""

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: list[dict[str, Any]] | None = None
    attachments: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] | None = None
    thread_ts: str | None = None  # the root's ts; a root gets its own once it has replies
    broadcast: bool = False
    bot_id: str | None = None
    app_id: str | None = None
    username: str | None = None
    client_msg_id: str | None = None
    subtype: str | None = None
    edited: dict[str, str] | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    only_for: str | None = None  # set for an ephemeral message: its recipient
    chosen: dict[str, dict[str, Any]] = field(default_factory=dict)  # values chosen in its menus

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def words(self) -> str:
        """The visible text: from the blocks if there are any, else ``text``."""
        return words_of(self.blocks) if self.blocks else self.text

    def as_slack(self, team: str, *, metadata: bool = False) -> dict[str, Any]:
        """Return the message object of conversations.history."""
        message: dict[str, Any] = {
            "type": "message",
            "user": self.user,
            "ts": self.ts,
            "text": self.text,
            "team": team,
        }
        optional = {
            "subtype": self.subtype or ("thread_broadcast" if self.broadcast else None),
            "client_msg_id": self.client_msg_id,
            "bot_id": self.bot_id,
            "app_id": self.app_id,
            "username": self.username,
            "thread_ts": self.thread_ts,
            "blocks": self.blocks,
            "attachments": self.attachments,
            "edited": self.edited,
            "metadata": self.metadata if metadata else None,
            "reactions": [
                {"name": name, "users": list(users), "count": len(users)}
                for name, users in self.reactions.items()
            ],
        }
        return message | {name: value for name, value in optional.items() if value}


def words_of(part: Any) -> str:
    return "\n".join(texts(part))


def texts(part: Any) -> Iterator[str]:
    """Yield every text within blocks, in reading order."""
    if isinstance(part, list):
        for child in part:
            yield from texts(child)
    elif isinstance(part, dict):
        if isinstance(part.get("text"), str):
            yield part["text"]
        for name, child in part.items():
            if isinstance(child, dict | list) and name not in {"confirm", "options"}:
                yield from texts(child)
