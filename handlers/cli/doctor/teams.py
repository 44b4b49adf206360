"""Checks of a team file against Slack: channels, people, groups and time zone."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.business_time import time_zone
from bot.messages import N_
from bot.people import Standing, WorkspaceId
from bot.team.team import Team
from handlers.i18n import _
from handlers.jobs.channels import is_shared
from handlers.slack.outgoing.api_outcome import MISSING_SCOPE
from handlers.slack.plumbing.membership import standing_of
from handlers.slack.web_session import reason_of

STANDING_WORDS = {
    Standing.GUEST: N_("a guest"),
    Standing.OUTSIDER: N_("a member of another workspace"),
    Standing.BOT: N_("a bot"),
    Standing.DEACTIVATED: N_("deactivated"),
    Standing.UNKNOWN: N_("unknown"),
}


async def check_team(
    client: AsyncWebClient, team: Team, workspace: WorkspaceId, now: datetime
) -> AsyncIterator[str]:
    """Yield each entry of the team file that does not match Slack."""
    for channel in sorted(team.channels):
        async for problem in _check_channel(client, channel):
            yield f"{team.name}: {problem}"
    for group in sorted(team.groups):
        async for problem in _check_group(client, group):
            yield f"{team.name}: {problem}"
    known = []
    for person in sorted(team.people):
        user, problem = await _check_person(client, person, workspace)
        if user is not None:
            known.append(user)
        if problem:
            yield f"{team.name}: {problem}"
    if problem := check_zone(team, known, now):
        yield f"{team.name}: {problem}"


def check_zone(team: Team, known: list[dict[str, Any]], now: datetime) -> str:
    """Return a problem if no one named in the document is in its time zone, else an empty string.

    A wrong zone shifts the team's business hours. ``known`` holds users as Slack returns them;
    zones with the same UTC offset count as equal.
    """
    zone = team.document.team.timezone
    expected = now.astimezone(time_zone(zone)).utcoffset()
    zones = {user["tz"]: timedelta(seconds=user["tz_offset"]) for user in known if user.get("tz")}
    if not zones or expected in zones.values():
        return ""
    return _(
        "The document's time zone is {zone}, but the people it names are in {zones}. Correct the "
        "document, then run: baton config apply FILE"
    ).format(zone=zone, zones=", ".join(sorted(zones)))


async def _check_channel(client: AsyncWebClient, channel: str) -> AsyncIterator[str]:
    try:
        known = (await client.conversations_info(channel=channel))["channel"]
    except (SlackApiError, ClientError, TimeoutError) as error:
        if (reason := reason_of(error)) != MISSING_SCOPE:  # already reported for the app
            yield _(
                "Slack does not show Baton the channel {channel} ({reason}). Check the id; if the "
                "channel is private, type in it: /invite @Baton"
            ).format(channel=channel, reason=reason)
        return
    if known["is_archived"]:
        yield _(
            "#{channel} is archived. Unarchive it, or name another channel in the team file and "
            "run: baton config apply FILE"
        ).format(channel=known["name"])
    elif is_shared(known):
        yield _(
            "#{channel} is shared with another company, so Baton hides there what cases say. Stop "
            "sharing it, or name another channel in the team file and run: baton config apply FILE"
        ).format(channel=known["name"])
    elif not known["is_member"]:
        yield _("Baton is not in #{channel}. Type in that channel: /invite @Baton").format(
            channel=known["name"]
        )


async def _check_group(client: AsyncWebClient, group: str) -> AsyncIterator[str]:
    try:
        members = (await client.usergroups_users_list(usergroup=group))["users"]
    except (SlackApiError, ClientError, TimeoutError) as error:
        if (reason := reason_of(error)) != MISSING_SCOPE:
            yield _(
                "Slack does not list the members of the group {group} ({reason}). Correct the "
                "document, then run: baton config apply FILE"
            ).format(group=group, reason=reason)
        return
    if not members:
        yield _("The group {group} has no members. Add people to it in Slack.").format(group=group)


async def _check_person(
    client: AsyncWebClient, person: str, workspace: WorkspaceId
) -> tuple[dict[str, Any] | None, str]:
    """Return the user if they are a full member, and the problem or an empty string."""
    try:
        user: dict[str, Any] = (await client.users_info(user=person))["user"]
    except (SlackApiError, ClientError, TimeoutError) as error:
        if (reason := reason_of(error)) == MISSING_SCOPE:
            return None, ""
        return None, _(
            "Slack does not know {user} ({reason}). Correct the team file, then run: "
            "baton config apply FILE"
        ).format(user=person, reason=reason)
    standing = standing_of(user, workspace)
    if standing is Standing.MEMBER:
        return user, ""
    return None, _(
        "{user} (@{name}) is {standing}, not a full member of the workspace. Correct the team "
        "file, then run: baton config apply FILE"
    ).format(user=person, name=user["name"], standing=_(STANDING_WORDS[standing]))
