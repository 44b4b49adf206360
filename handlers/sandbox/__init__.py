"""A whole Slack workspace on this machine: Web API, Socket Mode, people who use it, a page.

Strict where Slack is strict, and reachable from this machine alone. It knows nothing of
what any app does with it.
"""

from handlers.sandbox.clock import Clock
from handlers.sandbox.person.find import NoSuchElement
from handlers.sandbox.person.person import Person
from handlers.sandbox.sandbox import Sandbox
from handlers.sandbox.workspace.app import App, Command, Shortcut
from handlers.sandbox.workspace.message import Message

__all__ = ["App", "Clock", "Command", "Message", "NoSuchElement", "Person", "Sandbox", "Shortcut"]
