"""Channels, and DMs between a person and the app."""

from dataclasses import dataclass, field
from typing import Any

from handlers.sandbox.workspace.message import Message


@dataclass(eq=False, kw_only=True)
class Channel:
    """A public or private channel, or a DM."""

    id: str
    name: str
    created: int
    private: bool = False
    peer: str | None = None  # set for a DM: the person in it
    topic: str = ""
    archived: bool = False
    shared: bool = False  # with another company, through Slack Connect
    members: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    by_ts: dict[str, Message] = field(default_factory=dict)

    @property
    def is_im(self) -> bool:
        return self.peer is not None

    @property
    def kind(self) -> str:
        if self.is_im:
            return "im"
        return "private" if self.private else "public"

    def keep(self, message: Message) -> None:
        self.messages.append(message)
        self.by_ts[message.ts] = message

    def drop(self, message: Message) -> None:
        self.messages.remove(message)
        del self.by_ts[message.ts]

    def find(self, ts: str) -> Message | None:
        """Return a message that is not ephemeral, or None."""
        found = self.by_ts.get(ts)
        return found if found and not found.only_for else None

    def seen_by(self, person: str | None) -> list[Message]:
        """Return the messages that ``person`` sees; without one, those that are not ephemeral."""
        return [message for message in self.messages if message.only_for in {None, person}]

    def thread(self, root: str) -> list[Message]:
        """Return the root message and its replies, without ephemeral ones."""
        return [
            message for message in self.seen_by(None) if root in {message.ts, message.thread_ts}
        ]

    def as_conversation(self, app_user: str, team: str) -> dict[str, Any]:
        """Return the channel object of conversations.info."""
        conversation: dict[str, Any] = {
            "id": self.id,
            "created": self.created,
            "is_archived": self.archived,
            "is_im": self.is_im,
            "is_org_shared": False,
            "context_team_id": team,
        }
        if self.is_im:
            return conversation | {"user": self.peer, "is_user_deleted": False, "priority": 0}
        return conversation | {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.private,
            "is_group": self.private,
            "is_mpim": False,
            "is_private": self.private,
            "is_general": False,
            "is_shared": self.shared,
            "is_ext_shared": self.shared,
            "is_pending_ext_shared": False,
            "is_member": app_user in self.members,
            "creator": self.members[0] if self.members else "",
            "topic": {"value": self.topic, "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }
