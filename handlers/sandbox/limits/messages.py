"""Slack's rules for a whole message: it must have content, within limits."""

import json
from typing import Any

from handlers.sandbox.errors import SlackError
from handlers.sandbox.limits.blocks import check_blocks
from handlers.sandbox.workspace.message import words_of

MAX_MARKDOWN = 12_000
# Undocumented. Users measured about 13,200 characters, with some overhead for each block.
MAX_BLOCKS_TEXT = 13_200
CHARACTERS_PER_BLOCK = 20
MAX_METADATA = 16_000


def check_message(content: dict[str, Any], *, max_text_bytes: int | None = None) -> None:
    """Check a message's text, blocks and attachments.

    ``max_text_bytes`` limits the text, in UTF-8 bytes. Without it a long text is accepted,
    because chat.postMessage truncates it.

    Raises:
        SlackError: Slack would refuse the message.
    """
    text, blocks = content.get("text"), content.get("blocks")
    if (markdown := content.get("markdown_text")) is not None:
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        if len(markdown) > MAX_MARKDOWN:
            raise SlackError("msg_too_long")
    if not (str(text or "").strip() or blocks or markdown or content.get("attachments")):
        raise SlackError("no_text")
    if max_text_bytes and len(str(text or "").encode(errors="surrogatepass")) > max_text_bytes:
        raise SlackError("msg_too_long")
    if len(content.get("attachments") or []) > 100:
        raise SlackError("too_many_attachments")
    if blocks is not None:
        check_message_blocks(blocks)


def check_message_blocks(blocks: Any) -> None:
    if problems := check_blocks(blocks, "message"):
        raise SlackError("invalid_blocks", *problems, errors=[problem[8:] for problem in problems])
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > MAX_MARKDOWN:
        raise SlackError("msg_too_long")
    if len(words_of(blocks)) + CHARACTERS_PER_BLOCK * len(blocks) > MAX_BLOCKS_TEXT:
        raise SlackError("msg_blocks_too_long")


def read_metadata(metadata: Any) -> dict[str, Any] | None:
    """Return a message's metadata, or None.

    Raises:
        SlackError: Slack would refuse the metadata.
    """
    if metadata in (None, "", {}):
        return None
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(kind, str) or not kind or not isinstance(payload, dict):
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(payload)) > MAX_METADATA:
        raise SlackError("metadata_too_large")
    return {"event_type": kind, "event_payload": payload}
