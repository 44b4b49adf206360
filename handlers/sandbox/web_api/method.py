"""What a Web API method asks for before it does anything."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from handlers.sandbox.slack import Slack
from handlers.sandbox.web_api.arguments import Arguments

Answer = dict[str, Any]


@dataclass(frozen=True)
class Method:
    run: Callable[[Slack, Arguments], Answer]
    tier: str
    scopes: tuple[str, ...] = ()  # any one of them
    required: tuple[str, ...] = ()
    app_token: bool = False  # it takes the app-level token, and no other
    open: bool = False  # it takes no token at all
