"""Opening a form: the only call to Slack before an ack."""

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import BotError
from bot.messages import N_
from handlers.slack.web_session import reason_of

log = logging.getLogger(__name__)

OPEN_SECONDS = 2.0
"""A trigger id expires after three seconds, and the ack needs the rest."""


class FormNotOpened(BotError):
    message = N_("Slack did not open the form in time. Please click the button again.")


async def show_form(client: AsyncWebClient, pressed: dict[str, Any], view: dict[str, Any]) -> None:
    """Open a form; a button inside a modal replaces that modal.

    Raises:
        FormNotOpened: Slack did not open it in time.
    """
    current = pressed.get("view") or {}
    if current.get("type") == "modal":
        await _in_time(client.views_update(view_id=current["id"], view=view))
    else:
        await open_form(client, pressed["trigger_id"], view)


async def open_form(client: AsyncWebClient, trigger: str, view: dict[str, Any]) -> None:
    """Open a form once: Slack accepts a trigger id only once, so there is no retry.

    Raises:
        FormNotOpened: Slack did not open it in time.
    """
    await _in_time(client.views_open(trigger_id=trigger, view=view))


async def _in_time(call: Awaitable[Any]) -> None:
    try:
        async with asyncio.timeout(OPEN_SECONDS):
            await call
    except (SlackApiError, ClientError, TimeoutError) as error:
        log.warning("form not opened: %s", reason_of(error))
        raise FormNotOpened from error
