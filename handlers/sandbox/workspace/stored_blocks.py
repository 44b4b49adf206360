"""Blocks as Slack keeps them: with the ids and defaults that their author left out."""

import copy
from typing import Any

from handlers.sandbox.workspace.field_state import elements
from handlers.sandbox.workspace.ids import Mint


def normal_blocks(blocks: list[dict[str, Any]], mint: Mint) -> list[dict[str, Any]]:
    kept = copy.deepcopy(blocks)
    for block in kept:
        if not block.get("block_id"):
            block["block_id"] = mint.block_id()
        for element in elements(block):
            if element["type"] != "image" and not element.get("action_id"):
                element["action_id"] = mint.block_id()
        fill_texts(block)
    return kept


def fill_texts(part: Any) -> None:
    if isinstance(part, list):
        for one in part:
            fill_texts(one)
    elif isinstance(part, dict):
        if part.get("type") == "plain_text":
            part.setdefault("emoji", True)
        elif part.get("type") == "mrkdwn":
            part.setdefault("verbatim", False)
        for one in part.values():
            fill_texts(one)
