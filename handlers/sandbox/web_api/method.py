"""The description of a Web API method."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from handlers.sandbox.slack import Slack
from handlers.sandbox.web_api.arguments import Arguments

Answer = dict[str, Any]


@dataclass(frozen=True)
class Method:
    """A method with its rate limit tier and what it requires."""

    run: Callable[[Slack, Arguments], Answer]
    tier: str
    scopes: tuple[str, ...] = ()  # any one of them
    required: tuple[str, ...] = ()
    app_token: bool = False  # requires the app-level token
    open: bool = False  # needs no token
