"""Slack's rules for a whole view: a modal, or the Home tab."""

import json
from typing import Any

from handlers.sandbox.errors import SlackError
from handlers.sandbox.limits.blocks import check_blocks
from handlers.sandbox.limits.faults import Faults
from handlers.sandbox.limits.texts import check_text

MOST_BYTES = 250_000
KNOWN = {
    "type", "title", "blocks", "close", "submit", "private_metadata", "callback_id",
    "clear_on_close", "notify_on_close", "external_id", "submit_disabled",
}  # fmt: skip


def check_view(view: Any, kind: str) -> None:
    """Raises SlackError unless Slack would show this view as a ``kind``: modal or home."""
    faults = Faults()
    if not isinstance(view, dict):
        faults.at("/view", "must provide an object")
        raise SlackError("invalid_arguments", *faults.found)
    if len(json.dumps(view).encode()) > MOST_BYTES:
        raise SlackError("view_too_large")
    if view.get("type") != kind:
        faults.at("/view/type", f"must be: {kind}")
    for extra in sorted(view.keys() - KNOWN):
        faults.at("/view", f"invalid additional property: {extra}")
    faults.length(view, "private_metadata", 3000, "/view")
    faults.length(view, "callback_id", 255, "/view")
    faults.length(view, "external_id", 255, "/view")
    if kind == "modal":
        check_modal(view, faults)
    found = faults.found + check_blocks(view.get("blocks"), kind, "/view/blocks")
    if found:
        raise SlackError("invalid_arguments", *found)


def check_modal(view: dict[str, Any], faults: Faults) -> None:
    check_text(view, "title", 24, "/view", faults, needed=True)
    check_text(view, "submit", 24, "/view", faults)
    check_text(view, "close", 24, "/view", faults)
    blocks = view.get("blocks")
    kinds = [one.get("type") for one in blocks or [] if isinstance(one, dict)]
    if "input" in kinds and not view.get("submit"):
        faults.at("/view", "missing required field: submit")
