"""Slack's rules for text objects, options and confirmations."""

from typing import Any

from handlers.sandbox.limits.faults import Faults


def check_text(
    thing: dict[str, Any],
    name: str,
    most: int,
    pointer: str,
    faults: Faults,
    *,
    plain: bool = True,
    needed: bool = False,
) -> None:
    """``thing[name]`` is a text object of 1 to ``most`` characters, or absent."""
    text, here = thing.get(name), f"{pointer}/{name}"
    if text is None:
        if needed:
            faults.at(pointer, f"missing required field: {name}")
        return
    if not isinstance(text, dict):
        faults.at(here, "must provide an object")
        return
    kind = text.get("type")
    if kind not in ("plain_text", "mrkdwn") or (plain and kind != "plain_text"):
        faults.at(f"{here}/type", f"unsupported type: {kind}")
    faults.length(text, "text", most, here, needed=True)
    allowed = {"type", "text", "emoji"} if kind == "plain_text" else {"type", "text", "verbatim"}
    for extra in text.keys() - allowed:
        faults.at(here, f"invalid additional property: {extra}")


def check_option(
    option: Any, pointer: str, faults: Faults, *, plain: bool = True, url: bool = False
) -> None:
    if not isinstance(option, dict):
        faults.at(pointer, "must provide an object")
        return
    check_text(option, "text", 75, pointer, faults, plain=plain, needed=True)
    check_text(option, "description", 75, pointer, faults, plain=plain)
    faults.length(option, "value", 150, pointer, needed=True)
    if "url" in option and not url:
        faults.at(pointer, "invalid additional property: url")
    faults.length(option, "url", 3000, pointer)


def check_options(element: dict[str, Any], most: int, pointer: str, faults: Faults) -> None:
    kind = element["type"]
    plain = kind not in {"checkboxes", "radio_buttons"}
    options = faults.items(element, "options", most, pointer)
    for place, option in enumerate(options):
        here = f"{pointer}/options/{place}"
        check_option(option, here, faults, plain=plain, url=kind == "overflow")
    values = [one.get("value") for one in options if isinstance(one, dict)]
    if len(set(map(str, values))) < len(values):
        faults.at(f"{pointer}/options", "option values must be unique")


def check_confirm(element: dict[str, Any], pointer: str, faults: Faults) -> None:
    if (confirm := element.get("confirm")) is None:
        return
    here = f"{pointer}/confirm"
    if not isinstance(confirm, dict):
        faults.at(here, "must provide an object")
        return
    check_text(confirm, "title", 100, here, faults, needed=True)
    check_text(confirm, "text", 300, here, faults, plain=False, needed=True)
    check_text(confirm, "confirm", 30, here, faults, needed=True)
    check_text(confirm, "deny", 30, here, faults, needed=True)
    faults.one_of(confirm, "style", ("primary", "danger"), here)
