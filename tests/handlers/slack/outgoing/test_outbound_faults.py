"""Faults on the way to Slack: no message is lost, and no duplicate stays."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.delivery import Audience, Delivery, State
from bot.people import CaseId, ChannelId
from bot.team import Waiting
from handlers.sandbox import Message
from storage import Store, Transaction
from storage.due import Due
from tests.builders import MAYA
from tests.handlers.actions import assert_no_duplicates, escalates, posted
from tests.world import RANDOM, SUPPORT, TEAM, WORKSPACE, World, a_world

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
OPS = ChannelId("C0OPS")
CHANNEL = 'channel = "C0SUPPORT"'
WITH_FALLBACK = TEAM.replace(CHANNEL, f'{CHANNEL}\nfallback_channel = "{OPS}"')


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """Run the test on both databases, in Socket Mode: delivery is the same in both modes."""
    async with a_world(database_url, mode="socket") as world:
        yield world


async def time_passes(world: World, length: timedelta, *, step: timedelta = 15 * SECOND) -> None:
    """Wind the clock in steps and process what is due at each one."""
    for _ in range(length // step):
        await world.baton.catch_up()
        world.clock.advance(step)
    await world.baton.catch_up()


async def open_case(world: World) -> None:
    await world.escalates(world.ana)


async def open_cases(world: World, count: int) -> None:
    for number in range(count):
        await world.escalates(world.ana, Customer=f"Customer {number}")
        world.clock.advance(5 * SECOND)


async def maya_claims(world: World) -> None:
    await world.maya.types("/baton claim 1", channel=SUPPORT)


def thread_texts(world: World, card: Message) -> list[str]:
    return [it.text for it in world.maya.thread(card)[1:]]


async def find_delivery(world: World, key: str) -> Delivery:
    return await world.store.of(WORKSPACE).read(lambda tx: tx.outbox.look_up(key))


# O1 to O4: lost answers


@pytest.mark.parametrize("fault", ["reset_after", "server_error_after", "broken_json", "late"])
async def test_o1_o2_o3_a_message_is_found_after_a_lost_answer_and_not_posted_again(
    world: World, fault: str
) -> None:
    world.slack.faults.next("chat.postMessage", fault, times=2)
    await escalates(world)
    await time_passes(world, 4 * MINUTE)
    assert (
        len(world.slack.calls.to("chat.postMessage")) == 3
    )  # the card, the receipt and the first note
    assert_no_duplicates(world)
    assert len(posted(world)) == 3


async def test_o2_an_internal_error_does_not_mean_that_nothing_was_sent(world: World) -> None:
    world.slack.faults.next("chat.postMessage", "error:internal_error", times=2)
    await escalates(world)
    await time_passes(world, 4 * MINUTE)
    assert_no_duplicates(world)
    assert len(posted(world)) == 3


async def test_o3_when_a_message_arrives_minutes_late_only_the_earliest_copy_is_kept(
    world: World,
) -> None:
    world.slack.faults.next("chat.postMessage", "late", times=2, seconds=200)
    await escalates(world)
    await time_passes(world, 3 * MINUTE)
    assert len(posted(world)) == 3  # posted again, because two searches found nothing
    await time_passes(world, 15 * MINUTE)
    assert_no_duplicates(world)
    assert len(posted(world)) == 3
    assert world.card.ts == (await world.case()).card.ts


async def test_o3_after_a_late_duplicate_baton_waits_longer_before_it_searches(
    world: World,
) -> None:
    world.slack.faults.next("chat.postMessage", "late", times=2, seconds=100)
    await escalates(world)
    await time_passes(world, 15 * MINUTE)
    sent = len(world.slack.calls.to("chat.postMessage"))
    world.slack.faults.next("chat.postMessage", "late", times=2, seconds=100)
    await world.escalates(world.ana, Customer="Beta")
    await time_passes(world, 4 * MINUTE)
    assert len(world.slack.calls.to("chat.postMessage")) == sent + 3  # nothing was sent again


async def test_o3_the_card_that_is_kept_shows_the_newest_state(world: World) -> None:
    world.slack.faults.next("chat.postMessage", "late", times=2, seconds=180)
    await escalates(world)
    await time_passes(world, 2 * MINUTE)
    await maya_claims(world)
    await time_passes(world, 15 * MINUTE)
    assert "Owner: <@U0MAYA>" in world.card.text
    assert_no_duplicates(world)


@pytest.mark.parametrize("method", ["conversations.history", "conversations.replies"])
async def test_o4_a_second_search_finds_what_a_lagging_history_hid(
    world: World, method: str
) -> None:
    await open_case(world)
    world.slack.faults.next("chat.postMessage", "reset_after", times=2)
    world.slack.faults.next(method, "lagging", seconds=600)
    await maya_claims(world)
    await time_passes(world, 4 * MINUTE)
    assert_no_duplicates(world)


async def test_o4_a_failed_search_does_not_mean_that_the_message_is_absent(world: World) -> None:
    world.slack.faults.next("chat.postMessage", "reset_after", times=2)
    world.slack.faults.next("conversations.history", "error:internal_error", times=8)
    await escalates(world)
    await time_passes(world, 9 * MINUTE)
    assert_no_duplicates(world)
    assert len(posted(world)) == 3


async def test_o4_a_message_is_recognized_by_its_blocks_alone(world: World) -> None:
    world.slack.faults.next("chat.postMessage", "reset_after", times=2)
    await escalates(world)
    await world.baton.catch_up()
    for channel in world.slack.workspace.channels.values():
        for message in channel.messages:
            message.metadata = None
    await time_passes(world, 4 * MINUTE)
    assert len(world.cards()) == 1
    assert len(world.ana.dms()) == 1


async def test_o4_without_access_to_the_history_a_note_is_repeated_once_and_says_so(
    world: World,
) -> None:
    await open_case(world)
    revoke_scopes(world, "im:history", "channels:history")
    world.slack.faults.next("chat.postMessage", "reset_after", times=2)
    await maya_claims(world)
    await time_passes(world, 4 * MINUTE)
    texts = thread_texts(world, world.card)
    assert [text.count("<@U0MAYA> claimed ESC-1.") for text in texts] == [0, 1, 1]
    assert "may see this twice" in texts[-1]
    assert await longest_doubt(world.store) == timedelta(0)


def revoke_scopes(world: World, *scopes: str) -> None:
    app = world.slack.workspace.app
    world.slack.workspace._app = replace(app, scopes=app.scopes - set(scopes))


async def longest_doubt(store: Store) -> timedelta:
    return await store.query_all(Due.doubt)


async def lose_the_answer_to_a_card(world: World, fault: str) -> None:
    """Open a case whose card may have arrived, where Baton may not search the history."""
    revoke_scopes(world, "im:history", "channels:history")
    world.slack.faults.next("chat.postMessage", fault, times=2)  # the card and the receipt
    await escalates(world)
    await time_passes(world, 2 * MINUTE)


@pytest.mark.parametrize(
    ("fault", "answer", "cards"),
    [("reset_before", "Send it again", 1), ("reset_after", "It is there", 1)],
)
async def test_o4_without_access_to_the_history_a_lead_says_whether_the_card_arrived(
    world: World, fault: str, answer: str, cards: int
) -> None:
    await lose_the_answer_to_a_card(world, fault)
    [question] = [it for it in world.leo.dms() if "couldn't confirm" in it.text]
    assert "the card of ESC-1 reached <#C0SUPPORT>" in question.text
    await world.leo.presses(answer, on=question)
    await time_passes(world, 2 * MINUTE)
    assert len([it for it in world.cards() if "Unclaimed" in it.text]) == cards
    await world.leo.presses(answer, on=question)
    await world.baton.ephemeral.drain()
    assert "already settled" in world.leo.ephemerals[-1]


# O5 to O7: rate limits


@pytest.mark.parametrize("fault", ["ratelimited", "ratelimited_bare", "ratelimited_ok"])
async def test_o5_a_rate_limited_edit_waits_while_notes_are_sent(world: World, fault: str) -> None:
    await open_case(world)
    world.slack.faults.next("chat.update", fault, times=3, retry_after=30)
    await maya_claims(world)
    await time_passes(world, 5 * SECOND, step=SECOND)
    newest = thread_texts(world, world.card)[-1]
    assert "<@U0MAYA> claimed ESC-1." in newest  # while the edit of the card waits
    await time_passes(world, 3 * MINUTE)
    assert "Owner: <@U0MAYA>" in world.card.text
    assert_no_duplicates(world)


async def test_o6_a_rate_limit_does_not_cause_a_burst_of_retries(world: World) -> None:
    world.slack.faults.next("chat.postMessage", "ratelimited", times=4, retry_after=60)
    await escalates(world)
    await time_passes(world, 2 * MINUTE, step=SECOND)
    assert len(world.slack.calls.to("chat.postMessage")) <= 6
    await time_passes(world, 3 * MINUTE)
    assert len(posted(world)) == 3


async def test_o7_a_burst_is_sent_at_one_message_a_second_and_none_is_dropped(world: World) -> None:
    await open_case(world)
    await world.store.of(WORKSPACE).run(queue_notes, 30)
    await time_passes(world, MINUTE, step=SECOND)
    calls = [it for it in world.slack.calls.to("chat.postMessage") if it.args["channel"] == SUPPORT]
    gaps = [after.at - before.at for before, after in pairwise(calls)]
    assert min(gaps) >= SECOND
    assert len(thread_texts(world, world.card)) == 31


def queue_notes(tx: Transaction, count: int) -> None:
    """Queue the first event's note for the thread again, ``count`` times under different keys."""
    for number in range(count):
        at = tx.now + timedelta(microseconds=number)
        note = Delivery.of_note(CaseId(1), 1, Audience.THREAD, ChannelId(SUPPORT), at=at)
        note.key += f"/{number}"
        tx.outbox.add(note)


# O8: channels and people that Slack does not deliver to


def archive(world: World) -> None:
    world.slack.workspace.channel(SUPPORT).archived = True


def remove_baton(world: World) -> None:
    world.slack.workspace.channel(SUPPORT).members.remove("U0BATON")


def reopen(world: World) -> None:
    channel = world.slack.workspace.channel(SUPPORT)
    channel.archived = False
    if "U0BATON" not in channel.members:
        channel.members.append("U0BATON")


UNREACHABLE = [
    (archive, "is archived", "channel_unarchive"),
    (remove_baton, "/invite @Baton", "member_joined_channel"),
]


@pytest.mark.parametrize(("close", "hint", "event"), UNREACHABLE)
async def test_o8_the_owner_gets_what_a_channel_refuses_until_the_channel_is_back(
    world: World, close: Callable[[World], None], hint: str, event: str
) -> None:
    await open_case(world)
    await maya_claims(world)
    await time_passes(world, MINUTE)
    close(world)
    await world.store.of(WORKSPACE).run(wait_on_case)
    await time_passes(world, MINUTE)
    redirected = [
        it.text for it in world.maya.dms() if "I couldn't deliver this to <#C0SUPPORT>" in it.text
    ]
    assert redirected
    assert hint in redirected[0]
    reopen(world)
    await send_channel_event(world, event)
    await time_passes(world, MINUTE)
    assert "waiting for the customer" in world.card.text
    assert_no_duplicates(world)


def wait_on_case(tx: Transaction) -> None:
    later = tx.now + timedelta(hours=2)
    tx.cases.get(CaseId(1)).wait(Waiting.CUSTOMER, "", resume_by=later, by=MAYA, at=tx.now)


async def send_channel_event(world: World, kind: str) -> None:
    event = {"type": kind, "channel": SUPPORT}
    if kind == "member_joined_channel":
        event["user"] = "U0BATON"
    await world.slack.dispatch.tell(event)


async def test_o8_the_card_of_an_unclaimed_case_goes_to_the_leads(world: World) -> None:
    remove_baton(world)
    await escalates(world)
    await time_passes(world, MINUTE)
    [card] = [it for it in world.leo.dms() if "ESC-1 · Acme" in it.text]
    assert "/invite @Baton" in card.text
    await world.leo.presses("Claim", on=card)
    assert (await world.case()).owner == "U0LEO"


async def test_o8_a_fallback_channel_is_tried_before_the_leads(database_url: str) -> None:
    async with a_world(database_url, mode="socket", team=None) as world:
        world.slack.workspace.add_channel(OPS, "ops", members=["U0MAYA", "U0BATON"])
        await world.applies(WITH_FALLBACK)
        remove_baton(world)
        await escalates(world)
        await time_passes(world, MINUTE)
        assert "ESC-1 · Acme" in world.maya.sees(OPS)[0].text
        assert not [it for it in world.leo.dms() if "ESC-1 · Acme" in it.text]


async def test_o8_the_leads_get_the_card_if_the_fallback_channel_fails_too(
    database_url: str,
) -> None:
    async with a_world(database_url, mode="socket", team=WITH_FALLBACK) as world:
        remove_baton(world)
        await escalates(world)
        await time_passes(world, MINUTE)
        assert [it for it in world.leo.dms() if "ESC-1 · Acme" in it.text]


async def test_o8_a_message_to_a_deactivated_person_goes_to_the_thread(world: World) -> None:
    await open_case(world)
    world.slack.workspace.people["U0ANA"].deleted = True
    await maya_claims(world)
    await time_passes(world, MINUTE)
    assert "I couldn't deliver this to <@U0ANA>" in thread_texts(world, world.card)[-1]


# O9: Slack rejects the token, or the app is gone


@pytest.mark.parametrize("code", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_o9_a_rejected_token_stops_all_sending_and_loses_nothing(
    world: World, code: str
) -> None:
    world.slack.faults.next("chat.postMessage", f"error:{code}", times=2)
    world.slack.faults.next("auth.test", f"error:{code}")
    await escalates(world)
    await time_passes(world, 9 * MINUTE)
    assert len(world.slack.calls.to("chat.postMessage")) <= 2  # one for each of the two lanes
    assert len(world.slack.calls.to("auth.test")) == 2  # at startup, and one probe since
    assert await world.store.query_all(Due.shut) == {WORKSPACE: code}
    await time_passes(world, 3 * MINUTE)
    assert await world.store.query_all(Due.shut) == {}
    assert len(posted(world)) == 3
    assert_no_duplicates(world)


async def test_o9_an_uninstalled_app_sends_nothing_until_its_token_works_again(
    world: World,
) -> None:
    await world.slack.dispatch.tell({"type": "app_uninstalled"})
    await escalates(world)
    await time_passes(world, MINUTE)
    assert world.slack.calls.to("chat.postMessage") == []
    await time_passes(world, 6 * MINUTE)
    assert len(posted(world)) == 3


# O10, O11: cards


async def test_o10_a_deleted_card_is_posted_again_with_a_new_thread(
    world: World,
) -> None:
    await open_case(world)
    channel = world.slack.workspace.channel(SUPPORT)
    for message in list(channel.messages):
        channel.drop(message)
    await maya_claims(world)
    await time_passes(world, MINUTE)
    assert "Owner: <@U0MAYA>" in world.card.text
    assert "<@U0MAYA> claimed ESC-1." in thread_texts(world, world.card)[-1]
    assert (await find_delivery(world, "case/1/card")).generation == 2


async def test_o10_a_note_that_finds_no_thread_has_the_card_posted_again(world: World) -> None:
    await open_case(world)
    channel = world.slack.workspace.channel(SUPPORT)
    for message in list(channel.messages):
        channel.drop(message)
    await world.store.of(WORKSPACE).run(queue_notes, 1)
    await time_passes(world, MINUTE)
    assert len(thread_texts(world, world.card)) == 1
    assert_no_duplicates(world)


async def test_o11_an_outdated_edit_that_arrives_late_is_overwritten(world: World) -> None:
    await open_case(world)
    world.slack.faults.next("chat.update", "reset_after")
    await maya_claims(world)
    await time_passes(world, 10 * SECOND, step=SECOND)
    world.card.text = "an outdated card"  # what Slack shows if the lost edit arrives late
    await time_passes(world, 2 * MINUTE)
    assert "Owner: <@U0MAYA>" in world.card.text


async def test_o11_many_edits_do_not_delay_a_note(world: World) -> None:
    await open_cases(world, 12)
    await world.store.of(WORKSPACE).run(change_all_cards)
    await world.store.of(WORKSPACE).run(queue_notes, 1)
    await time_passes(world, 2 * SECOND, step=SECOND)
    edits = world.slack.calls.to("chat.update")
    assert len(edits) < 12
    [card] = [it for it in world.cards() if it.text.startswith("ESC-1 ")]
    assert len(thread_texts(world, card)) == 2


def change_all_cards(tx: Transaction) -> None:
    for number in range(1, 13):
        tx.cases.get(CaseId(number)).card.request_update(at=tx.now)


# O12 to O14: refused messages, renamed channels, errors in Baton


async def test_o12_a_message_refused_even_as_plain_text_becomes_a_short_notice(
    world: World,
) -> None:
    await open_case(world)
    world.slack.faults.next("chat.postMessage", "error:msg_too_long", times=4)
    await maya_claims(world)
    await time_passes(world, 2 * MINUTE)
    texts = thread_texts(world, world.card)
    [notice] = [text for text in texts if "did not accept a message about ESC-1" in text]
    assert "`/baton 1` shows the case" in notice


async def test_o13_a_case_follows_its_channel_to_a_new_id(world: World) -> None:
    await open_case(world)
    workspace = world.slack.workspace
    channel = workspace.channels.pop(SUPPORT)
    channel.id = "C0SHARED"
    workspace.channels["C0SHARED"] = channel
    for message in channel.messages:
        message.channel = "C0SHARED"
    ids = {"old_channel_id": SUPPORT, "new_channel_id": "C0SHARED"}
    await world.slack.dispatch.tell({"type": "channel_id_changed", **ids})
    await world.maya.types("/baton claim 1", channel=RANDOM)
    await time_passes(world, MINUTE)
    card = world.cards(ChannelId("C0SHARED"))[0]
    assert "Owner: <@U0MAYA>" in card.text
    assert "<@U0MAYA> claimed ESC-1." in thread_texts(world, card)[-1]


async def test_o14_a_message_that_cannot_be_rendered_does_not_block_its_lane(
    world: World,
) -> None:
    await open_case(world)
    await world.store.of(WORKSPACE).run(queue_broken_note)
    await maya_claims(world)
    await time_passes(world, 3 * MINUTE)
    thread = "".join(thread_texts(world, world.card))
    assert "<@U0MAYA> claimed ESC-1." in thread
    assert "did not accept a message about ESC-1" in thread
    broken = await find_delivery(world, f"case/1/99/thread/{SUPPORT}")
    assert broken.state is State.REFUSED


def queue_broken_note(tx: Transaction) -> None:
    """Queue a note on an event that does not exist."""
    tx.outbox.add(Delivery.of_note(CaseId(1), 99, Audience.THREAD, ChannelId(SUPPORT), at=tx.now))


# O15: delayed senders


async def test_o15_what_a_stalled_sender_posts_in_the_end_is_deleted(world: World) -> None:
    """Slack carries out its call after another sender has searched twice and posted."""
    await open_case(world)
    world.slack.faults.next("chat.postMessage", "late", seconds=200)
    await world.store.of(WORKSPACE).run(queue_notes, 1)
    await time_passes(world, 5 * MINUTE)
    await time_passes(world, 12 * MINUTE)
    notes = [text for text in thread_texts(world, world.card) if "<@U0ANA> writes:" in text]
    assert len(notes) == 2
    assert_no_duplicates(world)


# Backlogs


async def test_s6_many_nudges_in_one_lane_become_one_message(world: World) -> None:
    await open_cases(world, 12)
    world.clock.advance(timedelta(hours=6))
    await time_passes(world, 2 * MINUTE, step=SECOND)
    [summary] = [it for it in world.cards() if "cases need attention" in it.text]
    assert "*12 cases need attention*, 12 overdue:" in summary.text
    assert summary.text.count(" overdue") == 13  # the heading and each of the 12 cases
    assert len([it for it in world.leo.dms() if "cases need attention" in it.text]) == 1
    assert not [it for it in world.leo.dms() if "overdue and unclaimed" in it.text]


async def test_s7_a_gathered_message_leaves_out_cases_claimed_since(world: World) -> None:
    await open_cases(world, 7)
    world.clock.advance(timedelta(hours=2))
    await world.store.of(WORKSPACE).run(tick_all)
    await world.reads_people()
    for number in (1, 2):
        await world.maya.types(f"/baton claim {number}", channel=SUPPORT)
    await time_passes(world, 2 * MINUTE, step=SECOND)
    [summary] = [it for it in world.cards() if "cases need attention" in it.text]
    assert "*5 cases need attention*" in summary.text
    assert "|ESC-1>" not in summary.text
    assert "|ESC-3>" in summary.text


def tick_all(tx: Transaction) -> None:
    for number in range(1, 8):
        tx.cases.get(CaseId(number)).tick(at=tx.now)
