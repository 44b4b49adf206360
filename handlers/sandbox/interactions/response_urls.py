"""response_urls: let an app answer one interaction, up to five times in 30 minutes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from handlers.sandbox.errors import SlackError
from handlers.sandbox.workspace.content import read_content
from handlers.sandbox.workspace.message import Message
from handlers.sandbox.workspace.workspace import Workspace

LIFETIME, MAX_USES = timedelta(minutes=30), 5
MAX_TEXT_BYTES = 40_000


@dataclass
class ResponseUrl:
    """One response_url that was issued."""

    person: str
    channel: str
    thread_ts: str | None
    original: Message | None  # the message with the button, if there is one
    expires: datetime
    uses_left: int = MAX_USES


class Responses:
    """Issues response_urls and applies what is posted to them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._issued: dict[str, ResponseUrl] = {}

    def issue(self, person: str, channel: str, original: Message | None = None) -> str:
        """Issue a response_url and return its id."""
        id = self._workspace.mint.id("R")
        thread = original.thread_ts if original and original.is_reply else None
        expires = self._workspace.clock() + LIFETIME
        self._issued[id] = ResponseUrl(person, channel, thread, original, expires)
        return id

    def use(self, id: str, payload: dict[str, Any]) -> None:
        """Apply what the app posted to a response_url.

        Raises:
            SlackError: the URL is unknown, expired or used up, or the content is refused.
        """
        if (url := self._issued.get(id)) is None:
            raise SlackError("no_such_url")
        if self._workspace.clock() > url.expires:
            raise SlackError("expired_url")
        if url.uses_left == 0:
            raise SlackError("used_url")
        self.reply(url, payload)
        url.uses_left -= 1

    def reply_to_command(self, id: str, payload: dict[str, Any]) -> None:
        """Apply the direct response to a command, which does not count as a use of the URL."""
        self.reply(self._issued[id], payload)

    def reply(self, url: ResponseUrl, payload: dict[str, Any]) -> None:
        if payload.get("delete_original"):
            self._delete(url)
        elif payload.get("replace_original") and url.original:
            self._replace(url.original, payload)
        else:
            self._post(url, payload)

    def _delete(self, url: ResponseUrl) -> None:
        original = url.original
        if original and original in (channel := self._workspace.channel(url.channel)).messages:
            channel.drop(original)
            self._workspace.changes.happened()

    def _replace(self, original: Message, payload: dict[str, Any]) -> None:
        content = read_content(payload, self._workspace.mint, max_text_bytes=MAX_TEXT_BYTES)
        for name, value in content.items():
            setattr(original, name, value)
        if original.only_for:
            self._workspace.screens[original.only_for].ephemerals.append(original.text)
        else:
            ts = self._workspace.mint.ts()
            original.edited = {"user": self._workspace.app.user, "ts": ts}
        self._workspace.changes.happened()

    def _post(self, url: ResponseUrl, payload: dict[str, Any]) -> None:
        app, mint = self._workspace.app, self._workspace.mint
        message = Message(
            channel=url.channel,
            ts=mint.ts(),
            user=app.user,
            bot_id=app.bot_id,
            app_id=app.id,
            thread_ts=str(payload.get("thread_ts") or "") or url.thread_ts,
            **read_content(payload, mint, max_text_bytes=MAX_TEXT_BYTES),
        )
        if payload.get("response_type") == "in_channel":
            self._workspace.post(self._workspace.channel(url.channel), message)
        else:
            message.only_for = url.person
            self._workspace.show_only_to(url.person, message)
