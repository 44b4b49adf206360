"""Slack's rules for text objects, options and confirmations."""

from typing import Any

from handlers.sandbox.limits.faults import Problems


def check_text(
    thing: dict[str, Any],
    name: str,
    maximum: int,
    pointer: str,
    problems: Problems,
    *,
    plain: bool = True,
    required: bool = False,
) -> None:
    """Check that ``thing[name]`` is a text object of 1 to ``maximum`` characters, or absent."""
    text, here = thing.get(name), f"{pointer}/{name}"
    if text is None:
        if required:
            problems.at(pointer, f"missing required field: {name}")
        return
    if not isinstance(text, dict):
        problems.at(here, "must provide an object")
        return
    kind = text.get("type")
    if kind not in ("plain_text", "mrkdwn") or (plain and kind != "plain_text"):
        problems.at(f"{here}/type", f"unsupported type: {kind}")
    problems.length(text, "text", maximum, here, required=True)
    allowed = {"type", "text", "emoji"} if kind == "plain_text" else {"type", "text", "verbatim"}
    for extra in text.keys() - allowed:
        problems.at(here, f"invalid additional property: {extra}")


def check_option(
    option: Any, pointer: str, problems: Problems, *, plain: bool = True, url: bool = False
) -> None:
    if not isinstance(option, dict):
        problems.at(pointer, "must provide an object")
        return
    check_text(option, "text", 75, pointer, problems, plain=plain, required=True)
    check_text(option, "description", 75, pointer, problems, plain=plain)
    problems.length(option, "value", 150, pointer, required=True)
    if "url" in option and not url:
        problems.at(pointer, "invalid additional property: url")
    problems.length(option, "url", 3000, pointer)


def check_options(element: dict[str, Any], maximum: int, pointer: str, problems: Problems) -> None:
    kind = element["type"]
    plain = kind not in {"checkboxes", "radio_buttons"}
    options = problems.items(element, "options", maximum, pointer)
    for index, option in enumerate(options):
        here = f"{pointer}/options/{index}"
        check_option(option, here, problems, plain=plain, url=kind == "overflow")
    values = [option.get("value") for option in options if isinstance(option, dict)]
    if len(set(map(str, values))) < len(values):
        problems.at(f"{pointer}/options", "option values must be unique")


def check_confirm(element: dict[str, Any], pointer: str, problems: Problems) -> None:
    if (confirm := element.get("confirm")) is None:
        return
    here = f"{pointer}/confirm"
    if not isinstance(confirm, dict):
        problems.at(here, "must provide an object")
        return
    check_text(confirm, "title", 100, here, problems, required=True)
    check_text(confirm, "text", 300, here, problems, plain=False, required=True)
    check_text(confirm, "confirm", 30, here, problems, required=True)
    check_text(confirm, "deny", 30, here, problems, required=True)
    problems.one_of(confirm, "style", ("primary", "danger"), here)
