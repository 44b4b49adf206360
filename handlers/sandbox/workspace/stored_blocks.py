"""Add the ids and defaults that Slack fills in when it stores blocks."""

import copy
from typing import Any

from handlers.sandbox.workspace.field_state import elements
from handlers.sandbox.workspace.ids import Mint


def with_defaults(blocks: list[dict[str, Any]], mint: Mint) -> list[dict[str, Any]]:
    stored = copy.deepcopy(blocks)
    for block in stored:
        if not block.get("block_id"):
            block["block_id"] = mint.block_id()
        for element in elements(block):
            if element["type"] != "image" and not element.get("action_id"):
                element["action_id"] = mint.block_id()
        fill_text_defaults(block)
    return stored


def fill_text_defaults(part: Any) -> None:
    if isinstance(part, list):
        for child in part:
            fill_text_defaults(child)
    elif isinstance(part, dict):
        if part.get("type") == "plain_text":
            part.setdefault("emoji", True)
        elif part.get("type") == "mrkdwn":
            part.setdefault("verbatim", False)
        for child in part.values():
            fill_text_defaults(child)
