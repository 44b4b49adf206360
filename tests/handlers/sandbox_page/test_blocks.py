"""Blocks on the page: every type is drawn, and actions reach the app."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import expect
from slack_bolt.async_app import AsyncAck, AsyncApp

from tests.handlers.sandbox_page.window import Block, Window, mrkdwn, option, plain

pytestmark = pytest.mark.asyncio(loop_scope="session")  # the same loop as the browser

CARD: list[Block] = [
    {"type": "header", "block_id": "head", "text": plain("ESC-42 · Urgent")},
    {"type": "section", "block_id": "facts", "fields": [mrkdwn("*Customer*\nAcme")]},
    {"type": "divider", "block_id": "line"},
    {"type": "context", "block_id": "by", "elements": [mrkdwn("Escalated by <@U0ANA>")]},
    {
        "type": "actions",
        "block_id": "steps",
        "elements": [
            {"type": "button", "action_id": "claim", "text": plain("Claim"), "value": "42"},
            {
                "type": "button",
                "action_id": "decline",
                "text": plain("Decline"),
                "confirm": {
                    "title": plain("Decline it?"),
                    "text": plain("Ana will be notified."),
                    "confirm": plain("Yes, decline"),
                    "deny": plain("No"),
                },
            },
            {"type": "overflow", "action_id": "more", "options": [option("Merge"), option("Edit")]},
        ],
    },
]
RICH: Block = {
    "type": "rich_text",
    "block_id": "rich",
    "elements": [
        {
            "type": "rich_text_list",
            "style": "ordered",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [{"type": "text", "text": "Call", "style": {"bold": True}}],
                }
            ],
        },
        {"type": "rich_text_quote", "elements": [{"type": "user", "user_id": "U0ANA"}]},
    ],
}
TABLE: Block = {
    "type": "table",
    "block_id": "table",
    "rows": [[{"type": "raw_text", "text": "Case"}], [{"type": "raw_text", "text": "ESC-42"}]],
}


async def received_actions(app: AsyncApp) -> asyncio.Queue[dict[str, Any]]:
    """Return a queue of the actions that the app receives."""
    received: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def on_action(ack: AsyncAck, action: dict[str, Any]) -> None:
        received.put_nowait(action)
        await ack()

    for name in ("claim", "decline", "more"):
        app.action(name)(on_action)
    return received


async def test_a_message_with_blocks_shows_them_instead_of_its_text(window: Window) -> None:
    shown = await window.posted("the text for screen readers", blocks=CARD)
    await expect(shown.get_by_role("heading", name="ESC-42")).to_be_visible()
    await expect(shown.locator(".field")).to_contain_text("Acme")
    await expect(shown).to_contain_text("Escalated by @Ana Silva")
    await expect(shown).not_to_contain_text("screen readers")


async def test_rich_text_and_tables_keep_their_structure(window: Window) -> None:
    shown = await window.posted("", blocks=[RICH, TABLE])
    await expect(shown.locator("ol li strong")).to_have_text("Call")
    await expect(shown.locator("blockquote")).to_have_text("@Ana Silva")
    await expect(shown.get_by_role("cell", name="ESC-42")).to_be_visible()


async def test_an_unknown_block_is_shown_by_name(window: Window) -> None:
    shown = await window.posted("", blocks=[{"type": "hologram", "block_id": "h"}])
    await expect(shown.get_by_test_id("unknown")).to_contain_text("hologram")


async def test_button_and_menu_actions_reach_the_app(app: AsyncApp, window: Window) -> None:
    received = await received_actions(app)
    shown = await window.posted("", blocks=CARD)
    await shown.get_by_role("button", name="Claim").click()
    assert (await received.get())["value"] == "42"
    await shown.get_by_role("button", name="More", exact=True).click()
    await window.page.get_by_role("menuitem", name="Edit").click()
    assert (await received.get())["selected_option"]["value"] == "edit"


async def test_a_button_with_a_confirmation_does_nothing_if_it_is_declined(
    app: AsyncApp, window: Window
) -> None:
    received = await received_actions(app)
    shown = await window.posted("", blocks=CARD)
    await shown.get_by_role("button", name="Decline").click()
    await window.page.get_by_role("button", name="No", exact=True).click()
    await shown.get_by_role("button", name="Decline").click()
    await expect(window.page.get_by_role("alertdialog")).to_contain_text("Ana will be notified.")
    assert received.empty()
    await window.page.get_by_role("button", name="Yes, decline").click()
    assert (await received.get())["action_id"] == "decline"
