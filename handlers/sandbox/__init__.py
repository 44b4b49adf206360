"""A whole Slack workspace on this machine: Web API, Socket Mode, people who use it, a page.

Strict where Slack is strict, and reachable from this machine alone. It knows nothing of
what any app does with it.
"""

from handlers.sandbox.app import App, Command, Shortcut
from handlers.sandbox.clock import Clock
from handlers.sandbox.find import NoSuchElement
from handlers.sandbox.message import Message
from handlers.sandbox.person import Person
from handlers.sandbox.sandbox import Sandbox

__all__ = ["App", "Clock", "Command", "Message", "NoSuchElement", "Person", "Sandbox", "Shortcut"]
