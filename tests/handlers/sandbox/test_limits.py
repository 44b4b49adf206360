"""Blocks and views that Slack would accept or refuse."""

from typing import Any

import pytest

from handlers.sandbox.errors import SlackError
from handlers.sandbox.limits import check_blocks, check_view
from tests.handlers.sandbox.blocks import (
    actions,
    button,
    form,
    home,
    input_block,
    menu,
    option,
    overflow,
    plain,
    section,
    text,
)

VALID: list[dict[str, Any]] = [
    section("x" * 3000, accessory=button("Claim", "claim", style="primary", value="7")),
    {"type": "section", "fields": [{"type": "mrkdwn", "text": "a"}] * 10},
    {"type": "header", "text": plain("x" * 150)},
    {"type": "divider"},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}, plain("y")]},
    {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a chart"},
    actions(
        button(
            "Claim", "claim", confirm={n: plain("x") for n in ("title", "text", "confirm", "deny")}
        ),
        overflow("more", option("Merge", "merge")),
        menu("static_select", option("High", "high"), action_id="priority"),
        {"type": "users_select", "action_id": "who"},
    ),
    {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]},
]
INVALID: list[tuple[Any, str]] = [
    (section("x" * 3001), "must be less than 3001 characters"),
    (section(""), "must be more than 0 characters"),
    ({"type": "section"}, "missing required field: text"),
    ({"type": "section", "text": "x"}, "must provide an object"),
    ({"type": "header", "text": plain("x" * 151)}, "less than 151"),
    ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "unsupported type: mrkdwn"),
    ({"type": "section", "text": plain("x") | {"verbatim": True}}, "additional property: verbatim"),
    (actions(), "at least 1 items"),
    (actions(*[button("x", str(n)) for n in range(26)]), "no more than 25 items"),
    (actions(button("a", "same"), button("b", "same")), "action_id already exists: same"),
    (actions(button("x" * 76, "a")), "less than 76"),
    (actions(button("x", "a", value="v" * 2001)), "less than 2001"),
    (actions(button("x", "a", style="loud")), "must be one of: primary, danger"),
    (actions(overflow("a", *[option("x", str(n)) for n in range(6)])), "no more than 5 items"),
    (actions(menu("static_select", action_id="a")), "at least 1 items"),
    (actions(menu("static_select", option("x" * 76, "v"), action_id="a")), "less than 76"),
    (
        actions(menu("static_select", option("x", "1"), initial_option=option("x", "2"))),
        "must match one of the options",
    ),
    (actions(text(action_id="a")), "unsupported type: plain_text_input"),
    ({"type": "context", "elements": [plain("x")] * 11}, "no more than 10 items"),
    ({"type": "image", "image_url": "https://example.com"}, "missing required field: alt_text"),
    ({"type": "sparkle"}, "unsupported type: sparkle"),
    ({"type": ["section"]}, "unsupported type"),
    ({}, "unsupported type: None"),
    ("section", "must provide an object"),
    (section("x", block_id="b" * 256), "less than 256"),
    (actions(button("x", "a", confirm={"title": plain("x" * 101)})), "less than 101"),
]


def test_valid_blocks_are_accepted() -> None:
    assert check_blocks(VALID, "message") == []
    assert check_blocks(VALID, "home") == []


@pytest.mark.parametrize(("block", "message"), INVALID)
def test_invalid_blocks_are_refused_with_the_reason(block: Any, message: str) -> None:
    [*found] = check_blocks([block], "message")
    assert any(message in problem and "[json-pointer:/blocks/0" in problem for problem in found), (
        found
    )


def test_two_blocks_cannot_share_an_id() -> None:
    [found] = check_blocks([section("a", block_id="x"), section("b", block_id="x")], "message")
    assert "block_id already exists: x [json-pointer:/blocks/1/block_id]" in found


@pytest.mark.parametrize("kind", ["markdown", "table", "plan"])
def test_modals_and_the_home_tab_refuse_message_only_blocks(kind: str) -> None:
    block = {"type": kind, "text": "x", "rows": [[]]}
    assert check_blocks([block], "modal")
    assert check_blocks([block], "home")


def refused_view(view: Any, kind: str = "modal") -> str:
    with pytest.raises(SlackError) as caught:
        check_view(view, kind)
    return f"{caught.value.code} {caught.value.messages}"


@pytest.mark.parametrize(
    ("view", "message"),
    [
        (form(title=plain("x" * 25)), "less than 25"),
        (form(submit=plain("x" * 25)), "less than 25"),
        (form(input_block("Customer", text()), submit=None), "missing required field: submit"),
        (form(private_metadata="x" * 3001), "less than 3001"),
        (form(*[section("x")] * 101), "no more than 100 items"),
        (form(surprise=True), "invalid additional property: surprise"),
        (form(type="home"), "must be: modal"),
        (form(input_block("Customer", text(max_length=3001))), "from 1 to 3000"),
        (form(input_block("Customer", button("x", "a"))), "unsupported type: button"),
        (form(section("x" * 3000), private_metadata=5), "must be a string"),
        ("nonsense", "must provide an object"),
    ],
)
def test_an_invalid_view_is_refused_with_the_reason(view: Any, message: str) -> None:
    assert message in refused_view(view)


def test_a_view_that_is_too_large_is_refused() -> None:
    many = [section("x" * 3000, block_id=str(n)) for n in range(90)]
    assert refused_view(form(*many)).startswith("view_too_large")


def test_a_valid_view_is_accepted() -> None:
    check_view(form(input_block("Customer", text())), "modal")
    check_view(form(section("x"), submit=None), "modal")
    check_view(home(section("x")), "home")
