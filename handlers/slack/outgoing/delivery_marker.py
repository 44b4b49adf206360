"""The marker by which Baton finds its own message in Slack after a lost answer."""

import hashlib
import re
from typing import Any

from bot.delivery import Delivery, Stamp
from bot.people import WorkspaceId
from handlers.slack.views.blocks import Block

EVENT_TYPE = "baton_delivery"
"""The ``event_type`` of the message metadata."""

STAMPED = re.compile(r"o:[0-9a-f]{16}:\d+:(?P<series>[0-9a-f]+):(?P<number>\d{1,18})")


def marker_metadata(workspace: WorkspaceId, delivery: Delivery) -> dict[str, Any]:
    """Return the metadata of a message. It is a hash: everyone in the workspace can read it."""
    name = _name(workspace, delivery)
    return {"event_type": EVENT_TYPE, "event_payload": {"delivery": name}}


def with_marker(
    workspace: WorkspaceId, delivery: Delivery, blocks: list[Block], stamp: Stamp
) -> list[Block]:
    """Return the blocks with the marker on the first one, in case Slack drops the metadata.

    The stamp follows the marker; ``stamp_of`` reads it.
    """
    if not blocks:
        return []
    first, *others = blocks
    marker = f"{_prefix(workspace, delivery)}{delivery.wanted}"
    block_id = f"{marker}:{stamp.series}:{stamp.number}"
    return [{**first, "block_id": block_id}, *others]


def is_delivery(workspace: WorkspaceId, delivery: Delivery, message: dict[str, Any]) -> bool:
    """Return whether a message in Slack is this delivery."""
    if message.get("metadata") == marker_metadata(workspace, delivery):
        return True
    prefix = _prefix(workspace, delivery)
    return any(str(it.get("block_id")).startswith(prefix) for it in message.get("blocks") or ())


def stamp_of(message: dict[str, Any]) -> Stamp | None:
    """Return the stamp of a message in Slack, or None if it has none."""
    for block in message.get("blocks") or ():
        if found := STAMPED.fullmatch(str(block.get("block_id"))):
            return Stamp(found["series"], int(found["number"]))
    return None


def _prefix(workspace: WorkspaceId, delivery: Delivery) -> str:
    return f"o:{_name(workspace, delivery)[:16]}:"


def _name(workspace: WorkspaceId, delivery: Delivery) -> str:
    named = f"{workspace}/{delivery.key}/{delivery.generation}"
    return hashlib.sha256(named.encode()).hexdigest()[:32]
