"""Slack's rules for a whole view: a modal or the Home tab."""

import json
from typing import Any

from handlers.sandbox.errors import SlackError
from handlers.sandbox.limits.blocks import check_blocks
from handlers.sandbox.limits.faults import Problems
from handlers.sandbox.limits.texts import check_text

MAX_BYTES = 250_000
FIELDS = {
    "type", "title", "blocks", "close", "submit", "private_metadata", "callback_id",
    "clear_on_close", "notify_on_close", "external_id", "submit_disabled",
}  # fmt: skip


def check_view(view: Any, kind: str) -> None:
    """Check a view of the given kind, modal or home.

    Raises:
        SlackError: Slack would refuse the view.
    """
    problems = Problems()
    if not isinstance(view, dict):
        problems.at("/view", "must provide an object")
        raise SlackError("invalid_arguments", *problems.found)
    if len(json.dumps(view).encode()) > MAX_BYTES:
        raise SlackError("view_too_large")
    if view.get("type") != kind:
        problems.at("/view/type", f"must be: {kind}")
    for extra in sorted(view.keys() - FIELDS):
        problems.at("/view", f"invalid additional property: {extra}")
    problems.length(view, "private_metadata", 3000, "/view")
    problems.length(view, "callback_id", 255, "/view")
    problems.length(view, "external_id", 255, "/view")
    if kind == "modal":
        check_modal(view, problems)
    found = problems.found + check_blocks(view.get("blocks"), kind, "/view/blocks")
    if found:
        raise SlackError("invalid_arguments", *found)


def check_modal(view: dict[str, Any], problems: Problems) -> None:
    check_text(view, "title", 24, "/view", problems, required=True)
    check_text(view, "submit", 24, "/view", problems)
    check_text(view, "close", 24, "/view", problems)
    blocks = view.get("blocks")
    kinds = [block.get("type") for block in blocks or [] if isinstance(block, dict)]
    if "input" in kinds and not view.get("submit"):
        problems.at("/view", "missing required field: submit")
