"""A Slack workspace on this machine: Web API, Socket Mode, simulated people and a web page.

It is as strict as Slack, listens on the loopback address only, and knows nothing about the
app under test.
"""

from handlers.sandbox.clock import Clock
from handlers.sandbox.person.find import NoSuchElement
from handlers.sandbox.person.person import Person
from handlers.sandbox.sandbox import Sandbox
from handlers.sandbox.workspace.app import App, Command, Shortcut
from handlers.sandbox.workspace.message import Message

__all__ = ["App", "Clock", "Command", "Message", "NoSuchElement", "Person", "Sandbox", "Shortcut"]
