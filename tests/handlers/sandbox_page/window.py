"""The page in a browser, and block shorthands for its tests."""

from typing import Any

from playwright.async_api import Locator, Page

from handlers.sandbox import Message, Sandbox

SUPPORT = "C0SUPPORT"
Block = dict[str, Any]


class Window:
    """A browser page that shows the sandbox."""

    def __init__(self, sandbox: Sandbox, page: Page) -> None:
        self.sandbox, self.page = sandbox, page

    async def open(self, person: str, place: str = SUPPORT) -> None:
        await self.page.goto(f"{self.sandbox.page_url}#as={person}&in={place}")
        await self.page.wait_for_selector("body[data-ready=true]")

    async def posted(
        self, text: str, *, user: str = "U0BATON", blocks: list[Block] | None = None, **more: Any
    ) -> Locator:
        """Post a message as ``user`` and return it once the page shows it."""
        workspace = self.sandbox.workspace
        channel = workspace.channel(SUPPORT)
        message = Message(
            channel=SUPPORT, ts=workspace.mint.ts(), user=user, text=text, blocks=blocks, **more
        )
        workspace.post(channel, message)
        shown = self.message(message.ts)
        await shown.wait_for()
        return shown

    def message(self, ts: str) -> Locator:
        return self.page.get_by_test_id("messages").locator(f'[data-ts="{ts}"]')

    def last(self) -> str:
        """Return the ts of the newest message in #support."""
        return self.sandbox.workspace.channel(SUPPORT).messages[-1].ts


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def option(text: str) -> Block:
    return {"text": plain(text), "value": text.lower()}


def field(label: str, element: Block, **more: Any) -> Block:
    """Return an input block whose element has the action_id ``answer``."""
    block_id = label.lower().strip("?").replace(" ", "_")
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"action_id": "answer"} | element,
    } | more
