"""Slack's rules for a whole message: that it says something, and how much."""

import json
from typing import Any

from handlers.sandbox.errors import SlackError
from handlers.sandbox.limits.blocks import check_blocks
from handlers.sandbox.workspace.message import words_of

MARKDOWN_MOST = 12_000
BLOCKS_MOST = 13_200  # undocumented; what people measured, each block counting for some
BLOCK_COUNTS = 20
METADATA_MOST = 16_000


def check_message(content: dict[str, Any], *, text_most: int | None = None) -> None:
    """Raises SlackError unless Slack would take this text, these blocks and attachments.

    ``text_most`` is the limit in UTF-8 bytes for what is refused when it is too long;
    without it the text is not refused.
    """
    text, blocks = content.get("text"), content.get("blocks")
    if (markdown := content.get("markdown_text")) is not None:
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        if len(markdown) > MARKDOWN_MOST:
            raise SlackError("msg_too_long")
    if not (str(text or "").strip() or blocks or markdown or content.get("attachments")):
        raise SlackError("no_text")
    if text_most and len(str(text or "").encode(errors="surrogatepass")) > text_most:
        raise SlackError("msg_too_long")
    if len(content.get("attachments") or []) > 100:
        raise SlackError("too_many_attachments")
    if blocks is not None:
        check_message_blocks(blocks)


def check_message_blocks(blocks: Any) -> None:
    if faults := check_blocks(blocks, "message"):
        raise SlackError("invalid_blocks", *faults, errors=[one[8:] for one in faults])
    markdown = sum(len(one["text"]) for one in blocks if one["type"] == "markdown")
    if markdown > MARKDOWN_MOST:
        raise SlackError("msg_too_long")
    if len(words_of(blocks)) + BLOCK_COUNTS * len(blocks) > BLOCKS_MOST:
        raise SlackError("msg_blocks_too_long")


def read_metadata(given: Any) -> dict[str, Any] | None:
    """A message's metadata, or None if there is none; raises SlackError if it is no good."""
    if given in (None, "", {}):
        return None
    if not isinstance(given, dict):
        raise SlackError("invalid_metadata_format")
    kind, payload = given.get("event_type"), given.get("event_payload")
    if not isinstance(kind, str) or not kind or not isinstance(payload, dict):
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(payload)) > METADATA_MOST:
        raise SlackError("metadata_too_large")
    return {"event_type": kind, "event_payload": payload}
