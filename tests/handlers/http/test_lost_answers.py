"""When Slack rejects, delays or loses calls, each message still arrives exactly once."""

from datetime import timedelta

import pytest

from bot.delivery import Audience, Delivery
from bot.people import CaseId
from handlers import process
from storage import Transaction
from tests.handlers.actions import (
    assert_no_duplicates,
    escalates,
    escalates_and_claims,
    settles_slowly,
)
from tests.world import SUPPORT, WORKSPACE, World

FAULTS = [
    "ratelimited", "server_error", "server_error_after", "reset_before", "reset_after",
    "error:expired_trigger_id",
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_form_that_does_not_open_is_offered_again_with_the_full_text(
    quick_world: World, fault: str
) -> None:
    world, summary = quick_world, "Users cannot log in. " * 300
    world.slack.faults.next("views.open", fault)
    await world.ana.types(f"/escalate {summary}", channel=SUPPORT)
    [offer] = [it for it in world.ana.sees(SUPPORT) if it.only_for == "U0ANA"]
    assert "click the button again" in offer.text
    await world.ana.presses("Open the form", on=offer)
    await world.ana.fills({"Customer": "Acme", "Why does it need a manager?": ["Risk"]})
    await world.ana.submits()
    assert (await world.case()).summary == summary.strip()


async def test_a_button_whose_form_does_not_open_says_so(quick_world: World) -> None:
    world = quick_world
    await escalates_and_claims(world)
    world.slack.faults.next("views.open", "server_error")
    await world.maya.presses("Resolve", on=world.card)
    await world.settle()
    assert "click the button again" in world.maya.ephemerals[-1]


LOST = [
    *FAULTS[:-1], "ratelimited_bare", "ratelimited_ok", "broken_json", "redirected",
    "error:internal_error", "error:ratelimited", "error:who_knows_what",
]  # fmt: skip


@pytest.mark.parametrize("fault", LOST)
async def test_a_message_arrives_once_despite_failed_calls(quick_world: World, fault: str) -> None:
    world, faults = quick_world, quick_world.slack.faults
    faults.next("chat.postMessage", fault, times=2)  # the card and the receipt
    await escalates(world)
    await settles_slowly(world)
    faults.next("chat.postMessage", fault, times=2)  # the thread message and Ana's DM
    faults.next("chat.update", fault, times=2)
    await world.maya.presses("Claim", on=world.card)
    await settles_slowly(world)
    assert "Owner: <@U0MAYA>" in world.card.text
    assert len(world.ana.thread(world.card)) == 3
    assert len(world.ana.dms()) == 2
    assert_no_duplicates(world)


@pytest.mark.parametrize("lookup", ["conversations.history", "conversations.replies"])
async def test_baton_does_not_repost_while_it_cannot_read_the_channel(
    quick_world: World, lookup: str
) -> None:
    world, faults = quick_world, quick_world.slack.faults
    faults.next(lookup, "server_error", times=1)
    faults.next("conversations.open", "error:internal_error")
    faults.next("chat.postMessage", "reset_after", times=3)
    await escalates(world)
    await settles_slowly(world)
    assert len(world.ana.thread(world.card)) == 2
    assert len(world.ana.dms()) == 1
    assert_no_duplicates(world)


async def test_a_rate_limited_channel_waits_as_long_as_slack_says(quick_world: World) -> None:
    world = quick_world
    world.slack.faults.next("chat.postMessage", "ratelimited", times=2, retry_after=17)
    await escalates(world)
    await world.settle()
    calls = [it for it in world.slack.calls.to("chat.postMessage") if it.args["channel"] == SUPPORT]
    assert calls[0].fault == "ratelimited"
    assert calls[1].at - calls[0].at >= timedelta(seconds=17)
    assert_no_duplicates(world)


@pytest.mark.parametrize("fault", ["invalid_blocks", "msg_blocks_too_long", "too_many_attachments"])
async def test_a_message_with_rejected_blocks_is_sent_as_text(
    quick_world: World, fault: str
) -> None:
    world = quick_world
    world.slack.faults.next("chat.postMessage", f"error:{fault}", times=1)
    await escalates(world)
    await world.settle()
    [card] = world.cards()
    [receipt] = world.ana.dms()
    text_only = [it for it in (card, receipt) if not it.blocks]
    assert len(text_only) == 1
    assert "Acme" in text_only[0].text
    assert_no_duplicates(world)


async def test_a_deleted_card_is_posted_again(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    delete_batons_messages(world)
    await world.maya.types("/baton claim 1", channel=SUPPORT)
    await settles_slowly(world)
    assert "Owner: <@U0MAYA>" in world.card.text
    assert_no_duplicates(world)


def delete_batons_messages(world: World) -> None:
    channel = world.slack.workspace.channel(SUPPORT)
    for message in [it for it in channel.messages if it.metadata]:
        channel.drop(message)


async def test_a_reposted_card_whose_response_was_lost_is_not_posted_twice(
    quick_world: World,
) -> None:
    world = quick_world
    await world.escalates(world.ana)
    delete_batons_messages(world)
    world.slack.faults.next("chat.postMessage", "reset_after", times=2)
    await world.maya.types("/baton claim 1", channel=SUPPORT)
    await settles_slowly(world)
    assert "Owner: <@U0MAYA>" in world.card.text
    assert_no_duplicates(world)


async def test_a_card_with_rejected_blocks_shows_the_new_state_as_text(
    quick_world: World,
) -> None:
    world = quick_world
    await world.escalates(world.ana)
    world.slack.faults.next("chat.update", "error:invalid_blocks")
    await world.maya.presses("Claim", on=world.card)
    await settles_slowly(world)
    assert "Owner: <@U0MAYA>" in world.card.text


async def test_a_card_found_after_a_lost_response_shows_the_newest_state(
    quick_world: World,
) -> None:
    world = quick_world
    world.slack.faults.next("chat.postMessage", "reset_after", times=2)
    await escalates(world)
    await world.baton.catch_up()
    await world.maya.types("/baton claim 1", channel=SUPPORT)
    await settles_slowly(world)
    assert "Owner: <@U0MAYA>" in world.card.text


async def test_a_button_with_a_forged_value_is_refused_without_a_traceback(
    quick_world: World, log: pytest.LogCaptureFixture
) -> None:
    world = quick_world
    await world.escalates(world.ana)
    for value in ("", "x", "9" * 30, "9" * 5000):
        assert world.card.blocks is not None
        world.card.blocks[-1]["elements"][0]["value"] = value
        await world.maya.presses("Claim", on=world.card)
        await world.settle()
        assert "Baton did not send this button or form" in world.maya.ephemerals[-1]
    assert not [it for it in log.records if it.exc_info]


async def test_a_message_that_cannot_be_composed_does_not_block_its_channel(
    quick_world: World,
) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.store.of(WORKSPACE).run(queue_broken_message)
    for _ in range(8):
        await world.settle()
        world.clock.advance(timedelta(seconds=50))
    await world.maya.presses("Claim", on=world.card)
    await world.settle()
    assert "claimed ESC-1" in world.maya.thread(world.card)[-1].text


def queue_broken_message(tx: Transaction) -> None:
    """Queue a message about an event that does not exist."""
    note = Delivery.of_note(CaseId(1), 99, Audience.THREAD, SUPPORT, at=tx.now)
    tx.outbox.add(note)


async def test_a_message_with_an_unknown_slack_error_is_given_up_in_the_end(
    quick_world: World,
) -> None:
    world = quick_world
    await world.escalates(world.ana)
    world.slack.faults.next("chat.postMessage", "error:some_new_error", times=12)
    await world.maya.presses("Claim", on=world.card)
    for _ in range(8):
        await world.settle()
        world.clock.advance(timedelta(seconds=50))
    world.slack.faults.clear()
    await world.maya.presses("Update", on=world.card)
    await world.maya.fills({"Details": "They know"})
    await world.maya.submits()
    await world.settle()
    assert "They know" in world.maya.thread(world.card)[-1].text


@pytest.mark.parametrize(
    "fault", ["server_error", "broken_json", "ratelimited_ok", "error:internal_error"]
)
async def test_a_process_that_starts_during_a_slack_outage_retries(
    quick_world: World, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(process, "TRY_AGAIN_SECONDS", 0)
    quick_world.slack.faults.next("auth.test", fault, times=2)
    installation = await process.introduce(quick_world.baton.client, quick_world.store)
    assert installation.workspace == WORKSPACE


async def test_a_truncated_response_leaves_the_message_in_doubt_however_often_it_comes(
    quick_world: World, log: pytest.LogCaptureFixture
) -> None:
    quick_world.slack.faults.next("chat.postMessage", "broken_json", times=6)
    await escalates(quick_world)
    await settles_slowly(quick_world)
    assert len(quick_world.ana.dms()) == 1
    assert_no_duplicates(quick_world)
    assert not [it for it in log.records if it.exc_info]
