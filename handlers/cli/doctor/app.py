"""What may be wrong with the Slack app: its scopes, its tokens, and this host's clock."""

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.settings import Settings
from handlers.http.clock_skew import ALARM_SECONDS
from handlers.manifest import manifest


def wrong_with_scopes(headers: Mapping[str, str]) -> Iterator[str]:
    """Slack says with each answer what it granted."""
    granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")}
    wanted = manifest()["oauth_config"]["scopes"]["bot"]
    if missing := [scope for scope in wanted if scope not in granted]:
        cure = "Put manifest.yaml in the app's App Manifest, and install the app again"
        yield f"the app lacks {', '.join(missing)}. {cure}"


def wrong_with_clock(headers: Mapping[str, str], now: datetime) -> Iterator[str]:
    """By five minutes, and every request of Slack's is refused."""
    theirs = headers.get("date")
    off = (now - parsedate_to_datetime(theirs)).total_seconds() if theirs else 0
    if abs(off) > ALARM_SECONDS:
        yield f"this host's clock is {off:+.0f} s off Slack's. Set it by NTP"


async def wrong_with_sockets(client: AsyncWebClient, settings: Settings) -> AsyncIterator[str]:
    if settings.slack_app_token is None:
        return
    try:
        token = settings.slack_app_token.get_secret_value()
        await client.apps_connections_open(app_token=token)
    except SlackApiError as error:
        yield f"Slack refuses SLACK_APP_TOKEN ({reason_of(error)}). Copy it again"
    except (ClientError, TimeoutError) as error:
        yield f"Slack opens no socket ({reason_of(error)}). Try again in a minute"


def reason_of(error: SlackApiError | ClientError | TimeoutError) -> str:
    """Slack's own word for it, if it has one."""
    if isinstance(error, SlackApiError) and isinstance(error.response.data, dict):
        return str(error.response.data.get("error"))
    return type(error).__name__
