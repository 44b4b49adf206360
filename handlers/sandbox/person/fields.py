"""What stands in a field once somebody has filled it, in the shape of ``state.values``."""

from collections.abc import Callable, Sequence
from datetime import date, time
from typing import Any

from handlers.sandbox.person.find import NoSuchElement, text_of
from handlers.sandbox.workspace.field_state import FIELDS, TEXTS
from handlers.sandbox.workspace.workspace import Workspace

OPTIONS = {
    "static_select", "multi_static_select", "external_select", "multi_external_select",
    "checkboxes", "radio_buttons", "overflow",
}  # fmt: skip
MOMENTS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "datepicker": ("YYYY-MM-DD", lambda text: date.fromisoformat(text).isoformat()),
    "timepicker": ("HH:MM", lambda text: time.fromisoformat(text).isoformat("minutes")),
    "datetimepicker": ("seconds since 1970", int),
}
PEOPLE = {"users_select", "multi_users_select"}
CHANNELS = {
    f"{many}{kind}_select" for many in ("", "multi_") for kind in ("channels", "conversations")
}


def filled(spec: dict[str, Any], answers: Sequence[Any], workspace: Workspace) -> dict[str, Any]:
    """The state of an element once ``answers`` were typed or picked; none empties it."""
    kind = spec["type"]
    name, _, empty = FIELDS[kind]
    picked = [one_answer(spec, one, workspace) for one in answers]
    if isinstance(empty, list):
        most = spec.get("max_selected_items")
        if most and len(picked) > most:
            raise NoSuchElement(f"place for {len(picked)}", [f"room for {most}"])
        return {"type": kind, name: picked}
    return {"type": kind, name: picked[0] if picked else None}


def one_answer(spec: dict[str, Any], answer: Any, workspace: Workspace) -> Any:
    kind = spec["type"]
    if kind in TEXTS:
        return str(answer) if answer is not None and answer != "" else None
    if kind in OPTIONS:
        return answer if isinstance(answer, dict) else option_named(spec, str(answer))
    if kind in PEOPLE:
        return person_named(workspace, str(answer))
    if kind in CHANNELS:
        return channel_named(workspace, str(answer))
    return moment(kind, answer) if kind in MOMENTS else answer


def moment(kind: str, answer: Any) -> Any:
    """A date, a time of day or an instant, as Slack writes each."""
    shape, read = MOMENTS[kind]
    try:
        return read(str(answer))
    except ValueError:
        raise NoSuchElement(str(answer), [shape]) from None


def options_of(spec: dict[str, Any]) -> list[dict[str, Any]]:
    groups = spec.get("option_groups") or []
    return [*(spec.get("options") or []), *(one for group in groups for one in group["options"])]


def option_named(spec: dict[str, Any], wanted: str) -> dict[str, Any]:
    """An option by its words, or its value."""
    options = options_of(spec)
    for option in options:
        if wanted == text_of(option, "text"):
            return option
    for option in options:
        if wanted == option.get("value"):
            return option
    raise NoSuchElement(wanted, [text_of(one, "text") for one in options])


def person_named(workspace: Workspace, wanted: str) -> str:
    people = workspace.people.values()
    for member in people:
        if wanted.removeprefix("@") in {member.id, member.name, member.real_name}:
            return member.id
    raise NoSuchElement(wanted, [member.name for member in people])


def channel_named(workspace: Workspace, wanted: str) -> str:
    channels = workspace.channels.values()
    for channel in channels:
        if wanted.removeprefix("#") in {channel.id, channel.name}:
            return channel.id
    raise NoSuchElement(wanted, [channel.name for channel in channels])
