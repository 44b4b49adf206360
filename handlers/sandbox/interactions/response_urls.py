"""Response urls: an app's leave to answer one interaction, five times in half an hour."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from handlers.sandbox.errors import SlackError
from handlers.sandbox.workspace.content import read_content
from handlers.sandbox.workspace.message import Message
from handlers.sandbox.workspace.workspace import Workspace

LIFE, USES = timedelta(minutes=30), 5
TEXT_MOST = 40_000


@dataclass
class Leave:
    person: str
    channel: str
    thread_ts: str | None
    original: Message | None  # what was pressed, if anything was
    until: datetime
    left: int = USES


class Responses:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._given: dict[str, Leave] = {}

    def give(self, person: str, channel: str, original: Message | None = None) -> str:
        """The id of a new response url."""
        id = self._workspace.mint.id("R")
        thread = original.thread_ts if original and original.is_reply else None
        until = self._workspace.clock() + LIFE
        self._given[id] = Leave(person, channel, thread, original, until)
        return id

    def use(self, id: str, given: dict[str, Any]) -> None:
        """Do what an app posted to a response url; raises SlackError."""
        if (leave := self._given.get(id)) is None:
            raise SlackError("no_such_url")
        if self._workspace.clock() > leave.until:
            raise SlackError("expired_url")
        if leave.left == 0:
            raise SlackError("used_url")
        self.reply(leave, given)
        leave.left -= 1

    def answer(self, id: str, given: dict[str, Any]) -> None:
        """What an app answered at once to a command; that uses nothing up."""
        self.reply(self._given[id], given)

    def reply(self, leave: Leave, given: dict[str, Any]) -> None:
        if given.get("delete_original"):
            self._delete(leave)
        elif given.get("replace_original") and leave.original:
            self._replace(leave.original, given)
        else:
            self._post(leave, given)

    def _delete(self, leave: Leave) -> None:
        original = leave.original
        if original and original in (channel := self._workspace.channel(leave.channel)).messages:
            channel.drop(original)
            self._workspace.changes.happened()

    def _replace(self, original: Message, given: dict[str, Any]) -> None:
        content = read_content(given, self._workspace.mint, max_text_bytes=TEXT_MOST)
        for name, value in content.items():
            setattr(original, name, value)
        if original.only_for:
            self._workspace.screens[original.only_for].ephemerals.append(original.text)
        else:
            ts = self._workspace.mint.ts()
            original.edited = {"user": self._workspace.app.user, "ts": ts}
        self._workspace.changes.happened()

    def _post(self, leave: Leave, given: dict[str, Any]) -> None:
        app, mint = self._workspace.app, self._workspace.mint
        message = Message(
            channel=leave.channel,
            ts=mint.ts(),
            user=app.user,
            bot_id=app.bot_id,
            app_id=app.id,
            thread_ts=str(given.get("thread_ts") or "") or leave.thread_ts,
            **read_content(given, mint, max_text_bytes=TEXT_MOST),
        )
        if given.get("response_type") == "in_channel":
            self._workspace.post(self._workspace.channel(leave.channel), message)
        else:
            message.only_for = leave.person
            self._workspace.show_only_to(leave.person, message)
