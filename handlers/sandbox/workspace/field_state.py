"""The state of form fields, as in Slack's ``state.values``."""

from collections.abc import Iterator
from typing import Any

# Element type -> (key of its state, key of its initial value, its value if empty).
FIELDS: dict[str, tuple[str, str, Any]] = {
    "plain_text_input": ("value", "initial_value", None),
    "email_text_input": ("value", "initial_value", None),
    "url_text_input": ("value", "initial_value", None),
    "number_input": ("value", "initial_value", None),
    "rich_text_input": ("rich_text_value", "initial_value", None),
    "file_input": ("files", "", []),
    "static_select": ("selected_option", "initial_option", None),
    "external_select": ("selected_option", "initial_option", None),
    "radio_buttons": ("selected_option", "initial_option", None),
    "users_select": ("selected_user", "initial_user", None),
    "channels_select": ("selected_channel", "initial_channel", None),
    "conversations_select": ("selected_conversation", "initial_conversation", None),
    "multi_static_select": ("selected_options", "initial_options", []),
    "multi_external_select": ("selected_options", "initial_options", []),
    "checkboxes": ("selected_options", "initial_options", []),
    "multi_users_select": ("selected_users", "initial_users", []),
    "multi_channels_select": ("selected_channels", "initial_channels", []),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", []),
    "datepicker": ("selected_date", "initial_date", None),
    "timepicker": ("selected_time", "initial_time", None),
    "datetimepicker": ("selected_date_time", "initial_date_time", None),
}
TEXT_INPUTS = frozenset(name for name, (field, *_) in FIELDS.items() if field == "value")


def elements(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the interactive elements of a block."""
    for place in ("accessory", "element"):
        if isinstance(element := block.get(place), dict):
            yield element
    if block.get("type") in {"actions", "context_actions"}:
        yield from (element for element in block.get("elements", []) if isinstance(element, dict))


def initial_state(blocks: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return ``state.values`` of blocks before a person has changed anything."""
    values: dict[str, dict[str, Any]] = {}
    for block in blocks:
        for element in elements(block):
            if element["type"] in FIELDS:
                fields = values.setdefault(block["block_id"], {})
                fields[element["action_id"]] = initial(element)
    return values


def initial(element: dict[str, Any]) -> dict[str, Any]:
    field, source, empty = FIELDS[element["type"]]
    value = element.get(source)
    if value is None:
        value = list(empty) if isinstance(empty, list) else empty
    return {"type": element["type"], field: value}


def is_empty(value: dict[str, Any]) -> bool:
    field, _, _ = FIELDS[value["type"]]
    return value.get(field) in (None, "", [])
