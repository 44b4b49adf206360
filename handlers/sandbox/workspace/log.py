"""Every message that was ever stored, in order: also those that were deleted since."""

from collections.abc import Callable
from typing import Any

from handlers.sandbox.workspace.channel import Channel
from handlers.sandbox.workspace.message import Message


class Log:
    def __init__(self, channel: Callable[[str], Channel]) -> None:
        self._channel = channel
        self._stored: list[tuple[Message, str]] = []

    def keep(self, message: Message) -> None:
        self._stored.append((message, message.words))

    def lines(self, since: int, most: int) -> list[dict[str, Any]]:
        """From the message with this number on, counted from 0."""
        return [self._line(*one) for one in self._stored[since : since + most]]

    def _line(self, message: Message, first: str) -> dict[str, Any]:
        channel = self._channel(message.channel)
        there = channel.by_ts.get(message.ts) is message
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
            "deleted": not there or message.subtype == "tombstone",
        }
