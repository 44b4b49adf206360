"""The page as a workspace: post, reply, read, switch person and move the clock."""

import re
from typing import Any

import pytest
from playwright.async_api import expect
from slack_bolt.async_app import AsyncAck, AsyncApp

from handlers.sandbox import Message
from tests.handlers.sandbox_page.window import SUPPORT, Window, plain

pytestmark = pytest.mark.asyncio(loop_scope="session")  # the same loop as the browser


async def test_a_typed_message_is_posted_for_everyone(window: Window) -> None:
    composer = window.page.get_by_label("Message #support")
    await composer.fill("Good morning <b>all</b>")
    await composer.press("Enter")
    await expect(composer).to_have_value("")
    shown = window.page.get_by_test_id("messages").get_by_text("Good morning <b>all</b>")
    await expect(shown).to_be_visible()
    await window.page.get_by_role("button", name="Ana Silva, agent").click()
    await expect(window.page.get_by_test_id("you")).to_have_text("You are Ana · agent")
    await expect(shown).to_be_visible()
    assert re.search(r"#as=U0ANA&in=C0SUPPORT", window.page.url)


async def test_a_reply_is_posted_in_the_thread(window: Window) -> None:
    root = await window.posted("ESC-42")
    await root.hover()
    await root.get_by_role("button", name="Reply in thread").click()
    await window.page.get_by_label("Reply…").fill("On it")
    await window.page.get_by_label("Reply…").press("Enter")
    await expect(window.page.get_by_test_id("thread-messages")).to_contain_text("On it")
    await expect(root.get_by_role("button", name="1 reply")).to_be_visible()
    await expect(window.page.get_by_test_id("messages")).not_to_contain_text("On it")


async def test_a_draft_survives_new_messages_and_a_change_of_channel(
    window: Window,
) -> None:
    composer = window.page.get_by_label("Message #support")
    await composer.fill("half a sen")
    await window.posted("Meanwhile", user="U0ANA")
    await expect(composer).to_have_value("half a sen")
    await window.page.locator('[data-channel="C0SHIP"]').click()
    await expect(window.page.get_by_label("Message #shipping")).to_have_value("")
    await window.page.locator(f'[data-channel="{SUPPORT}"]').click()
    await expect(composer).to_have_value("half a sen")


async def test_a_channel_is_marked_unread_until_it_is_opened(window: Window) -> None:
    support = window.page.locator(f'[data-channel="{SUPPORT}"]')
    await window.page.locator('[data-channel="C0SHIP"]').click()
    await window.sandbox.person("U0ANA").posts("Something new", SUPPORT)
    await expect(support).to_contain_text("(unread)")
    await support.click()
    await expect(support).not_to_contain_text("(unread)")


async def test_an_ephemeral_message_can_be_dismissed(window: Window) -> None:
    shown = await window.posted("Your board", only_for="U0MAYA")
    await expect(shown).to_contain_text("Only visible to you")
    await shown.get_by_role("button", name="Dismiss message").click()
    await expect(shown).to_have_count(0)


async def test_commands_are_suggested_while_typing(window: Window) -> None:
    composer = window.page.get_by_label("Message #support")
    await composer.fill("/esc")
    await expect(window.page.get_by_role("option")).to_contain_text("Hand a case to a manager")
    await composer.press("Tab")
    await expect(composer).to_have_value("/escalate ")


async def test_a_message_shortcut_receives_its_message(app: AsyncApp, window: Window) -> None:
    texts: list[str] = []

    @app.shortcut("escalate_message")
    async def on_shortcut(ack: AsyncAck, shortcut: dict[str, Any]) -> None:
        texts.append(shortcut["message"]["text"])
        await ack()

    shown = await window.posted("Charged twice", user="U0ANA")
    await shown.hover()
    await shown.get_by_role("button", name="More actions").click()
    await window.page.get_by_role("menuitem", name="Escalate this message").click()
    await expect(window.page.get_by_role("menu")).to_have_count(0)
    await expect(window.page.get_by_test_id("toast")).to_have_count(0)
    assert texts == ["Charged twice"]


async def test_the_home_tab_shows_the_published_view(app: AsyncApp, window: Window) -> None:
    @app.event("app_home_opened")
    async def draw(event: dict[str, Any]) -> None:
        block = {"type": "header", "text": plain("Good morning, Maya")}
        await app.client.views_publish(
            user_id=event["user"], view={"type": "home", "blocks": [block]}
        )

    await window.page.get_by_role("navigation").get_by_role("button", name="Baton").click()
    await window.page.get_by_role("tab", name="Home").click()
    home = window.page.get_by_test_id("home")
    await expect(home.get_by_role("heading", name="Good morning, Maya")).to_be_visible()


async def test_an_unknown_command_shows_a_toast(window: Window) -> None:
    composer = window.page.get_by_label("Message #support")
    await composer.fill("/nonsense")
    await composer.press("Enter")
    await expect(window.page.get_by_test_id("toast")).to_contain_text("not a valid command")


async def test_the_clock_can_be_moved_forward(window: Window) -> None:
    clock = window.page.get_by_test_id("clock")
    await expect(clock).to_have_text("10:00 AM")
    await window.page.get_by_role("button", name="+15 min").click()
    await expect(clock).to_have_text("10:15 AM")
    await window.page.get_by_role("button", name="Next morning").click()
    await expect(clock).to_have_text("9:00 AM")


async def test_on_a_phone_a_button_opens_the_channel_list(window: Window) -> None:
    await window.page.set_viewport_size({"width": 390, "height": 844})
    shipping = window.page.locator('[data-channel="C0SHIP"]')
    await expect(shipping).not_to_be_visible()
    await window.page.get_by_role("button", name="Channels").click()
    await shipping.click()
    await expect(window.page.get_by_label("Message #shipping")).to_be_visible()
    await expect(shipping).not_to_be_visible()
    width = await window.page.evaluate("document.documentElement.scrollWidth")
    assert width == 390


async def test_a_person_with_an_unread_direct_message_is_marked(window: Window) -> None:
    ana = window.page.locator('[data-person="U0ANA"]')
    await window.posted("Good morning")
    workspace = window.sandbox.workspace
    dm = workspace.im("U0ANA")
    workspace.post(
        dm, Message(channel=dm.id, ts=workspace.mint.ts(), user="U0BATON", text="Thanks")
    )
    await expect(ana).to_have_attribute("title", "Ana Silva, agent: a new direct message")
    await ana.click()
    await window.page.locator(f'[data-channel="{dm.id}"]').click()
    await expect(window.page.get_by_test_id("messages")).to_contain_text("Thanks")
    await window.page.locator('[data-person="U0MAYA"]').click()
    await expect(ana).to_have_attribute("title", "Ana Silva, agent")
