"""A log of every message that was posted, including deleted ones."""

from collections.abc import Callable
from typing import Any

from handlers.sandbox.workspace.channel import Channel
from handlers.sandbox.workspace.message import Message


class Log:
    """All messages in posting order; tests read it from another process."""

    def __init__(self, channel: Callable[[str], Channel]) -> None:
        self._channel = channel
        self._stored: list[tuple[Message, str]] = []

    def keep(self, message: Message) -> None:
        self._stored.append((message, message.words))

    def lines(self, since: int, limit: int) -> list[dict[str, Any]]:
        """Return up to ``limit`` messages, starting at number ``since`` (counted from 0)."""
        return [self._line(*entry) for entry in self._stored[since : since + limit]]

    def _line(self, message: Message, first: str) -> dict[str, Any]:
        channel = self._channel(message.channel)
        is_present = channel.by_ts.get(message.ts) is message
        return {
            "channel": channel.id,
            "peer": channel.peer,
            "ts": message.ts,
            "thread_ts": message.thread_ts,
            "user": message.user,
            "only_for": message.only_for,
            "text": message.text,
            "words": message.words,
            "first_words": first,
            "metadata": message.metadata,
            "deleted": not is_present or message.subtype == "tombstone",
        }
