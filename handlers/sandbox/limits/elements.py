"""Slack's rules for block elements: buttons, menus and inputs."""

from typing import Any

from handlers.sandbox.limits.faults import Problems
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
MAX_OPTIONS = {"radio_buttons": 10, "checkboxes": 10, "overflow": 5}


def check_element(element: Any, pointer: str, problems: Problems, allowed: set[str]) -> None:
    if not isinstance(element, dict):
        problems.at(pointer, "must provide an object")
        return
    kind = element.get("type")
    if not isinstance(kind, str) or kind not in allowed:
        problems.at(f"{pointer}/type", f"unsupported type: {kind}")
        return
    if kind == "image":
        check_image(element, pointer, problems)
        return
    problems.length(element, "action_id", 255, pointer)
    check_confirm(element, pointer, problems)
    check_text(element, "placeholder", 150, pointer, problems)
    if kind == "button":
        check_button(element, pointer, problems)
    elif kind in MAX_OPTIONS:
        check_options(element, MAX_OPTIONS[kind], pointer, problems)
    elif kind in {"static_select", "multi_static_select"}:
        check_select(element, pointer, problems)
    elif kind == "plain_text_input":
        check_text_input(element, pointer, problems)
    elif kind == "number_input" and not isinstance(element.get("is_decimal_allowed"), bool):
        problems.at(pointer, "missing required field: is_decimal_allowed")
    check_initial(element, pointer, problems)


def check_button(element: dict[str, Any], pointer: str, problems: Problems) -> None:
    check_text(element, "text", 75, pointer, problems, required=True)
    problems.length(element, "value", 2000, pointer)
    problems.length(element, "url", 3000, pointer)
    problems.length(element, "accessibility_label", 75, pointer)
    problems.one_of(element, "style", ("primary", "danger"), pointer)


def check_select(element: dict[str, Any], pointer: str, problems: Problems) -> None:
    if "option_groups" not in element:
        check_options(element, 100, pointer, problems)
        return
    if "options" in element:
        problems.at(pointer, "only one of options and option_groups is allowed")
    for index, group in enumerate(problems.items(element, "option_groups", 100, pointer)):
        here = f"{pointer}/option_groups/{index}"
        if not isinstance(group, dict):
            problems.at(here, "must provide an object")
            continue
        check_text(group, "label", 75, here, problems, required=True)
        check_options({"type": element["type"], **group}, 100, here, problems)


def check_text_input(element: dict[str, Any], pointer: str, problems: Problems) -> None:
    problems.length(element, "initial_value", 3000, pointer)
    for name, minimum in (("min_length", 0), ("max_length", 1)):
        value = element.get(name)
        if value is not None and (type(value) is not int or not minimum <= value <= 3000):
            problems.at(f"{pointer}/{name}", f"must be an integer from {minimum} to 3000")


def check_image(element: dict[str, Any], pointer: str, problems: Problems) -> None:
    problems.length(element, "alt_text", 2000, pointer, required=True)
    if "slack_file" not in element:
        problems.length(element, "image_url", 3000, pointer, required=True)


def check_initial(element: dict[str, Any], pointer: str, problems: Problems) -> None:
    """Require each initial option to be identical to one of the options."""
    if element.get("type") in {"external_select", "multi_external_select"}:
        return
    groups = [group for group in as_list(element.get("option_groups")) if isinstance(group, dict)]
    options = [
        *as_list(element.get("options")),
        *(option for group in groups for option in as_list(group.get("options"))),
    ]
    for name in ("initial_option", "initial_options"):
        if (initial := element.get(name)) is None:
            continue
        if initial == []:
            problems.at(f"{pointer}/{name}", "must have at least 1 items")
        for option in initial if isinstance(initial, list) else [initial]:
            check_option(option, f"{pointer}/{name}", problems, plain=False)
            if option not in options:
                problems.at(f"{pointer}/{name}", "must match one of the options")


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
