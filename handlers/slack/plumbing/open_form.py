"""Opening a form: the one call to Slack that is made before an ack."""

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import BotError
from bot.messages import N_

log = logging.getLogger(__name__)

IN_TIME = 2.0
"""Seconds: a trigger lives for three, and the ack needs the rest."""


class FormNotOpened(BotError):
    message = N_("Slack did not open the form in time. Please press the button again.")


async def show_form(client: AsyncWebClient, pressed: dict[str, Any], view: dict[str, Any]) -> None:
    """Open a form; if it was asked for in another, in the place of that one."""
    asked_in = pressed.get("view") or {}
    if asked_in.get("type") == "modal":
        await _in_time(client.views_update(view_id=asked_in["id"], view=view))
    else:
        await open_form(client, pressed["trigger_id"], view)


async def open_form(client: AsyncWebClient, trigger: str, view: dict[str, Any]) -> None:
    """Raises FormNotOpened; a trigger serves once, so that nothing is tried again."""
    await _in_time(client.views_open(trigger_id=trigger, view=view))


async def _in_time(call: Awaitable[Any]) -> None:
    try:
        async with asyncio.timeout(IN_TIME):
            await call
    except (SlackApiError, ClientError, TimeoutError) as error:
        log.warning("a form was not opened: %r", error)
        raise FormNotOpened from error
