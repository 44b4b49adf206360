"""Read a message's content from an app's arguments, with Slack's checks."""

from typing import Any

from handlers.sandbox.limits import check_message
from handlers.sandbox.workspace.ids import Mint
from handlers.sandbox.workspace.message import words_of
from handlers.sandbox.workspace.stored_blocks import with_defaults

MAX_TEXT = 40_000  # Slack truncates longer texts


def read_content(
    content: dict[str, Any], mint: Mint, *, max_text_bytes: int | None = None
) -> dict[str, Any]:
    """Return the text, blocks and attachments for a Message.

    Raises:
        SlackError: Slack would refuse the content.
    """
    check_message(content, max_text_bytes=max_text_bytes)
    text, blocks = str(content.get("text") or ""), content.get("blocks") or None
    if markdown := content.get("markdown_text"):
        text, blocks = markdown, [{"type": "markdown", "text": markdown}]
    stored = with_defaults(blocks, mint) if blocks else None
    return {
        "text": (text or words_of(stored))[:MAX_TEXT],
        "blocks": stored,
        "attachments": content.get("attachments") or [],
    }
