"""What becomes of messages that an app posts, edits, deletes or whispers."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from handlers.sandbox import Clock, Person, Sandbox
from tests.handlers.sandbox.blocks import actions, button, section
from tests.handlers.sandbox.conftest import QUIET, SECRET, SUPPORT
from tests.handlers.sandbox.refusals import refusal, refused

LATE = "1772442000.000900"


async def test_a_message_is_seen_by_everyone_in_its_channel(
    client: AsyncWebClient, maya: Person, ana: Person
) -> None:
    posted = await client.chat_postMessage(channel=SUPPORT, text="Hello *you* & <me>")
    assert posted["channel"] == SUPPORT
    assert [one.text for one in maya.sees(SUPPORT)] == ["Hello *you* & <me>"]
    assert ana.sees(SUPPORT)[0].ts == posted["ts"] == posted["message"]["ts"]


async def test_timestamps_rise_though_the_clock_stands_still(client: AsyncWebClient) -> None:
    said = [await client.chat_postMessage(channel=SUPPORT, text="x") for _ in range(5)]
    stamps = [str(one["ts"]) for one in said]
    assert stamps == sorted(set(stamps))


async def test_blocks_come_back_with_the_ids_and_defaults_that_were_left_out(
    client: AsyncWebClient,
) -> None:
    blocks = [section("Hi"), actions(button("Claim", "claim"))]
    posted = await client.chat_postMessage(channel=SUPPORT, blocks=blocks, text="Hi")
    first, second = posted["message"]["blocks"]
    assert first["block_id"] != second["block_id"]
    assert first["text"] == {"type": "mrkdwn", "text": "Hi", "verbatim": False}
    assert second["elements"][0]["text"]["emoji"] is True


async def test_blocks_without_text_make_their_own(client: AsyncWebClient) -> None:
    said = {"channel": SUPPORT, "blocks": [section("Case 7")]}
    posted = await client.api_call("chat.postMessage", json=said)
    assert posted["message"]["text"] == "Case 7"


async def test_a_message_to_a_person_goes_to_their_dm_with_the_app(
    client: AsyncWebClient, maya: Person, ana: Person
) -> None:
    posted = await client.chat_postMessage(channel="U0MAYA", text="Psst")
    assert str(posted["channel"]).startswith("D")
    assert [one.text for one in maya.dms()] == ["Psst"]
    assert ana.dms() == []


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        (QUIET, "not_in_channel"),
        (SECRET, "channel_not_found"),
        ("C0NOWHERE", "channel_not_found"),
        ("U0NOBODY", "channel_not_found"),
        ("U0BATON", "cannot_dm_bot"),
        ("", "invalid_arguments"),
    ],
)
async def test_an_app_posts_only_where_it_may(
    client: AsyncWebClient, channel: str, error: str
) -> None:
    assert await refusal(client.chat_postMessage(channel=channel, text="x")) == error


async def test_an_archived_channel_takes_no_message(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    sandbox.workspace.channels[SUPPORT].archived = True
    assert await refusal(client.chat_postMessage(channel=SUPPORT, text="x")) == "is_archived"


async def test_a_message_must_say_something(client: AsyncWebClient) -> None:
    empty = client.api_call("chat.postMessage", params={"channel": SUPPORT, "text": "  "})
    assert await refusal(empty) == "no_text"


async def test_a_very_long_text_is_cut_and_an_edit_of_that_length_refused(
    client: AsyncWebClient,
) -> None:
    posted = await client.chat_postMessage(channel=SUPPORT, text="x" * 40_001)
    assert posted["warning"] == "message_truncated"
    assert len(posted["message"]["text"]) == 40_000
    edit = client.chat_update(channel=SUPPORT, ts=str(posted["ts"]), text="x" * 4001)
    assert await refusal(edit) == "msg_too_long"


async def test_markdown_is_not_mixed_with_other_content(client: AsyncWebClient) -> None:
    both = client.chat_postMessage(channel=SUPPORT, text="x", markdown_text="# y")
    assert await refusal(both) == "markdown_text_conflict"


async def test_a_reply_goes_into_its_thread(client: AsyncWebClient, maya: Person) -> None:
    root = await client.chat_postMessage(channel=SUPPORT, text="root")
    await client.chat_postMessage(channel=SUPPORT, text="reply", thread_ts=str(root["ts"]))
    [seen] = maya.sees(SUPPORT)
    assert [one.text for one in maya.thread(seen)] == ["root", "reply"]


async def test_a_thread_that_is_not_there_takes_no_reply(client: AsyncWebClient) -> None:
    lost = client.chat_postMessage(channel=SUPPORT, text="x", thread_ts=LATE)
    assert await refusal(lost) == "thread_not_found"
    odd = client.chat_postMessage(channel=SUPPORT, text="x", thread_ts="soon")
    assert await refusal(odd) == "invalid_thread_ts"


async def test_an_edit_changes_the_message_in_its_place(
    client: AsyncWebClient, maya: Person
) -> None:
    posted = await client.chat_postMessage(channel=SUPPORT, blocks=[section("old")], text="old")
    ts = str(posted["ts"])
    await client.chat_update(channel=SUPPORT, ts=ts, blocks=[section("new")], text="new")
    [seen] = maya.sees(SUPPORT)
    assert (seen.words, seen.ts, seen.text) == ("new", posted["ts"], "new")
    assert seen.edited is not None


async def test_an_edit_with_text_alone_takes_the_blocks_away(
    client: AsyncWebClient, maya: Person
) -> None:
    posted = await client.chat_postMessage(channel=SUPPORT, blocks=[section("old")], text="old")
    await client.chat_update(channel=SUPPORT, ts=str(posted["ts"]), text="new")
    [seen] = maya.sees(SUPPORT)
    assert (seen.text, seen.blocks) == ("new", None)


async def test_only_its_own_messages_can_be_changed(client: AsyncWebClient, maya: Person) -> None:
    hers = await maya.posts("mine", channel=SUPPORT)
    edit = client.chat_update(channel=SUPPORT, ts=hers.ts, text="x")
    assert await refusal(edit) == "cant_update_message"
    delete = client.chat_delete(channel=SUPPORT, ts=hers.ts)
    assert await refusal(delete) == "cant_delete_message"
    missing = client.chat_update(channel=SUPPORT, ts=LATE, text="x")
    assert await refusal(missing) == "message_not_found"


async def test_a_deleted_message_is_gone_but_a_thread_keeps_its_place(
    client: AsyncWebClient, maya: Person
) -> None:
    alone = await client.chat_postMessage(channel=SUPPORT, text="alone")
    root = await client.chat_postMessage(channel=SUPPORT, text="root")
    await client.chat_postMessage(channel=SUPPORT, text="reply", thread_ts=str(root["ts"]))
    for posted in (alone, root):
        await client.chat_delete(channel=SUPPORT, ts=str(posted["ts"]))
    assert [one.subtype for one in maya.sees(SUPPORT)] == ["tombstone"]


async def test_an_ephemeral_message_is_seen_by_one_person(
    client: AsyncWebClient, maya: Person, ana: Person
) -> None:
    notices = await client.chat_postEphemeral(channel=SUPPORT, user="U0MAYA", text="Only you")
    assert [one.text for one in maya.sees(SUPPORT)] == maya.ephemerals == ["Only you"]
    assert ana.sees(SUPPORT) == []
    edit = client.chat_update(channel=SUPPORT, ts=str(notices["message_ts"]), text="x")
    assert await refusal(edit) == "message_not_found"
    history = await client.conversations_history(channel=SUPPORT)
    assert history["messages"] == []


async def test_an_ephemeral_message_needs_somebody_in_the_channel(
    client: AsyncWebClient,
) -> None:
    lost = client.chat_postEphemeral(channel=SUPPORT, user="U0NOBODY", text="x")
    assert await refusal(lost) == "user_not_in_channel"
    long = client.chat_postEphemeral(channel=SUPPORT, user="U0MAYA", text="x" * 4001)
    assert await refusal(long) == "msg_too_long"


async def test_metadata_is_kept_and_shown_only_to_who_asks_for_it(
    client: AsyncWebClient,
) -> None:
    mark = {"event_type": "delivery", "event_payload": {"key": "7"}}
    await client.chat_postMessage(channel=SUPPORT, text="x", metadata=mark)
    plainly = await client.conversations_history(channel=SUPPORT)
    assert "metadata" not in plainly["messages"][0]
    asked = await client.conversations_history(channel=SUPPORT, include_all_metadata=True)
    assert asked["messages"][0]["metadata"] == mark


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ({"event_type": "x"}, "invalid_metadata_schema"),
        ({"event_type": "x", "event_payload": {"k": "v" * 20_000}}, "metadata_too_large"),
        ("nonsense", "invalid_metadata_format"),
    ],
)
async def test_bad_metadata_is_refused(
    client: AsyncWebClient, metadata: dict[str, object] | str, error: str
) -> None:
    call = client.api_call(
        "chat.postMessage", json={"channel": SUPPORT, "text": "x", "metadata": metadata}
    )
    assert await refusal(call) == error


async def test_a_permalink_leads_to_the_message(client: AsyncWebClient, clock: Clock) -> None:
    posted = await client.chat_postMessage(channel=SUPPORT, text="x")
    ts = str(posted["ts"])
    link = await client.chat_getPermalink(channel=SUPPORT, message_ts=ts)
    assert str(link["permalink"]).endswith(f"/archives/{SUPPORT}/p{ts.replace('.', '')}")


async def test_a_reaction_is_added_once_and_can_be_taken_back(
    client: AsyncWebClient, maya: Person
) -> None:
    hers = await maya.posts("Thanks!", channel=SUPPORT)
    there = {"channel": SUPPORT, "timestamp": hers.ts, "name": "eyes"}
    await client.reactions_add(**there)
    assert hers.reactions == {"eyes": ["U0BATON"]}
    assert await refusal(client.reactions_add(**there)) == "already_reacted"
    await client.reactions_remove(**there)
    assert hers.reactions == {}
    assert await refusal(client.reactions_remove(**there)) == "no_reaction"


async def test_too_many_blocks_are_refused_with_the_place_named(client: AsyncWebClient) -> None:
    body = await refused(
        client.chat_postMessage(channel=SUPPORT, text="x", blocks=[section("x")] * 51)
    )
    assert body["error"] == "invalid_blocks"
    [message] = body["response_metadata"]["messages"]
    assert message == "[ERROR] no more than 50 items allowed [json-pointer:/blocks]"


async def test_blocks_that_say_too_much_together_are_refused(client: AsyncWebClient) -> None:
    long = client.chat_postMessage(channel=SUPPORT, text="x", blocks=[section("x" * 3000)] * 5)
    assert await refusal(long) == "msg_blocks_too_long"
