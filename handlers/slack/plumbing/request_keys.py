"""What tells one thing that somebody did from every other: Slack may tell of it again."""

from collections.abc import Awaitable, Callable
from typing import Any

from storage.requests.current_request import CurrentRequest, current_request


async def note_request_keys(body: dict[str, Any], next_: Callable[[], Awaitable[Any]]) -> Any:
    """Give each request its keys, so that it has its effect once, whichever listener answers."""
    if (request := current_request.get()) is None:
        current_request.set(request := CurrentRequest())
    request.keys = keys_of(body)
    return await next_()


def keys_of(body: dict[str, Any]) -> tuple[str, ...]:
    """Every key under which Slack may tell of this again; none for what only shows something.

    A form has none here. It counts by its view, once it was found good, and is answered like
    the first time.
    """
    if body.get("type") == "view_submission":
        return ()
    told: dict[str, list[Any]]
    told = {"trigger": [body.get("trigger_id")], "event": [body.get("event_id")]}
    if isinstance(event := body.get("event"), dict) and "ts" in event:
        told |= _message(event)
    return tuple("/".join([kind, *ids]) for kind, ids in told.items() if _are_ids(ids))


def _message(event: dict[str, Any]) -> dict[str, list[Any]]:
    """Slack has been seen to tell of one message under several event ids, and under two ``ts``."""
    edited = event.get("edited")
    version = edited.get("ts") if isinstance(edited, dict) else event.get("subtype", "new")
    kind = event.get("type")
    return {
        "message": [kind, event.get("channel"), event.get("ts"), version],
        "client": [kind, event.get("client_msg_id"), version],
    }


def _are_ids(ids: list[Any]) -> bool:
    return all(isinstance(it, str) and it and it.isascii() and it.isprintable() for it in ids)
