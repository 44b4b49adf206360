"""Shorthands for the blocks and views that an app sends."""

from typing import Any

Block = dict[str, Any]


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(label: str, action_id: str, **more: Any) -> Block:
    return {"type": "button", "text": plain(label), "action_id": action_id, **more}


def actions(*elements: Block, **more: Any) -> Block:
    return {"type": "actions", "elements": list(elements), **more}


def option(label: str, value: str) -> Block:
    return {"text": plain(label), "value": value}


def overflow(action_id: str, *options: Block) -> Block:
    return {"type": "overflow", "action_id": action_id, "options": list(options)}


def input_block(label: str, element: Block, **more: Any) -> Block:
    return {
        "type": "input",
        "block_id": label.lower(),
        "label": plain(label),
        "element": {"action_id": "answer", **element},
        **more,
    }


def text(**more: Any) -> Block:
    return {"type": "plain_text_input", **more}


def menu(kind: str, *options: Block, **more: Any) -> Block:
    return {"type": kind, "options": list(options), **more}


def form(*blocks: Block, **more: Any) -> Block:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Escalate a case"),
        "submit": plain("Escalate"),
        "blocks": list(blocks),
        **more,
    }


def home(*blocks: Block) -> Block:
    return {"type": "home", "blocks": list(blocks)}
