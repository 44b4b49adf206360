"""Checks of the Slack app and this host's clock."""

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.settings import Settings
from handlers.http.clock_skew import ALARM_SECONDS
from handlers.i18n import _
from handlers.manifest import manifest
from handlers.slack.web_session import reason_of


def check_scopes(headers: Mapping[str, str]) -> Iterator[str]:
    """Check the scopes, which Slack lists in a header of every response."""
    granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")}
    wanted = manifest()["oauth_config"]["scopes"]["bot"]
    if missing := [scope for scope in wanted if scope not in granted]:
        yield _(
            "The Slack app lacks these scopes: {scopes}. Paste manifest.yaml into its App Manifest "
            "page, then reinstall the app."
        ).format(scopes=", ".join(missing))


def check_clock(headers: Mapping[str, str], now: datetime) -> Iterator[str]:
    """Compare this host's clock with the ``Date`` header of Slack's response."""
    slack_date = headers.get("date")
    skew = (now - parsedate_to_datetime(slack_date)).total_seconds() if slack_date else 0
    if abs(skew) > ALARM_SECONDS:
        yield _(
            "This host's clock is {seconds} s off Slack's. Synchronize it with NTP: at 300 s Baton "
            "rejects every request."
        ).format(seconds=f"{skew:+.0f}")


async def check_socket_mode(client: AsyncWebClient, settings: Settings) -> AsyncIterator[str]:
    if settings.slack_app_token is None:
        return
    try:
        token = settings.slack_app_token.get_secret_value()
        await client.apps_connections_open(app_token=token)
    except SlackApiError as error:
        yield _(
            "Slack refuses SLACK_APP_TOKEN ({reason}). Copy the token again from the app's Basic "
            "Information page."
        ).format(reason=reason_of(error))
    except (ClientError, TimeoutError) as error:
        yield _(
            "Slack did not open a Socket Mode connection ({reason}). Try again in a minute."
        ).format(reason=reason_of(error))
