"""Slack's rules for the elements of blocks: buttons, menus, inputs."""

from typing import Any

from handlers.sandbox.limits.faults import Faults
from handlers.sandbox.limits.texts import check_confirm, check_option, check_options, check_text

BUTTONS = {"button", "workflow_button", "overflow"}
MENUS = {
    f"{many}{kind}_select"
    for many in ("", "multi_")
    for kind in ("static", "external", "users", "channels", "conversations")
}
CHOICES = {"checkboxes", "radio_buttons"}
TIMES = {"datepicker", "timepicker", "datetimepicker"}
TYPED = {
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
    "file_input",
}
IN_ACTIONS = BUTTONS | MENUS | CHOICES | TIMES | {"rich_text_input"}
IN_SECTION = BUTTONS | MENUS | CHOICES | TIMES | {"image"}
IN_INPUT = MENUS | CHOICES | TIMES | TYPED
FEW = {"radio_buttons": 10, "checkboxes": 10, "overflow": 5}  # the most options


def check_element(element: Any, pointer: str, faults: Faults, allowed: set[str]) -> None:
    if not isinstance(element, dict):
        faults.at(pointer, "must provide an object")
        return
    kind = element.get("type")
    if not isinstance(kind, str) or kind not in allowed:
        faults.at(f"{pointer}/type", f"unsupported type: {kind}")
        return
    if kind == "image":
        check_image(element, pointer, faults)
        return
    faults.length(element, "action_id", 255, pointer)
    check_confirm(element, pointer, faults)
    check_text(element, "placeholder", 150, pointer, faults)
    if kind == "button":
        check_button(element, pointer, faults)
    elif kind in FEW:
        check_options(element, FEW[kind], pointer, faults)
    elif kind in {"static_select", "multi_static_select"}:
        check_select(element, pointer, faults)
    elif kind == "plain_text_input":
        check_text_input(element, pointer, faults)
    elif kind == "number_input" and not isinstance(element.get("is_decimal_allowed"), bool):
        faults.at(pointer, "missing required field: is_decimal_allowed")
    check_initial(element, pointer, faults)


def check_button(element: dict[str, Any], pointer: str, faults: Faults) -> None:
    check_text(element, "text", 75, pointer, faults, needed=True)
    faults.length(element, "value", 2000, pointer)
    faults.length(element, "url", 3000, pointer)
    faults.length(element, "accessibility_label", 75, pointer)
    faults.one_of(element, "style", ("primary", "danger"), pointer)


def check_select(element: dict[str, Any], pointer: str, faults: Faults) -> None:
    if "option_groups" not in element:
        check_options(element, 100, pointer, faults)
        return
    if "options" in element:
        faults.at(pointer, "only one of options and option_groups is allowed")
    for place, group in enumerate(faults.items(element, "option_groups", 100, pointer)):
        here = f"{pointer}/option_groups/{place}"
        if not isinstance(group, dict):
            faults.at(here, "must provide an object")
            continue
        check_text(group, "label", 75, here, faults, needed=True)
        check_options({"type": element["type"], **group}, 100, here, faults)


def check_text_input(element: dict[str, Any], pointer: str, faults: Faults) -> None:
    faults.length(element, "initial_value", 3000, pointer)
    for name, least in (("min_length", 0), ("max_length", 1)):
        value = element.get(name)
        if value is not None and (type(value) is not int or not least <= value <= 3000):
            faults.at(f"{pointer}/{name}", f"must be an integer from {least} to 3000")


def check_image(element: dict[str, Any], pointer: str, faults: Faults) -> None:
    faults.length(element, "alt_text", 2000, pointer, needed=True)
    if "slack_file" not in element:
        faults.length(element, "image_url", 3000, pointer, needed=True)


def check_initial(element: dict[str, Any], pointer: str, faults: Faults) -> None:
    """What is chosen at first is one of the options, exactly as it stands there."""
    if element.get("type") in {"external_select", "multi_external_select"}:
        return
    groups = [one for one in as_list(element.get("option_groups")) if isinstance(one, dict)]
    options = [
        *as_list(element.get("options")),
        *(option for group in groups for option in as_list(group.get("options"))),
    ]
    for name in ("initial_option", "initial_options"):
        if (given := element.get(name)) is None:
            continue
        if given == []:
            faults.at(f"{pointer}/{name}", "must have at least 1 items")
        for option in given if isinstance(given, list) else [given]:
            check_option(option, f"{pointer}/{name}", faults, plain=False)
            if option not in options:
                faults.at(f"{pointer}/{name}", "must match one of the options")


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
