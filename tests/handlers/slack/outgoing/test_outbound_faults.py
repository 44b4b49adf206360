"""However Slack answers: no message is lost, and none stands there twice. O1 to O15, one by one."""

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
from tests.handlers.actions import assert_no_twins, escalates, posted
from tests.world import RANDOM, SUPPORT, TEAM, WORKSPACE, World, a_world

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
OPS = ChannelId("C0OPS")
CHANNEL = 'channel = "C0SUPPORT"'
WITH_FALLBACK = TEAM.replace(CHANNEL, f'{CHANNEL}\nfallback_channel = "{OPS}"')


@pytest.fixture
async def there(database_url: str) -> AsyncIterator[World]:
    """On both databases."""
    async with a_world(database_url, mode="socket") as world:
        yield world


async def passes(world: World, length: timedelta, *, step: timedelta = 15 * SECOND) -> None:
    """Time goes by, and Baton does what is due."""
    for _ in range(length // step):
        await world.baton.catch_up()
        world.clock.wind(step)
    await world.baton.catch_up()


async def has_a_case(world: World) -> None:
    await world.escalates(world.ana)


async def has_cases(world: World, number: int) -> None:
    for one in range(number):
        await world.escalates(world.ana, Customer=f"Customer {one}")
        world.clock.wind(5 * SECOND)


async def claims(world: World) -> None:
    await world.maya.types("/baton claim 1", channel=SUPPORT)


def in_thread(world: World, card: Message) -> list[str]:
    return [it.text for it in world.maya.thread(card)[1:]]


async def look_up(world: World, key: str) -> Delivery:
    return await world.store.of(WORKSPACE).read(lambda tx: tx.outbox.look_up(key))


# O1 to O4: answers that were lost


@pytest.mark.parametrize("fault", ["reset_after", "server_error_after", "broken_json", "late"])
async def test_o1_o2_o3_a_message_whose_answer_was_lost_is_looked_for_and_not_posted_again(
    there: World, fault: str
) -> None:
    there.slack.faults.next("chat.postMessage", fault, times=2)
    await escalates(there)
    await passes(there, 4 * MINUTE)
    assert len(there.slack.calls.to("chat.postMessage")) == 3  # card, receipt, and the story
    assert_no_twins(there)
    assert len(posted(there)) == 3


async def test_o2_an_error_of_slacks_own_is_not_taken_for_not_sent(there: World) -> None:
    there.slack.faults.next("chat.postMessage", "error:internal_error", times=2)
    await escalates(there)
    await passes(there, 4 * MINUTE)
    assert_no_twins(there)
    assert len(posted(there)) == 3


async def test_o3_a_message_that_comes_minutes_late_is_swept_away_and_the_first_stays(
    there: World,
) -> None:
    there.slack.faults.next("chat.postMessage", "late", times=2, seconds=200)
    await escalates(there)
    await passes(there, 3 * MINUTE)
    assert len(posted(there)) == 3  # posted again, since two looks did not find them
    await passes(there, 15 * MINUTE)
    assert_no_twins(there)
    assert len(posted(there)) == 3
    assert there.card.ts == (await there.case()).card.ts


async def test_o3_where_one_came_late_the_next_is_looked_for_later(there: World) -> None:
    there.slack.faults.next("chat.postMessage", "late", times=2, seconds=100)
    await escalates(there)
    await passes(there, 15 * MINUTE)
    sent = len(there.slack.calls.to("chat.postMessage"))
    there.slack.faults.next("chat.postMessage", "late", times=2, seconds=100)
    await there.escalates(there.ana, Customer="Beta")
    await passes(there, 4 * MINUTE)
    assert len(there.slack.calls.to("chat.postMessage")) == sent + 3  # nothing was sent again


async def test_o3_a_card_that_was_swept_shows_the_newest_state(there: World) -> None:
    there.slack.faults.next("chat.postMessage", "late", times=2, seconds=180)
    await escalates(there)
    await passes(there, 2 * MINUTE)
    await claims(there)
    await passes(there, 15 * MINUTE)
    assert "<@U0MAYA> has it" in there.card.text
    assert_no_twins(there)


@pytest.mark.parametrize("look", ["conversations.history", "conversations.replies"])
async def test_o4_history_that_lags_is_looked_at_twice(there: World, look: str) -> None:
    await has_a_case(there)
    there.slack.faults.next("chat.postMessage", "reset_after", times=2)
    there.slack.faults.next(look, "lagging", seconds=600)
    await claims(there)
    await passes(there, 4 * MINUTE)
    assert_no_twins(there)


async def test_o4_a_look_that_fails_is_never_taken_for_nothing_there(there: World) -> None:
    there.slack.faults.next("chat.postMessage", "reset_after", times=2)
    there.slack.faults.next("conversations.history", "error:internal_error", times=8)
    await escalates(there)
    await passes(there, 9 * MINUTE)
    assert_no_twins(there)
    assert len(posted(there)) == 3


async def test_o4_a_mark_in_the_blocks_is_enough_to_know_a_message_again(there: World) -> None:
    there.slack.faults.next("chat.postMessage", "reset_after", times=2)
    await escalates(there)
    await there.baton.catch_up()
    for channel in there.slack.workspace.channels.values():
        for message in channel.messages:
            message.metadata = None
    await passes(there, 4 * MINUTE)
    assert len(there.cards()) == 1
    assert len(there.ana.dms()) == 1


async def test_o4_where_nobody_lets_us_look_a_note_is_repeated_once_and_says_so(
    there: World,
) -> None:
    await has_a_case(there)
    forbid(there, "im:history", "channels:history")
    there.slack.faults.next("chat.postMessage", "reset_after", times=2)
    await claims(there)
    await passes(there, 4 * MINUTE)
    story = in_thread(there, there.card)
    assert [text.count("has ESC-1 now") for text in story] == [0, 1, 1]
    assert "may be a repeat" in story[-1]
    assert await doubt(there.store) == timedelta(0)


def forbid(world: World, *scopes: str) -> None:
    app = world.slack.workspace.app
    world.slack.workspace._app = replace(app, scopes=app.scopes - set(scopes))


async def doubt(store: Store) -> timedelta:
    return await store.everywhere(Due.doubt)


async def loses_sight_of_its_card(world: World, fault: str) -> None:
    forbid(world, "im:history", "channels:history")
    world.slack.faults.next("chat.postMessage", fault, times=2)  # the card, and the receipt
    await escalates(world)
    await passes(world, 2 * MINUTE)


@pytest.mark.parametrize(
    ("fault", "answer", "cards"),
    [("reset_before", "Send it again", 1), ("reset_after", "It is there", 1)],
)
async def test_o4_where_nobody_lets_us_look_for_a_card_a_lead_says_whether_it_is_there(
    there: World, fault: str, answer: str, cards: int
) -> None:
    await loses_sight_of_its_card(there, fault)
    [asked] = [it for it in there.leo.dms() if "cannot tell whether" in it.text]
    assert "the card of ESC-1" in asked.text
    await there.leo.presses(answer, on=asked)
    await passes(there, 2 * MINUTE)
    assert len([it for it in there.cards() if "Nobody has it yet" in it.text]) == cards
    await there.leo.presses(answer, on=asked)
    await there.baton.ephemeral.drain()
    assert "already settled" in there.leo.ephemerals[-1]


# O5 to O7: too fast


@pytest.mark.parametrize("fault", ["ratelimited", "ratelimited_bare", "ratelimited_ok"])
async def test_o5_when_slack_asks_for_rest_the_message_waits_and_others_go(
    there: World, fault: str
) -> None:
    await has_a_case(there)
    there.slack.faults.next("chat.update", fault, times=3, retry_after=30)
    await claims(there)
    await passes(there, 5 * SECOND, step=SECOND)
    assert "has ESC-1 now" in in_thread(there, there.card)[-1]  # while the edit waits
    await passes(there, 3 * MINUTE)
    assert "<@U0MAYA> has it" in there.card.text
    assert_no_twins(there)


async def test_o6_a_refusal_for_haste_causes_no_more_calls(there: World) -> None:
    there.slack.faults.next("chat.postMessage", "ratelimited", times=4, retry_after=60)
    await escalates(there)
    await passes(there, 2 * MINUTE, step=SECOND)
    assert len(there.slack.calls.to("chat.postMessage")) <= 6
    await passes(there, 3 * MINUTE)
    assert len(posted(there)) == 3


async def test_o7_a_burst_leaves_at_slacks_pace_and_none_of_it_is_dropped(there: World) -> None:
    await has_a_case(there)
    await there.store.of(WORKSPACE).run(owe_updates, 30)
    await passes(there, MINUTE, step=SECOND)
    calls = [it for it in there.slack.calls.to("chat.postMessage") if it.args["channel"] == SUPPORT]
    gaps = [after.at - before.at for before, after in pairwise(calls)]
    assert min(gaps) >= SECOND
    assert len(in_thread(there, there.card)) == 31


def owe_updates(tx: Transaction, number: int) -> None:
    for audience in range(number):
        at = tx.now + timedelta(microseconds=audience)
        note = Delivery.of_note(CaseId(1), 1, Audience.THREAD, ChannelId(SUPPORT), at=at)
        note.key += f"/{audience}"
        tx.outbox.add(note)


# O8: places that take nothing


def archive(world: World) -> None:
    world.slack.workspace.channel(SUPPORT).archived = True


def throw_out(world: World) -> None:
    world.slack.workspace.channel(SUPPORT).members.remove("U0BATON")


def bring_back(world: World) -> None:
    channel = world.slack.workspace.channel(SUPPORT)
    channel.archived = False
    if "U0BATON" not in channel.members:
        channel.members.append("U0BATON")


CLOSED = [(archive, "is archived", "channel_unarchive"), (throw_out, "/invite @Baton", "joined")]


@pytest.mark.parametrize(("close", "words", "event"), CLOSED)
async def test_o8_what_a_channel_does_not_take_goes_to_the_owner_and_comes_back(
    there: World, close: Callable[[World], None], words: str, event: str
) -> None:
    await has_a_case(there)
    await claims(there)
    await passes(there, MINUTE)
    close(there)
    await there.store.of(WORKSPACE).run(wait_on_case)
    await passes(there, MINUTE)
    told = [it.text for it in there.maya.dms() if "This was for <#C0SUPPORT>" in it.text]
    assert told
    assert words in told[0]
    bring_back(there)
    await tell(there, event)
    await passes(there, MINUTE)
    assert "waits on" in there.card.text
    assert_no_twins(there)


def wait_on_case(tx: Transaction) -> None:
    later = tx.now + timedelta(hours=2)
    tx.cases.get(CaseId(1)).wait(Waiting.CUSTOMER, "", resume_by=later, by=MAYA, at=tx.now)


async def tell(world: World, event: str) -> None:
    said = {"type": event, "channel": SUPPORT}
    if event == "joined":
        said = {"type": "member_joined_channel", "user": "U0BATON", "channel": SUPPORT}
    await world.slack.dispatch.tell(said)


async def test_o8_a_case_nobody_has_goes_to_the_leads(there: World) -> None:
    throw_out(there)
    await escalates(there)
    await passes(there, MINUTE)
    [card] = [it for it in there.leo.dms() if "ESC-1 · Acme" in it.text]
    assert "/invite @Baton" in card.text
    await there.leo.presses("Claim", on=card)
    assert (await there.case()).owner == "U0LEO"


async def test_o8_a_fallback_channel_comes_first_if_the_team_has_one(database_url: str) -> None:
    async with a_world(database_url, mode="socket", team=None) as world:
        world.slack.workspace.add_channel(OPS, "ops", members=["U0MAYA", "U0BATON"])
        await world.applies(WITH_FALLBACK)
        throw_out(world)
        await escalates(world)
        await passes(world, MINUTE)
        assert "ESC-1 · Acme" in world.maya.sees(OPS)[0].text
        assert not [it for it in world.leo.dms() if "ESC-1 · Acme" in it.text]


async def test_o8_if_the_fallback_fails_too_the_next_is_told(database_url: str) -> None:
    async with a_world(database_url, mode="socket", team=WITH_FALLBACK) as world:
        throw_out(world)
        await escalates(world)
        await passes(world, MINUTE)
        assert [it for it in world.leo.dms() if "ESC-1 · Acme" in it.text]


async def test_o8_what_somebody_who_left_was_to_hear_is_said_in_the_thread(there: World) -> None:
    await has_a_case(there)
    there.slack.workspace.people["U0ANA"].deleted = True
    await claims(there)
    await passes(there, MINUTE)
    assert "This was for <@U0ANA>" in in_thread(there, there.card)[-1]


# O9: Slack takes nothing at all


@pytest.mark.parametrize("code", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_o9_a_token_that_slack_refuses_stops_all_after_one_call_and_loses_nothing(
    there: World, code: str
) -> None:
    there.slack.faults.next("chat.postMessage", f"error:{code}", times=2)
    there.slack.faults.next("auth.test", f"error:{code}")
    await escalates(there)
    await passes(there, 9 * MINUTE)
    assert len(there.slack.calls.to("chat.postMessage")) <= 2  # of both lanes under way
    assert len(there.slack.calls.to("auth.test")) == 2  # when it began, and one since
    assert await there.store.everywhere(Due.shut) == {WORKSPACE: code}
    await passes(there, 3 * MINUTE)
    assert await there.store.everywhere(Due.shut) == {}
    assert len(posted(there)) == 3
    assert_no_twins(there)


async def test_o9_an_app_that_is_removed_stops_by_itself(there: World) -> None:
    await there.slack.dispatch.tell({"type": "app_uninstalled"})
    await escalates(there)
    await passes(there, MINUTE)
    assert there.slack.calls.to("chat.postMessage") == []
    await passes(there, 6 * MINUTE)
    assert len(posted(there)) == 3


# O10, O11: cards


async def test_o10_a_card_that_was_deleted_is_posted_anew_and_its_thread_follows(
    there: World,
) -> None:
    await has_a_case(there)
    channel = there.slack.workspace.channel(SUPPORT)
    for message in list(channel.messages):
        channel.drop(message)
    await claims(there)
    await passes(there, MINUTE)
    assert "<@U0MAYA> has it" in there.card.text
    assert "has ESC-1 now" in in_thread(there, there.card)[-1]
    assert (await look_up(there, "case/1/card")).generation == 2


async def test_o10_a_note_whose_thread_is_gone_has_its_card_posted_anew(there: World) -> None:
    await has_a_case(there)
    channel = there.slack.workspace.channel(SUPPORT)
    for message in list(channel.messages):
        channel.drop(message)
    await there.store.of(WORKSPACE).run(owe_updates, 1)
    await passes(there, MINUTE)
    assert len(in_thread(there, there.card)) == 1
    assert_no_twins(there)


async def test_o11_an_older_edit_that_comes_late_does_not_stay(there: World) -> None:
    await has_a_case(there)
    there.slack.faults.next("chat.update", "reset_after")
    await claims(there)
    await passes(there, 10 * SECOND, step=SECOND)
    there.card.text = "the case as it was"  # as the lost edit, carried out late, would leave it
    await passes(there, 2 * MINUTE)
    assert "<@U0MAYA> has it" in there.card.text


async def test_o11_a_mass_of_edits_does_not_hold_up_a_note(there: World) -> None:
    await has_cases(there, 12)
    await there.store.of(WORKSPACE).run(change_all_cards)
    await there.store.of(WORKSPACE).run(owe_updates, 1)
    await passes(there, 2 * SECOND, step=SECOND)
    edits = there.slack.calls.to("chat.update")
    assert len(edits) < 12
    [card] = [it for it in there.cards() if it.text.startswith("ESC-1 ")]
    assert len(in_thread(there, card)) == 2


def change_all_cards(tx: Transaction) -> None:
    for number in range(1, 13):
        tx.cases.get(CaseId(number)).card.request_update(at=tx.now)


# O12 to O14: messages that cannot be


async def test_o12_what_slack_refuses_even_in_plain_words_is_told_in_a_few(there: World) -> None:
    await has_a_case(there)
    there.slack.faults.next("chat.postMessage", "error:msg_too_long", times=4)
    await claims(there)
    await passes(there, 2 * MINUTE)
    [told] = [text for text in in_thread(there, there.card) if "did not take a message" in text]
    assert "/baton 1" in told


async def test_o13_a_channel_with_another_id_is_followed(there: World) -> None:
    await has_a_case(there)
    workspace = there.slack.workspace
    channel = workspace.channels.pop(SUPPORT)
    channel.id = "C0SHARED"
    workspace.channels["C0SHARED"] = channel
    for message in channel.messages:
        message.channel = "C0SHARED"
    said = {"old_channel_id": SUPPORT, "new_channel_id": "C0SHARED"}
    await there.slack.dispatch.tell({"type": "channel_id_changed", **said})
    await there.maya.types("/baton claim 1", channel=RANDOM)
    await passes(there, MINUTE)
    card = there.cards(ChannelId("C0SHARED"))[0]
    assert "<@U0MAYA> has it" in card.text
    assert "has ESC-1 now" in in_thread(there, card)[-1]


async def test_o14_a_message_that_cannot_be_written_is_given_up_and_its_lane_goes_on(
    there: World,
) -> None:
    await has_a_case(there)
    await there.store.of(WORKSPACE).run(owe_poison)
    await claims(there)
    await passes(there, 3 * MINUTE)
    story = in_thread(there, there.card)
    assert "has ESC-1 now" in "".join(story)
    assert "did not take a message of ESC-1" in "".join(story)
    poison = await look_up(there, f"case/1/99/thread/{SUPPORT}")
    assert poison.state is State.REFUSED


def owe_poison(tx: Transaction) -> None:
    """A note on an event that never was."""
    tx.outbox.add(Delivery.of_note(CaseId(1), 99, Audience.THREAD, ChannelId(SUPPORT), at=tx.now))


# O15: senders that are late


async def test_o15_what_a_stalled_sender_posts_after_all_is_swept_away(there: World) -> None:
    """Its call arrives when another sender has looked twice and posted already."""
    await has_a_case(there)
    there.slack.faults.next("chat.postMessage", "late", seconds=200)
    await there.store.of(WORKSPACE).run(owe_updates, 1)
    await passes(there, 5 * MINUTE)
    await passes(there, 12 * MINUTE)
    told = [text for text in in_thread(there, there.card) if "tells the whole story" in text]
    assert len(told) == 2
    assert_no_twins(there)


# Backlogs


async def test_s6_many_nudges_for_one_lane_become_one_message(there: World) -> None:
    await has_cases(there, 12)
    there.clock.wind(timedelta(hours=6))
    await passes(there, 2 * MINUTE, step=SECOND)
    [summary] = [it for it in there.cards() if "cases need somebody" in it.text]
    assert "*12 cases need somebody*, 12 of them late" in summary.text
    assert summary.text.count("late\n") + summary.text.count(" late") >= 12
    assert len([it for it in there.leo.dms() if "cases need somebody" in it.text]) == 1
    assert not [it for it in there.leo.dms() if "Nobody claimed" in it.text]


async def test_s7_a_gathered_message_tells_only_what_is_still_true(there: World) -> None:
    await has_cases(there, 7)
    there.clock.wind(timedelta(hours=2))
    await there.store.of(WORKSPACE).run(tick_all)
    for number in (1, 2):
        await there.maya.types(f"/baton claim {number}", channel=SUPPORT)
    await passes(there, 2 * MINUTE, step=SECOND)
    [summary] = [it for it in there.cards() if "cases need somebody" in it.text]
    assert "*5 cases need somebody*" in summary.text
    assert "ESC-1*" not in summary.text


def tick_all(tx: Transaction) -> None:
    for number in range(1, 8):
        tx.cases.get(CaseId(number)).tick(at=tx.now)
