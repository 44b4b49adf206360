"""Slack's rules for blocks: the types, where each is allowed, and its limits."""

from collections.abc import Callable
from typing import Any

from handlers.sandbox.limits.elements import (
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    check_element,
    check_image,
)
from handlers.sandbox.limits.faults import Problems
from handlers.sandbox.limits.texts import check_text

Check = Callable[[dict[str, Any], str, Problems], None]
MAX_BLOCKS = {"message": 50, "modal": 100, "home": 100}


def check_blocks(blocks: Any, surface: str, pointer: str = "/blocks") -> list[str]:
    """Return Slack's error messages for blocks on a surface: message, modal or home."""
    problems = Problems()
    if not isinstance(blocks, list):
        problems.at(pointer, "must be an array")
        return problems.found
    if len(blocks) > MAX_BLOCKS[surface]:
        problems.at(pointer, f"no more than {MAX_BLOCKS[surface]} items allowed")
    for index, block in enumerate(blocks):
        check_block(block, surface, f"{pointer}/{index}", problems)
    check_unique(blocks, pointer, problems)
    return problems.found


def check_block(block: Any, surface: str, pointer: str, problems: Problems) -> None:
    if not isinstance(block, dict):
        problems.at(pointer, "must provide an object")
        return
    kind = block.get("type")
    check = BLOCKS.get(kind) if isinstance(kind, str) else None
    if check is None or surface in REFUSED.get(str(kind), ()):
        problems.at(f"{pointer}/type", f"unsupported type: {kind}")
        return
    problems.length(block, "block_id", 255, pointer)
    check(block, pointer, problems)


def check_unique(blocks: list[Any], pointer: str, problems: Problems) -> None:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        if not isinstance(block, dict):
            continue
        block_id = block.get("block_id")
        if isinstance(block_id, str) and block_id:
            if block_id in seen:
                problems.at(f"{pointer}/{index}/block_id", f"block_id already exists: {block_id}")
            seen.add(block_id)
    tables = [block for block in blocks if isinstance(block, dict) and block.get("type") in TABLES]
    if len(tables) > 1:
        problems.at(pointer, "only_one_table_allowed")


def section(block: dict[str, Any], pointer: str, problems: Problems) -> None:
    check_text(block, "text", 3000, pointer, problems, plain=False)
    if "text" not in block and "fields" not in block:
        problems.at(pointer, "missing required field: text")
    if "fields" in block:
        fields = problems.items(block, "fields", 10, pointer)
        for index in range(len(fields)):
            field = {str(index): fields[index]}
            check_text(field, str(index), 2000, f"{pointer}/fields", problems, plain=False)
    if "accessory" in block:
        check_element(block["accessory"], f"{pointer}/accessory", problems, IN_SECTION)


def header(block: dict[str, Any], pointer: str, problems: Problems) -> None:
    check_text(block, "text", 150, pointer, problems, required=True)


def actions(block: dict[str, Any], pointer: str, problems: Problems) -> None:
    seen: set[str] = set()
    for index, element in enumerate(problems.items(block, "elements", 25, pointer)):
        here = f"{pointer}/elements/{index}"
        check_element(element, here, problems, IN_ACTIONS)
        action_id = element.get("action_id") if isinstance(element, dict) else None
        if isinstance(action_id, str):
            if action_id in seen:
                problems.at(f"{here}/action_id", f"action_id already exists: {action_id}")
            seen.add(action_id)


def context(block: dict[str, Any], pointer: str, problems: Problems) -> None:
    for index, element in enumerate(problems.items(block, "elements", 10, pointer)):
        here = f"{pointer}/elements/{index}"
        if isinstance(element, dict) and element.get("type") == "image":
            check_image(element, here, problems)
        else:
            named = {str(index): element}
            check_text(named, str(index), 3000, f"{pointer}/elements", problems, plain=False)


def input_block(block: dict[str, Any], pointer: str, problems: Problems) -> None:
    check_text(block, "label", 2000, pointer, problems, required=True)
    check_text(block, "hint", 2000, pointer, problems)
    check_element(block.get("element"), f"{pointer}/element", problems, IN_INPUT)


def image(block: dict[str, Any], pointer: str, problems: Problems) -> None:
    check_image(block, pointer, problems)
    check_text(block, "title", 2000, pointer, problems)


def markdown(block: dict[str, Any], pointer: str, problems: Problems) -> None:
    problems.length(block, "text", 12_000, pointer, required=True)


def rich_text(block: dict[str, Any], pointer: str, problems: Problems) -> None:
    problems.items(block, "elements", 1000, pointer)


def table(block: dict[str, Any], pointer: str, problems: Problems) -> None:
    for index, row in enumerate(problems.items(block, "rows", 100, pointer)):
        problems.items({"cells": row}, "cells", 20, f"{pointer}/rows/{index}")


def unchecked(block: dict[str, Any], pointer: str, problems: Problems) -> None:
    """Accept a block that is known by its type only."""


TABLES = ("table", "data_table")
BLOCKS: dict[str, Check] = {
    "section": section,
    "divider": unchecked,
    "header": header,
    "actions": actions,
    "context": context,
    "input": input_block,
    "image": image,
    "markdown": markdown,
    "rich_text": rich_text,
    "table": table,
    "video": unchecked,
    "file": unchecked,
    "call": unchecked,
    "data_table": unchecked,
    "data_visualization": unchecked,
    "alert": unchecked,
    "card": unchecked,
    "carousel": unchecked,
    "container": unchecked,
    "context_actions": unchecked,
    "task_card": unchecked,
    "plan": unchecked,
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
