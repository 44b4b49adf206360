"""The checks of Slack's client before it submits a form."""

from typing import Any

from handlers.sandbox.workspace.field_state import is_empty
from handlers.sandbox.workspace.screen import ShownView


def errors_in(view: ShownView) -> dict[str, str]:
    """Return an error text for each invalid input block, by block_id."""
    values = view.values()
    errors: dict[str, str] = {}
    for block in view.view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        value = values[block["block_id"]][element["action_id"]]
        if is_empty(value):
            if not block.get("optional"):
                errors[block["block_id"]] = "Please complete this required field."
        elif error := error_of(element, value):
            errors[block["block_id"]] = error
    return errors


def error_of(element: dict[str, Any], value: dict[str, Any]) -> str | None:
    match element["type"]:
        case "plain_text_input":
            return length_error(element, value["value"])
        case "number_input":
            return number_error(element, value["value"])
        case "email_text_input" if "@" not in value["value"]:
            return "Please enter a valid email address."
        case "url_text_input" if "://" not in value["value"]:
            return "Please enter a valid URL."
        case _:
            return None


def length_error(element: dict[str, Any], text: str) -> str | None:
    minimum, maximum = element.get("min_length", 0), element.get("max_length", 3000)
    if len(text) < minimum:
        return f"Please enter at least {minimum} characters."
    if len(text) > maximum:
        return f"Please enter at most {maximum} characters."
    return None


def number_error(element: dict[str, Any], text: str) -> str | None:
    try:
        number = float(text)
    except ValueError:
        return "Please enter a number."
    if not element["is_decimal_allowed"] and not number.is_integer():
        return "Please enter a whole number."
    minimum, maximum = element.get("min_value"), element.get("max_value")
    if minimum is not None and number < float(minimum):
        return f"Please enter at least {minimum}."
    if maximum is not None and number > float(maximum):
        return f"Please enter at most {maximum}."
    return None
