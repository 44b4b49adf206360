"""baton demo in a browser, as a visitor uses it."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from handlers.cli.demo.demo import Demo, running_demo
from tests.builders import berlin

pytestmark = pytest.mark.asyncio(loop_scope="session")  # the browser lives in that loop

SHOWN_WITHIN = 15_000  # milliseconds: the sandbox accepts one message a second, as Slack does
PICTURES = os.environ.get("BATON_PICTURES")
"""Folder for new README screenshots; unset, none are taken."""


@pytest_asyncio.fixture(loop_scope="session")
async def demo(page: Page) -> AsyncIterator[Demo]:
    async with running_demo(0, now=berlin("2026-03-03 12:00"), say=lambda _: None) as demo:
        page.set_default_timeout(SHOWN_WITHIN)
        expect.set_options(timeout=SHOWN_WITHIN)
        await page.goto(demo.url)
        await expect(page.locator("body[data-ready=true]")).to_be_visible()
        yield demo
        await page.goto("about:blank")  # or the page keeps polling a stopped server


async def picture(page: Page, name: str) -> None:
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f"{name}.png")


async def becomes(page: Page, person: str) -> None:
    await page.locator(f'[data-person="{person}"]').click()


async def test_a_visitor_escalates_claims_and_resolves_a_case(demo: Demo, page: Page) -> None:
    messages = page.get_by_test_id("messages")
    await picture(page, "channel")
    await becomes(page, "U0ANA")
    composer = page.get_by_label("Message #support")
    await composer.fill("/escalate The export fails, and the audit is at four")
    await composer.press("Enter")
    form = page.get_by_role("dialog", name="Escalate a case")
    await form.get_by_label("Customer", exact=True).fill("Globex")
    await form.get_by_label("Risk").check()
    await form.get_by_label("Priority").select_option("Urgent")
    await picture(page, "form")
    await form.get_by_role("button", name="Escalate").click()
    await expect(form).not_to_be_visible()
    card = messages.locator("[data-ts]", has_text="ESC-4 · Globex")
    await expect(card).to_contain_text("Unclaimed")

    await becomes(page, "U0MAYA")
    await card.get_by_role("button", name="Claim").click()
    await expect(card).to_contain_text("Owner: @Maya Stern")
    await card.get_by_role("button", name="Next: History reviewed").click()
    await expect(card).to_contain_text("✓ history")
    await card.get_by_role("button", name="More", exact=True).click()
    more = page.get_by_role("dialog", name="More for ESC-4")
    await more.get_by_role("button", name="Edit").click()
    form = page.get_by_role("dialog", name="Edit ESC-4")
    await form.get_by_label("Category").fill("Exports")
    await form.get_by_role("button", name="Save").click()
    await expect(card).to_contain_text("Exports")
    await card.get_by_role("button", name="Resolve").click()
    form = page.get_by_role("dialog", name="Resolve ESC-4")
    await form.get_by_label("What was the outcome?").fill("The export runs; the audit went well")
    await form.get_by_label("What was the root cause?").fill("A full disk")
    await form.get_by_label("How will we prevent it?").fill("An alarm at 80 %")
    await form.get_by_role("button", name="Resolve").click()
    await expect(card).to_contain_text("The export runs")
    await expect(card.get_by_role("button", name="Reopen")).to_be_visible()
    await expect(card.get_by_role("button", name="6 replies")).to_be_visible()
    await picture(page, "resolved")


async def test_advancing_the_clock_shows_a_warning_a_breach_and_the_digest(
    demo: Demo, page: Page
) -> None:
    messages = page.get_by_test_id("messages")
    card = messages.locator("[data-ts]", has_text="ESC-3 · Atlas Logistics")
    await page.get_by_role("button", name="+15 min").click()
    await page.get_by_role("button", name="+15 min").click()
    await expect(card).to_contain_text("Claim was due")
    await card.get_by_role("button", name="Reply in thread").click()
    await expect(page.get_by_test_id("thread-messages")).to_contain_text("please claim it and call")
    await picture(page, "nudge")
    await page.get_by_role("button", name="Next morning").click()
    digest = messages.locator("[data-ts]", has_text="Support · Wednesday, 4 March")
    await expect(digest).to_contain_text("Overdue: 2 (ESC-2, ESC-3)")
    await picture(page, "digest")


async def test_a_manager_reads_the_card_on_a_phone(demo: Demo, page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.reload()
    card = page.get_by_test_id("messages").locator("[data-ts]", has_text="ESC-3")
    await expect(card.get_by_role("button", name="Claim")).to_be_visible()
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    await picture(page, "phone")


async def test_the_demo_cannot_be_reached_from_outside(demo: Demo) -> None:
    for url in (demo.url, demo.baton.url):
        port = urlsplit(url).port
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.2", port)
