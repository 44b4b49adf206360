"""Text on the page: mrkdwn, times in the viewer's zone, and no script injection."""

import pytest
from playwright.async_api import expect

from tests.handlers.sandbox_page.window import Window, mrkdwn, plain

pytestmark = pytest.mark.asyncio(loop_scope="session")  # the same loop as the browser

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"
SCRIPT_LINK = "[click](javascript:alert(3))"

DRAWN = {
    "*bold* and _italic_": "<strong>bold</strong> and <em>italic</em>",
    "~gone~!": "<s>gone</s>!",
    "*all _of_ it*": "<strong>all <em>of</em> it</strong>",
    "2*3*4 and snake_case_name": "2*3*4 and snake_case_name",
    "`*not bold*`": "<code>*not bold*</code>",
    "&lt;b&gt; &amp;amp;": "&lt;b&gt; &amp;amp;",
    "one\ntwo": "one<br>two",
    "&gt; said\nthen": "<blockquote>said</blockquote>then",
    "```a < *b*```": '<pre class="code-block">a &lt; *b*</pre>',
    ":no_such_emoji:": ":no_such_emoji:",
    "<javascript:alert(1)|click>": "<span>click</span>",
}


async def test_mrkdwn_is_drawn_as_in_slack(window: Window) -> None:
    drawn = {}
    for source in DRAWN:
        shown = await window.posted(source)
        drawn[source] = await shown.locator(".message-text").inner_html()
    assert drawn == DRAWN


async def test_mentions_channels_links_and_emoji_are_shown_by_name(window: Window) -> None:
    shown = await window.posted(
        "<@U0ANA> <#C0SHIP> <!subteam^S0MANAGERS> <!here> <https://desk.test/8|ticket 8> :tada:"
    )
    text = shown.locator(".message-text")
    await expect(text).to_have_text("@Ana Silva #shipping @managers @here ticket 8 🎉")
    await expect(text.get_by_role("link")).to_have_attribute("href", "https://desk.test/8")


async def test_a_time_is_shown_in_the_zone_of_the_viewer(window: Window) -> None:
    due = "Claim by <!date^1772445600^{date_short_pretty} at {time}|10:00 UTC>"
    shown = await window.posted(due)
    await expect(shown.locator(".message-text")).to_have_text("Claim by Today at 11:00 AM")
    await window.page.locator('[data-person="U0ANA"]').click()
    await expect(shown.locator(".message-text")).to_have_text("Claim by Today at 5:00 AM")


async def test_hostile_text_is_shown_as_text_everywhere(window: Window) -> None:
    attributes = '" onmouseover="alert(4)'
    shown = await window.posted(
        HOSTILE,
        blocks=[
            {"type": "header", "block_id": "a", "text": plain(HOSTILE)},
            {"type": "section", "block_id": "b", "text": mrkdwn(HOSTILE)},
            {"type": "section", "block_id": "c", "fields": [mrkdwn(HOSTILE)]},
            {"type": "markdown", "block_id": "d", "text": f"**{HOSTILE}** {SCRIPT_LINK}"},
            {"type": "image", "block_id": "e", "alt_text": attributes, "image_url": HOSTILE},
            {"type": HOSTILE, "block_id": attributes},
        ],
    )
    await expect(shown.get_by_role("heading")).to_have_text(HOSTILE)
    assert await shown.locator("script, .message-text img, [onmouseover]").count() == 0
    assert await shown.locator('a[href^="javascript"]').count() == 0
