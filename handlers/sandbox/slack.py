"""State shared by the sandbox's parts: workspace, triggers, response_urls, socket tickets."""

import secrets
from collections.abc import Callable
from typing import Any

from handlers.sandbox.background import Background
from handlers.sandbox.clock import Clock
from handlers.sandbox.interactions.response_urls import Responses
from handlers.sandbox.interactions.triggers import Triggers
from handlers.sandbox.workspace.workspace import Workspace

Announce = Callable[[dict[str, Any]], None]


class Slack:
    """The simulated Slack: its workspace, tokens and short-lived credentials."""

    def __init__(self, clock: Clock, id: str) -> None:
        self.clock = clock
        self.workspace = Workspace(clock, id=id)
        self.triggers = Triggers(clock, self.workspace.mint)
        self.responses = Responses(self.workspace)
        self.background = Background()
        self.tickets: set[str] = set()
        self.address = ""  # host and port while it is served
        self.announce: Announce = lambda event: None
        self.bot_token = f"xoxb-sandbox-{secrets.token_hex(12)}"
        self.app_token = f"xapp-1-sandbox-{secrets.token_hex(16)}"
        self.signing_secret = secrets.token_hex(16)

    def ticket(self) -> str:
        """Return a WebSocket URL that admits one connection."""
        ticket = secrets.token_urlsafe(16)
        self.tickets.add(ticket)
        return f"ws://{self.address}/link/?ticket={ticket}&app_id={self.workspace.app.id}"
