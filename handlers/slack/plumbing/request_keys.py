"""Keys that identify what a person did: Slack may deliver the same action again."""

from collections.abc import Awaitable, Callable
from typing import Any

from storage.requests.current_request import CurrentRequest, current_request


async def note_request_keys(body: dict[str, Any], next_: Callable[[], Awaitable[Any]]) -> Any:
    """Attach the keys of a request to it, so that it takes effect once in any listener."""
    if (request := current_request.get()) is None:
        current_request.set(request := CurrentRequest())
    request.keys = keys_of(body)
    return await next_()


def keys_of(body: dict[str, Any]) -> tuple[str, ...]:
    """Return every key under which Slack may deliver this action again.

    A form has none here: it counts by its view id, once its answers are valid, so that a
    repetition gets the same answer as the first submission.
    """
    if body.get("type") == "view_submission":
        return ()
    ids: dict[str, list[Any]]
    ids = {"trigger": [body.get("trigger_id")], "event": [body.get("event_id")]}
    if isinstance(event := body.get("event"), dict) and "ts" in event:
        ids |= _message(event)
    return tuple("/".join([kind, *parts]) for kind, parts in ids.items() if _are_ids(parts))


def _message(event: dict[str, Any]) -> dict[str, list[Any]]:
    """Return keys of the message itself: Slack has sent one under several event ids and ``ts``."""
    edited = event.get("edited")
    version = edited.get("ts") if isinstance(edited, dict) else event.get("subtype", "new")
    kind = event.get("type")
    return {
        "message": [kind, event.get("channel"), event.get("ts"), version],
        "client": [kind, event.get("client_msg_id"), version],
    }


def _are_ids(parts: list[Any]) -> bool:
    return all(isinstance(it, str) and it and it.isascii() and it.isprintable() for it in parts)
