"""What is being answered: one request, under every key that may tell it from the others."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class CurrentRequest:
    """The first transaction of its answer that changes something keeps the keys, so that a
    request counts when it has had its effect, and not before.
    """

    nonce: str = ""  # of its bytes, if they were signed: whoever repeats them is not Slack
    keys: tuple[str, ...] = ()  # of what somebody did: Slack may tell of that again
    kept: bool = False


current_request: ContextVar[CurrentRequest | None] = ContextVar("asked", default=None)


@contextmanager
def outside_request() -> Iterator[None]:
    """For what is kept while a request is answered, and is no part of its answer."""
    token = current_request.set(None)
    try:
        yield
    finally:
        current_request.reset(token)
