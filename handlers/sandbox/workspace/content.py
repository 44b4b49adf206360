"""Read a message's content from an app's arguments, with Slack's checks."""

from typing import Any

from handlers.sandbox.limits import check_message
from handlers.sandbox.workspace.ids import Mint
from handlers.sandbox.workspace.message import words_of
from handlers.sandbox.workspace.stored_blocks import with_defaults

MAX_TEXT = 40_000  # Slack truncates longer texts


def read_content(
    given: dict[str, Any], mint: Mint, *, max_text_bytes: int | None = None
) -> dict[str, Any]:
    """Return the text, blocks and attachments for a Message.

    Raises:
        SlackError: Slack would refuse the content.
    """
    check_message(given, max_text_bytes=max_text_bytes)
    text, blocks = str(given.get("text") or ""), given.get("blocks") or None
    if markdown := given.get("markdown_text"):
        text, blocks = markdown, [{"type": "markdown", "text": markdown}]
    kept = with_defaults(blocks, mint) if blocks else None
    return {
        "text": (text or words_of(kept))[:MAX_TEXT],
        "blocks": kept,
        "attachments": given.get("attachments") or [],
    }
