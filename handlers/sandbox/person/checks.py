"""What Slack's own client finds wrong with a form before it lets it be sent."""

from typing import Any

from handlers.sandbox.workspace.field_state import is_empty
from handlers.sandbox.workspace.screen import ShownView


def faults_in(view: ShownView) -> dict[str, str]:
    """What each input block has wrong, by block_id; empty if the form may be sent."""
    values = view.values()
    faults: dict[str, str] = {}
    for block in view.view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        value = values[block["block_id"]][element["action_id"]]
        if is_empty(value):
            if not block.get("optional"):
                faults[block["block_id"]] = "Please complete this required field."
        elif fault := fault_of(element, value):
            faults[block["block_id"]] = fault
    return faults


def fault_of(element: dict[str, Any], value: dict[str, Any]) -> str | None:
    match element["type"]:
        case "plain_text_input":
            return length_fault(element, value["value"])
        case "number_input":
            return number_fault(element, value["value"])
        case "email_text_input" if "@" not in value["value"]:
            return "Please enter a valid email address."
        case "url_text_input" if "://" not in value["value"]:
            return "Please enter a valid URL."
        case _:
            return None


def length_fault(element: dict[str, Any], text: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(text) < least:
        return f"Please enter at least {least} characters."
    if len(text) > most:
        return f"Please enter at most {most} characters."
    return None


def number_fault(element: dict[str, Any], text: str) -> str | None:
    try:
        number = float(text)
    except ValueError:
        return "Please enter a number."
    if not element["is_decimal_allowed"] and not number.is_integer():
        return "Please enter a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and number < float(least):
        return f"Please enter at least {least}."
    if most is not None and number > float(most):
        return f"Please enter at most {most}."
    return None
