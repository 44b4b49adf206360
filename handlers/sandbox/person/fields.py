"""Turn what a person enters into field state, in the shape of ``state.values``."""

from collections.abc import Callable, Sequence
from datetime import date, time
from typing import Any

from handlers.sandbox.person.find import NoSuchElement, text_of
from handlers.sandbox.workspace.field_state import FIELDS, TEXT_INPUTS
from handlers.sandbox.workspace.workspace import Workspace

OPTION_ELEMENTS = {
    "static_select", "multi_static_select", "external_select", "multi_external_select",
    "checkboxes", "radio_buttons", "overflow",
}  # fmt: skip
DATE_TIMES: dict[str, tuple[str, Callable[[str], Any]]] = {
    "datepicker": ("YYYY-MM-DD", lambda text: date.fromisoformat(text).isoformat()),
    "timepicker": ("HH:MM", lambda text: time.fromisoformat(text).isoformat("minutes")),
    "datetimepicker": ("seconds since 1970", int),
}
PEOPLE_MENUS = {"users_select", "multi_users_select"}
CHANNEL_MENUS = {
    f"{many}{kind}_select" for many in ("", "multi_") for kind in ("channels", "conversations")
}


def filled(spec: dict[str, Any], answers: Sequence[Any], workspace: Workspace) -> dict[str, Any]:
    """Return the state of an element after ``answers`` were entered; no answer empties it.

    Raises:
        NoSuchElement: an answer is not an option, or there are too many.
    """
    kind = spec["type"]
    name, _, empty = FIELDS[kind]
    values = [parsed(spec, answer, workspace) for answer in answers]
    if isinstance(empty, list):
        limit = spec.get("max_selected_items")
        if limit and len(values) > limit:
            raise NoSuchElement(f"room for {len(values)} options", [f"room for {limit}"])
        return {"type": kind, name: values}
    return {"type": kind, name: values[0] if values else None}


def parsed(spec: dict[str, Any], answer: Any, workspace: Workspace) -> Any:
    kind = spec["type"]
    if kind in TEXT_INPUTS:
        return str(answer) if answer is not None and answer != "" else None
    if kind in OPTION_ELEMENTS:
        return answer if isinstance(answer, dict) else option_named(spec, str(answer))
    if kind in PEOPLE_MENUS:
        return person_named(workspace, str(answer))
    if kind in CHANNEL_MENUS:
        return channel_named(workspace, str(answer))
    return date_time(kind, answer) if kind in DATE_TIMES else answer


def date_time(kind: str, answer: Any) -> Any:
    """Return a date, time or timestamp in Slack's format."""
    shape, read = DATE_TIMES[kind]
    try:
        return read(str(answer))
    except ValueError:
        raise NoSuchElement(str(answer), [shape]) from None


def options_of(spec: dict[str, Any]) -> list[dict[str, Any]]:
    groups = spec.get("option_groups") or []
    return [
        *(spec.get("options") or []),
        *(option for group in groups for option in group["options"]),
    ]


def option_named(spec: dict[str, Any], name: str) -> dict[str, Any]:
    """Find an option by its text, or else by its value."""
    options = options_of(spec)
    for option in options:
        if name == text_of(option, "text"):
            return option
    for option in options:
        if name == option.get("value"):
            return option
    raise NoSuchElement(name, [text_of(option, "text") for option in options])


def person_named(workspace: Workspace, name: str) -> str:
    people = workspace.people.values()
    for member in people:
        if name.removeprefix("@") in {member.id, member.name, member.real_name}:
            return member.id
    raise NoSuchElement(name, [member.name for member in people])


def channel_named(workspace: Workspace, name: str) -> str:
    channels = workspace.channels.values()
    for channel in channels:
        if name.removeprefix("#") in {channel.id, channel.name}:
            return channel.id
    raise NoSuchElement(name, [channel.name for channel in channels])
