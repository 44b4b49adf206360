"""What a message says, read from whatever an app sent, checked as Slack checks it."""

from typing import Any

from handlers.sandbox.limits import check_message
from handlers.sandbox.workspace.ids import Mint
from handlers.sandbox.workspace.message import words_of
from handlers.sandbox.workspace.stored_blocks import normal_blocks

TEXT_KEEPS = 40_000  # the rest is cut off


def read_content(
    given: dict[str, Any], mint: Mint, *, max_text_bytes: int | None = None
) -> dict[str, Any]:
    """The text, blocks and attachments of a Message; raises SlackError."""
    check_message(given, max_text_bytes=max_text_bytes)
    text, blocks = str(given.get("text") or ""), given.get("blocks") or None
    if markdown := given.get("markdown_text"):
        text, blocks = markdown, [{"type": "markdown", "text": markdown}]
    kept = normal_blocks(blocks, mint) if blocks else None
    return {
        "text": (text or words_of(kept))[:TEXT_KEEPS],
        "blocks": kept,
        "attachments": given.get("attachments") or [],
    }
