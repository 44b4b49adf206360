"""Slack's rules for blocks: which there are, where they may stand, how long they may be."""

from collections.abc import Callable
from typing import Any

from handlers.sandbox.limits.elements import (
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    check_element,
    check_image,
)
from handlers.sandbox.limits.faults import Faults
from handlers.sandbox.limits.texts import check_text

Check = Callable[[dict[str, Any], str, Faults], None]
MOST = {"message": 50, "modal": 100, "home": 100}


def check_blocks(blocks: Any, surface: str, pointer: str = "/blocks") -> list[str]:
    """What Slack would have against these blocks on a message, a modal or the Home tab."""
    faults = Faults()
    if not isinstance(blocks, list):
        faults.at(pointer, "must be an array")
        return faults.found
    if len(blocks) > MOST[surface]:
        faults.at(pointer, f"no more than {MOST[surface]} items allowed")
    for place, block in enumerate(blocks):
        check_block(block, surface, f"{pointer}/{place}", faults)
    check_unique(blocks, pointer, faults)
    return faults.found


def check_block(block: Any, surface: str, pointer: str, faults: Faults) -> None:
    if not isinstance(block, dict):
        faults.at(pointer, "must provide an object")
        return
    kind = block.get("type")
    check = BLOCKS.get(kind) if isinstance(kind, str) else None
    if check is None or surface in REFUSED.get(str(kind), ()):
        faults.at(f"{pointer}/type", f"unsupported type: {kind}")
        return
    faults.length(block, "block_id", 255, pointer)
    check(block, pointer, faults)


def check_unique(blocks: list[Any], pointer: str, faults: Faults) -> None:
    seen: set[str] = set()
    for place, block in enumerate(blocks):
        if not isinstance(block, dict):
            continue
        block_id = block.get("block_id")
        if isinstance(block_id, str) and block_id:
            if block_id in seen:
                faults.at(f"{pointer}/{place}/block_id", f"block_id already exists: {block_id}")
            seen.add(block_id)
    tables = [one for one in blocks if isinstance(one, dict) and one.get("type") in TABLES]
    if len(tables) > 1:
        faults.at(pointer, "only_one_table_allowed")


def section(block: dict[str, Any], pointer: str, faults: Faults) -> None:
    check_text(block, "text", 3000, pointer, faults, plain=False)
    if "text" not in block and "fields" not in block:
        faults.at(pointer, "missing required field: text")
    if "fields" in block:
        fields = faults.items(block, "fields", 10, pointer)
        for place in range(len(fields)):
            named = {str(place): fields[place]}
            check_text(named, str(place), 2000, f"{pointer}/fields", faults, plain=False)
    if "accessory" in block:
        check_element(block["accessory"], f"{pointer}/accessory", faults, IN_SECTION)


def header(block: dict[str, Any], pointer: str, faults: Faults) -> None:
    check_text(block, "text", 150, pointer, faults, needed=True)


def actions(block: dict[str, Any], pointer: str, faults: Faults) -> None:
    seen: set[str] = set()
    for place, element in enumerate(faults.items(block, "elements", 25, pointer)):
        here = f"{pointer}/elements/{place}"
        check_element(element, here, faults, IN_ACTIONS)
        action_id = element.get("action_id") if isinstance(element, dict) else None
        if isinstance(action_id, str):
            if action_id in seen:
                faults.at(f"{here}/action_id", f"action_id already exists: {action_id}")
            seen.add(action_id)


def context(block: dict[str, Any], pointer: str, faults: Faults) -> None:
    for place, element in enumerate(faults.items(block, "elements", 10, pointer)):
        here = f"{pointer}/elements/{place}"
        if isinstance(element, dict) and element.get("type") == "image":
            check_image(element, here, faults)
        else:
            named = {str(place): element}
            check_text(named, str(place), 3000, f"{pointer}/elements", faults, plain=False)


def input_block(block: dict[str, Any], pointer: str, faults: Faults) -> None:
    check_text(block, "label", 2000, pointer, faults, needed=True)
    check_text(block, "hint", 2000, pointer, faults)
    check_element(block.get("element"), f"{pointer}/element", faults, IN_INPUT)


def image(block: dict[str, Any], pointer: str, faults: Faults) -> None:
    check_image(block, pointer, faults)
    check_text(block, "title", 2000, pointer, faults)


def markdown(block: dict[str, Any], pointer: str, faults: Faults) -> None:
    faults.length(block, "text", 12_000, pointer, needed=True)


def rich_text(block: dict[str, Any], pointer: str, faults: Faults) -> None:
    faults.items(block, "elements", 1000, pointer)


def table(block: dict[str, Any], pointer: str, faults: Faults) -> None:
    for place, row in enumerate(faults.items(block, "rows", 100, pointer)):
        faults.items({"cells": row}, "cells", 20, f"{pointer}/rows/{place}")


def anything(block: dict[str, Any], pointer: str, faults: Faults) -> None:
    """Known by name only: nothing further is checked."""


TABLES = ("table", "data_table")
BLOCKS: dict[str, Check] = {
    "section": section,
    "divider": anything,
    "header": header,
    "actions": actions,
    "context": context,
    "input": input_block,
    "image": image,
    "markdown": markdown,
    "rich_text": rich_text,
    "table": table,
    "video": anything,
    "file": anything,
    "call": anything,
    "data_table": anything,
    "data_visualization": anything,
    "alert": anything,
    "card": anything,
    "carousel": anything,
    "container": anything,
    "context_actions": anything,
    "task_card": anything,
    "plan": anything,
}
MESSAGES_ONLY = (
    "markdown",
    "table",
    "data_table",
    "data_visualization",
    "plan",
    "task_card",
    "context_actions",
    "card",
    "carousel",
    "file",
    "call",
)
REFUSED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(MESSAGES_ONLY, ("modal", "home")),
    "alert": ("message",),
}
