"""Slack's limits on messages and views, with its error code for each violation."""

from handlers.sandbox.limits.blocks import check_blocks
from handlers.sandbox.limits.messages import check_message, read_metadata
from handlers.sandbox.limits.views import check_view

__all__ = ["check_blocks", "check_message", "check_view", "read_metadata"]
