"""Posting, editing and deleting messages, ephemeral ones included."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from handlers.sandbox import Clock, Person, Sandbox
from tests.handlers.sandbox.blocks import actions, button, section
from tests.handlers.sandbox.conftest import QUIET, SECRET, SUPPORT
from tests.handlers.sandbox.refusals import refusal, refused

UNKNOWN_TS = "1772442000.000900"


async def test_all_members_of_a_channel_see_a_message(
    client: AsyncWebClient, maya: Person, ana: Person
) -> None:
    posted = await client.chat_postMessage(channel=SUPPORT, text="Hello *you* & <me>")
    assert posted["channel"] == SUPPORT
    assert [message.text for message in maya.sees(SUPPORT)] == ["Hello *you* & <me>"]
    assert ana.sees(SUPPORT)[0].ts == posted["ts"] == posted["message"]["ts"]


async def test_timestamps_increase_even_if_the_clock_stands_still(client: AsyncWebClient) -> None:
    posted = [await client.chat_postMessage(channel=SUPPORT, text="x") for _ in range(5)]
    stamps = [str(response["ts"]) for response in posted]
    assert stamps == sorted(set(stamps))


async def test_missing_block_ids_and_defaults_are_filled_in(
    client: AsyncWebClient,
) -> None:
    blocks = [section("Hi"), actions(button("Claim", "claim"))]
    posted = await client.chat_postMessage(channel=SUPPORT, blocks=blocks, text="Hi")
    first, second = posted["message"]["blocks"]
    assert first["block_id"] != second["block_id"]
    assert first["text"] == {"type": "mrkdwn", "text": "Hi", "verbatim": False}
    assert second["elements"][0]["text"]["emoji"] is True


async def test_a_message_without_text_takes_it_from_its_blocks(client: AsyncWebClient) -> None:
    content = {"channel": SUPPORT, "blocks": [section("Case 7")]}
    posted = await client.api_call("chat.postMessage", json=content)
    assert posted["message"]["text"] == "Case 7"


async def test_a_message_to_a_person_goes_to_their_dm_with_the_app(
    client: AsyncWebClient, maya: Person, ana: Person
) -> None:
    posted = await client.chat_postMessage(channel="U0MAYA", text="Psst")
    assert str(posted["channel"]).startswith("D")
    assert [message.text for message in maya.dms()] == ["Psst"]
    assert ana.dms() == []


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        (QUIET, "not_in_channel"),
        (SECRET, "channel_not_found"),
        ("C0NOWHERE", "channel_not_found"),
        ("U0UNKNOWN", "channel_not_found"),
        ("U0BATON", "cannot_dm_bot"),
        ("", "invalid_arguments"),
    ],
)
async def test_an_app_posts_only_where_it_has_access(
    client: AsyncWebClient, channel: str, error: str
) -> None:
    assert await refusal(client.chat_postMessage(channel=channel, text="x")) == error


async def test_an_archived_channel_refuses_messages(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    sandbox.workspace.channels[SUPPORT].archived = True
    assert await refusal(client.chat_postMessage(channel=SUPPORT, text="x")) == "is_archived"


async def test_a_message_needs_content(client: AsyncWebClient) -> None:
    empty = client.api_call("chat.postMessage", params={"channel": SUPPORT, "text": "  "})
    assert await refusal(empty) == "no_text"


async def test_a_very_long_text_is_truncated_but_a_long_edit_is_refused(
    client: AsyncWebClient,
) -> None:
    posted = await client.chat_postMessage(channel=SUPPORT, text="x" * 40_001)
    assert posted["warning"] == "message_truncated"
    assert len(posted["message"]["text"]) == 40_000
    edit = client.chat_update(channel=SUPPORT, ts=str(posted["ts"]), text="x" * 4001)
    assert await refusal(edit) == "msg_too_long"


async def test_markdown_text_cannot_be_combined_with_text(client: AsyncWebClient) -> None:
    both = client.chat_postMessage(channel=SUPPORT, text="x", markdown_text="# y")
    assert await refusal(both) == "markdown_text_conflict"


async def test_a_reply_goes_into_its_thread(client: AsyncWebClient, maya: Person) -> None:
    root = await client.chat_postMessage(channel=SUPPORT, text="root")
    await client.chat_postMessage(channel=SUPPORT, text="reply", thread_ts=str(root["ts"]))
    [root_message] = maya.sees(SUPPORT)
    assert [message.text for message in maya.thread(root_message)] == ["root", "reply"]


async def test_a_reply_needs_an_existing_thread(client: AsyncWebClient) -> None:
    unknown = client.chat_postMessage(channel=SUPPORT, text="x", thread_ts=UNKNOWN_TS)
    assert await refusal(unknown) == "thread_not_found"
    malformed = client.chat_postMessage(channel=SUPPORT, text="x", thread_ts="soon")
    assert await refusal(malformed) == "invalid_thread_ts"


async def test_an_edit_changes_the_message_in_place(client: AsyncWebClient, maya: Person) -> None:
    posted = await client.chat_postMessage(channel=SUPPORT, blocks=[section("old")], text="old")
    ts = str(posted["ts"])
    await client.chat_update(channel=SUPPORT, ts=ts, blocks=[section("new")], text="new")
    [edited] = maya.sees(SUPPORT)
    assert (edited.words, edited.ts, edited.text) == ("new", posted["ts"], "new")
    assert edited.edited is not None


async def test_an_edit_with_only_text_removes_the_blocks(
    client: AsyncWebClient, maya: Person
) -> None:
    posted = await client.chat_postMessage(channel=SUPPORT, blocks=[section("old")], text="old")
    await client.chat_update(channel=SUPPORT, ts=str(posted["ts"]), text="new")
    [edited] = maya.sees(SUPPORT)
    assert (edited.text, edited.blocks) == ("new", None)


async def test_an_app_can_change_only_its_own_messages(
    client: AsyncWebClient, maya: Person
) -> None:
    message = await maya.posts("mine", channel=SUPPORT)
    edit = client.chat_update(channel=SUPPORT, ts=message.ts, text="x")
    assert await refusal(edit) == "cant_update_message"
    delete = client.chat_delete(channel=SUPPORT, ts=message.ts)
    assert await refusal(delete) == "cant_delete_message"
    missing = client.chat_update(channel=SUPPORT, ts=UNKNOWN_TS, text="x")
    assert await refusal(missing) == "message_not_found"


async def test_a_deleted_root_with_replies_becomes_a_tombstone(
    client: AsyncWebClient, maya: Person
) -> None:
    alone = await client.chat_postMessage(channel=SUPPORT, text="alone")
    root = await client.chat_postMessage(channel=SUPPORT, text="root")
    await client.chat_postMessage(channel=SUPPORT, text="reply", thread_ts=str(root["ts"]))
    for posted in (alone, root):
        await client.chat_delete(channel=SUPPORT, ts=str(posted["ts"]))
    assert [message.subtype for message in maya.sees(SUPPORT)] == ["tombstone"]


async def test_only_one_person_sees_an_ephemeral_message(
    client: AsyncWebClient, maya: Person, ana: Person
) -> None:
    posted = await client.chat_postEphemeral(channel=SUPPORT, user="U0MAYA", text="Only you")
    assert [message.text for message in maya.sees(SUPPORT)] == maya.ephemerals == ["Only you"]
    assert ana.sees(SUPPORT) == []
    edit = client.chat_update(channel=SUPPORT, ts=str(posted["message_ts"]), text="x")
    assert await refusal(edit) == "message_not_found"
    history = await client.conversations_history(channel=SUPPORT)
    assert history["messages"] == []


async def test_an_ephemeral_message_needs_a_recipient_in_the_channel(
    client: AsyncWebClient,
) -> None:
    unknown = client.chat_postEphemeral(channel=SUPPORT, user="U0UNKNOWN", text="x")
    assert await refusal(unknown) == "user_not_in_channel"
    long = client.chat_postEphemeral(channel=SUPPORT, user="U0MAYA", text="x" * 4001)
    assert await refusal(long) == "msg_too_long"


async def test_metadata_is_returned_only_on_request(
    client: AsyncWebClient,
) -> None:
    metadata = {"event_type": "delivery", "event_payload": {"key": "7"}}
    await client.chat_postMessage(channel=SUPPORT, text="x", metadata=metadata)
    plain_history = await client.conversations_history(channel=SUPPORT)
    assert "metadata" not in plain_history["messages"][0]
    full_history = await client.conversations_history(channel=SUPPORT, include_all_metadata=True)
    assert full_history["messages"][0]["metadata"] == metadata


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ({"event_type": "x"}, "invalid_metadata_schema"),
        ({"event_type": "x", "event_payload": {"k": "v" * 20_000}}, "metadata_too_large"),
        ("nonsense", "invalid_metadata_format"),
    ],
)
async def test_invalid_metadata_is_refused(
    client: AsyncWebClient, metadata: dict[str, object] | str, error: str
) -> None:
    call = client.api_call(
        "chat.postMessage", json={"channel": SUPPORT, "text": "x", "metadata": metadata}
    )
    assert await refusal(call) == error


async def test_a_permalink_contains_the_channel_and_timestamp(
    client: AsyncWebClient, clock: Clock
) -> None:
    posted = await client.chat_postMessage(channel=SUPPORT, text="x")
    ts = str(posted["ts"])
    link = await client.chat_getPermalink(channel=SUPPORT, message_ts=ts)
    assert str(link["permalink"]).endswith(f"/archives/{SUPPORT}/p{ts.replace('.', '')}")


async def test_a_reaction_is_added_once_and_can_be_removed(
    client: AsyncWebClient, maya: Person
) -> None:
    message = await maya.posts("Thanks!", channel=SUPPORT)
    reaction = {"channel": SUPPORT, "timestamp": message.ts, "name": "eyes"}
    await client.reactions_add(**reaction)
    assert message.reactions == {"eyes": ["U0BATON"]}
    assert await refusal(client.reactions_add(**reaction)) == "already_reacted"
    await client.reactions_remove(**reaction)
    assert message.reactions == {}
    assert await refusal(client.reactions_remove(**reaction)) == "no_reaction"


async def test_too_many_blocks_are_refused_with_a_json_pointer(client: AsyncWebClient) -> None:
    body = await refused(
        client.chat_postMessage(channel=SUPPORT, text="x", blocks=[section("x")] * 51)
    )
    assert body["error"] == "invalid_blocks"
    [message] = body["response_metadata"]["messages"]
    assert message == "[ERROR] no more than 50 items allowed [json-pointer:/blocks]"


async def test_blocks_with_too_much_text_in_total_are_refused(client: AsyncWebClient) -> None:
    long = client.chat_postMessage(channel=SUPPORT, text="x", blocks=[section("x" * 3000)] * 5)
    assert await refusal(long) == "msg_blocks_too_long"
