"""Channels, their members and their messages; people and user groups."""

from datetime import timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from handlers.sandbox import Clock, Person, Sandbox
from tests.handlers.sandbox.conftest import QUIET, SECRET, SUPPORT
from tests.handlers.sandbox.refusals import refusal


async def test_conversations_info_describes_a_channel(client: AsyncWebClient) -> None:
    info = await client.conversations_info(channel=SUPPORT, include_num_members=True)
    assert info["channel"]["name"] == "support"
    assert (info["channel"]["is_member"], info["channel"]["num_members"]) == (True, 3)
    assert await refusal(client.conversations_info(channel=SECRET)) == "channel_not_found"


async def test_history_is_paged_newest_first(
    client: AsyncWebClient, maya: Person, clock: Clock
) -> None:
    for word in ("one", "two", "three"):
        await maya.posts(word, channel=SUPPORT)
        clock.advance(timedelta(minutes=1))
    first = await client.conversations_history(channel=SUPPORT, limit=2)
    assert [message["text"] for message in first["messages"]] == ["three", "two"]
    assert first["has_more"] is True
    rest = await client.conversations_history(
        channel=SUPPORT, limit=2, cursor=first["response_metadata"]["next_cursor"]
    )
    assert [message["text"] for message in rest["messages"]] == ["one"]
    assert rest["has_more"] is False


async def test_history_can_be_limited_to_a_time_range(client: AsyncWebClient, maya: Person) -> None:
    one, two, three = [await maya.posts(word, channel=SUPPORT) for word in ("1", "2", "3")]
    between = await client.conversations_history(channel=SUPPORT, oldest=one.ts, latest=three.ts)
    assert [message["ts"] for message in between["messages"]] == [two.ts]
    with_ends = await client.conversations_history(
        channel=SUPPORT, oldest=one.ts, latest=two.ts, inclusive=True
    )
    assert [message["ts"] for message in with_ends["messages"]] == [two.ts, one.ts]
    malformed = client.conversations_history(channel=SUPPORT, oldest="yesterday")
    assert await refusal(malformed) == "invalid_ts_oldest"


async def test_a_thread_starts_with_its_root(client: AsyncWebClient, maya: Person) -> None:
    root = await maya.posts("root", channel=SUPPORT)
    reply = await maya.replies("reply", to=root)
    thread = await client.conversations_replies(channel=SUPPORT, ts=reply.ts)
    assert [message["text"] for message in thread["messages"]] == ["root", "reply"]
    assert thread["messages"][0]["reply_count"] == 1
    assert thread["messages"][1]["parent_user_id"] == "U0MAYA"
    history = await client.conversations_history(channel=SUPPORT)
    assert [message["text"] for message in history["messages"]] == ["root"]
    missing = client.conversations_replies(channel=SUPPORT, ts="1.000001")
    assert await refusal(missing) == "thread_not_found"


async def test_an_app_reads_only_the_channels_it_is_in(client: AsyncWebClient) -> None:
    assert await refusal(client.conversations_history(channel=QUIET)) == "not_in_channel"
    assert await refusal(client.conversations_history(channel=SECRET)) == "channel_not_found"


async def test_an_app_can_join_a_public_channel(client: AsyncWebClient) -> None:
    await client.conversations_join(channel=QUIET)
    members = await client.conversations_members(channel=QUIET)
    assert members["members"] == ["U0MAYA", "U0BATON"]
    again = await client.conversations_join(channel=QUIET)
    assert again["warning"] == "already_in_channel"
    assert await refusal(client.conversations_join(channel=SECRET)) == "channel_not_found"


async def test_an_app_can_open_a_dm_with_one_person(client: AsyncWebClient, maya: Person) -> None:
    opened = await client.conversations_open(users="U0MAYA")
    posted = await client.chat_postMessage(channel=opened["channel"]["id"], text="hi")
    assert maya.dms()[0].ts == posted["ts"]
    assert await refusal(client.conversations_open(users="U0UNKNOWN")) == "user_not_found"


@pytest.mark.parametrize(
    ("types", "names"),
    [
        ("public_channel", ["support", "quiet"]),
        ("private_channel", []),
        ("public_channel,im", None),
    ],
)
async def test_only_channels_visible_to_the_app_are_listed(
    client: AsyncWebClient, types: str, names: list[str] | None
) -> None:
    await client.conversations_open(users="U0MAYA")
    listed = await client.conversations_list(types=types)
    assert [channel.get("name") for channel in listed["channels"]] == (names or []) or names is None
    if names is None:
        assert listed["channels"][-1]["user"] == "U0MAYA"
    assert await refusal(client.conversations_list(types="secret")) == "invalid_types"


async def test_the_channels_of_a_person_are_listed(client: AsyncWebClient) -> None:
    found = await client.users_conversations(user="U0ANA")
    assert [channel["id"] for channel in found["channels"]] == [SUPPORT]


async def test_people_and_user_groups_can_be_looked_up(
    client: AsyncWebClient, sandbox: Sandbox
) -> None:
    ana = (await client.users_info(user="U0ANA", include_locale=True))["user"]
    assert (ana["tz"], ana["tz_offset"], ana["locale"]) == ("America/New_York", -18_000, "en-GB")
    assert await refusal(client.users_info(user="U0UNKNOWN")) == "user_not_found"
    everyone = await client.users_list(limit=2)
    assert [member["id"] for member in everyone["members"]] == ["U0BATON", "U0MAYA"]
    assert everyone["response_metadata"]["next_cursor"]
    groups = await client.usergroups_list(include_users=True)
    assert [(group["handle"], group["users"]) for group in groups["usergroups"]] == [
        ("managers", ["U0MAYA"])
    ]
    members = await client.usergroups_users_list(usergroup="S0MANAGERS")
    assert members["users"] == ["U0MAYA"]
    missing = client.usergroups_users_list(usergroup="S0NONE")
    assert await refusal(missing) == "no_such_subteam"
    by_email = await client.users_lookupByEmail(email="Maya@example.com")
    assert by_email["user"]["id"] == "U0MAYA"
    assert (await client.team_info())["team"]["id"] == sandbox.workspace.id
