"""Faults on purpose: in what Slack answers, in what it sends, and in the sockets between."""

from handlers.sandbox.faults.faults import Fault, Faults
from handlers.sandbox.faults.kinds import KINDS, Kind

__all__ = ["KINDS", "Fault", "Faults", "Kind"]
