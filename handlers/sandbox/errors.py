"""Slack's error responses."""

from typing import Any


class SlackError(Exception):
    """An error response with Slack's code, and detail messages where Slack sends them."""

    def __init__(self, code: str, *messages: str, **extra: Any) -> None:
        super().__init__(code, *messages)
        self.code, self.messages, self.extra = code, messages, extra

    def answer(self) -> dict[str, Any]:
        body: dict[str, Any] = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            body["response_metadata"] = {"messages": list(self.messages)}
        return body


def bad_argument(message: str) -> SlackError:
    return SlackError("invalid_arguments", f"[ERROR] {message}")
