"""Injected faults: in Web API responses, in requests to the app, and in its sockets."""

from handlers.sandbox.faults.faults import Fault, Faults
from handlers.sandbox.faults.kinds import KINDS, Kind

__all__ = ["KINDS", "Fault", "Faults", "Kind"]
