"""What may be wrong with a team's document: channels, people, groups and a zone that do not fit."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.business_time import time_zone
from bot.people import Standing, WorkspaceId
from bot.team.team import Team
from handlers.cli.doctor.app import reason_of
from handlers.slack.outgoing.api_outcome import MISSING_SCOPE
from handlers.slack.plumbing.membership import standing_of

CORRECT = "Correct the team's document, and run: baton config apply FILE"


async def wrong_with_team(
    client: AsyncWebClient, team: Team, workspace: WorkspaceId, now: datetime
) -> AsyncIterator[str]:
    """What Slack does not know as the document of this team says it."""
    channels = {team.channel, team.document.team.fallback_channel, *team.document.notified_channels}
    for channel in sorted(filter(None, channels)):
        async for wrong in _wrong_with_channel(client, channel):
            yield f"{team.name}: {wrong}"
    for group in sorted(team.groups):
        async for wrong in _wrong_with_group(client, group):
            yield f"{team.name}: {wrong}"
    known = []
    for person in sorted(team.people):
        user, wrong = await _person(client, person, workspace)
        if user is not None:
            known.append(user)
        if wrong:
            yield f"{team.name}: {wrong}"
    if wrong := wrong_zone(team, known, now):
        yield f"{team.name}: {wrong}"


def wrong_zone(team: Team, known: list[dict[str, Any]], now: datetime) -> str:
    """A team whose zone nobody in it lives in has its hours at the wrong time of their day."""
    zone = team.document.team.timezone
    ours = now.astimezone(time_zone(zone)).utcoffset()
    zones = {user["tz"]: timedelta(seconds=user["tz_offset"]) for user in known if user.get("tz")}
    if not zones or ours in zones.values():
        return ""
    return f"nobody whom it names lives in {zone}, but in {', '.join(sorted(zones))}. {CORRECT}"


async def _wrong_with_channel(client: AsyncWebClient, channel: str) -> AsyncIterator[str]:
    try:
        known = (await client.conversations_info(channel=channel))["channel"]
    except (SlackApiError, ClientError, TimeoutError) as error:
        if (why := reason_of(error)) != MISSING_SCOPE:  # that is told already
            cure = "Is the id right? In a private channel, type: /invite @Baton"
            yield f"Slack does not show us the channel {channel} ({why}). {cure}"
        return
    if known["is_archived"]:
        yield f"#{known['name']} is archived. Unarchive it, or name another channel"
    elif not known["is_member"]:
        yield f"Baton is not in #{known['name']}. Type there: /invite @Baton"


async def _wrong_with_group(client: AsyncWebClient, group: str) -> AsyncIterator[str]:
    try:
        members = (await client.usergroups_users_list(usergroup=group))["users"]
    except (SlackApiError, ClientError, TimeoutError) as error:
        if (why := reason_of(error)) != MISSING_SCOPE:
            yield f"Slack does not say who is in the group {group} ({why}). {CORRECT}"
        return
    if not members:
        yield f"nobody is in the group {group}. Add people to it in Slack"


async def _person(
    client: AsyncWebClient, person: str, workspace: WorkspaceId
) -> tuple[dict[str, Any] | None, str]:
    """Somebody as Slack knows them, and what is wrong with naming them."""
    try:
        user: dict[str, Any] = (await client.users_info(user=person))["user"]
    except (SlackApiError, ClientError, TimeoutError) as error:
        why = reason_of(error)
        told = f"Slack does not know {person} ({why}). {CORRECT}"
        return None, "" if why == MISSING_SCOPE else told
    standing = standing_of(user, workspace)
    if standing is Standing.MEMBER:
        return user, ""
    return None, f"{person}, {user['name']} in Slack, is no member but {standing}. {CORRECT}"
