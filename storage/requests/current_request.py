"""The request that is being handled, with the keys that deduplicate it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class CurrentRequest:
    """A request and its deduplication keys.

    The first transaction that writes for the request also stores the keys, so that a request
    counts as handled if and only if it took effect.
    """

    nonce: str = ""  # hash of a signed request's bytes: Slack never sends the same bytes twice
    keys: tuple[str, ...] = ()  # of the user's action: Slack may deliver an action repeatedly
    kept: bool = False  # the keys are stored


current_request: ContextVar[CurrentRequest | None] = ContextVar("current_request", default=None)


@contextmanager
def outside_request() -> Iterator[None]:
    """Run transactions that are not part of handling the request: they do not store its keys."""
    token = current_request.set(None)
    try:
        yield
    finally:
        current_request.reset(token)
