"""Lanes: one message at a time in each channel, in order, at Slack's pace."""

from datetime import timedelta
from functools import partial

from bot.case.event import Event, EventKind
from bot.delivery import (
    CASES_AT_MOST,
    EDITS,
    PACE,
    YIELD_FOR,
    Audience,
    Delivery,
    DeliveryKind,
    Outcome,
    SendResult,
)
from bot.delivery.gathering import MORE_THAN
from bot.delivery.send_quota import BURST, INTERVAL
from bot.people import CaseId, ChannelId
from bot.priority import Priority
from handlers.sandbox import Clock
from handlers.slack.outgoing.settle import settle, settle_sweep
from storage import Store, Transaction
from storage.due import Due
from storage.sending.lease import LeasedDelivery, Sweep
from tests.builders import MAYA
from tests.storage.test_store import open_one, put_team, statements
from tests.world import SUPPORT, WORKSPACE

LEASE = timedelta(seconds=40)
HERE, THERE = ChannelId(SUPPORT), ChannelId("C0OTHER")


async def owe(store: Store, *channels: ChannelId) -> None:
    """An open case, and then a note for each of these, a second apart."""

    def work(tx: Transaction) -> None:
        for number, channel in enumerate(channels, start=2):
            at = tx.now + timedelta(microseconds=number)
            tx.outbox.add(Delivery.of_note(CaseId(1), number, Audience.THREAD, channel, at=at))

    ours = store.of(WORKSPACE)
    await ours.run(put_team)
    await ours.run(open_one)
    await ours.run(work)


async def lease(store: Store) -> dict[str, str]:
    """What is sent next, by lane."""
    pending = await store.lease(WORKSPACE, lasting=LEASE, limit=10)
    return {one.delivery.channel: one.delivery.key for one in pending}


async def leased(store: Store, channel: str = SUPPORT) -> LeasedDelivery:
    pending = await store.lease(WORKSPACE, lasting=LEASE, limit=10)
    return next(one for one in pending if one.delivery.channel == channel)


async def end(store: Store, pending: LeasedDelivery, answer: SendResult) -> None:
    await store.of(WORKSPACE).run(settle, pending.delivery.key, pending.attempt, answer)


async def test_each_lane_gives_its_first_message_and_no_more(store: Store, clock: Clock) -> None:
    await owe(store, HERE, THERE)
    clock.wind(timedelta(seconds=1))
    first = await lease(store)
    assert first[SUPPORT] == "case/1/card"
    assert first[THERE] == f"case/1/3/thread/{THERE}"
    assert await lease(store) == {}


async def test_the_next_message_goes_a_second_after_the_last(store: Store, clock: Clock) -> None:
    await owe(store, HERE)
    clock.wind(timedelta(seconds=1))
    await end(store, await leased(store), SendResult(Outcome.SENT, ts="1.1"))
    assert await lease(store) == {}
    clock.wind(timedelta(seconds=1))
    assert (await lease(store))[SUPPORT] == f"case/1/1/thread/{SUPPORT}"


async def test_a_lane_waits_as_long_as_slack_says_and_the_others_do_not(
    store: Store, clock: Clock
) -> None:
    await owe(store, THERE)
    clock.wind(timedelta(seconds=1))
    await end(
        store,
        await leased(store),
        SendResult(Outcome.NOT_SENT, retry_after=timedelta(seconds=30)),
    )
    clock.wind(timedelta(seconds=29))
    assert SUPPORT not in await lease(store)
    clock.wind(timedelta(seconds=1))
    assert (await lease(store))[SUPPORT] == "case/1/card"


async def test_a_lane_keeps_its_order_while_its_first_message_is_in_doubt(
    store: Store, clock: Clock
) -> None:
    await owe(store, HERE)
    clock.wind(timedelta(seconds=1))
    await end(store, await leased(store), SendResult(Outcome.IN_DOUBT))
    clock.wind(timedelta(seconds=44))
    assert SUPPORT not in await lease(store)
    clock.wind(timedelta(seconds=1))
    again = await leased(store)
    assert again.delivery.key == "case/1/card"
    assert again.attempt.looks


async def test_a_sender_that_died_leaves_its_message_in_doubt_until_its_lease_ends(
    store: Store, clock: Clock
) -> None:
    await owe(store)
    await lease(store)
    clock.wind(LEASE - timedelta(seconds=1))
    assert await lease(store) == {}
    clock.wind(timedelta(seconds=1))
    again = await leased(store)
    assert again.attempt.looks


async def test_a_sender_that_comes_back_too_late_is_not_heard(store: Store, clock: Clock) -> None:
    await owe(store)
    stale = await leased(store)
    clock.wind(LEASE)
    fresh = await leased(store)
    await end(store, stale, SendResult(Outcome.REFUSED))
    await end(store, fresh, SendResult(Outcome.SENT, ts="1.1"))
    card = await store.of(WORKSPACE).read(lambda tx: tx.outbox.look_up("case/1/card"))
    assert card.ts == "1.1"


async def test_a_sweep_and_a_lease_do_not_wait_for_each_other_in_a_ring(store: Store) -> None:
    await owe(store)
    card = await store.of(WORKSPACE).read(lambda tx: tx.outbox.look_up("case/1/card"))
    sweep, healed = (
        Sweep(WORKSPACE, card, card.queued_at),
        SendResult(Outcome.SENT, ts="1.1", healed=1),
    )
    with statements(store) as swept:
        await store.of(WORKSPACE).run(settle_sweep, sweep, healed)
    with statements(store) as leased:
        await lease(store)
    assert order_of_locks(swept) == order_of_locks(leased) == ["outlets", "deliveries"]


def order_of_locks(made: list[str]) -> list[str]:
    """Whose rows are taken first, of those that both want."""
    first = {name: " ".join(made).index(f"FROM {name}") for name in ("outlets", "deliveries")}
    return sorted(first, key=first.__getitem__)


async def test_a_message_is_late_once_it_could_have_gone_and_not_while_its_lane_rests(
    store: Store, clock: Clock
) -> None:
    await owe(store)
    wait = SendResult(Outcome.NOT_SENT, retry_after=timedelta(minutes=5))
    for pending in await store.lease(WORKSPACE, lasting=LEASE, limit=10):
        rests = pending.delivery.channel == SUPPORT
        await end(store, pending, wait if rests else SendResult(Outcome.SENT, ts="1.1"))
    clock.wind(timedelta(minutes=4))
    assert await store.everywhere(Due.waiting) == 1  # the note behind the card
    assert (await store.everywhere(Due.lateness)).delivery == timedelta(0)
    clock.wind(timedelta(minutes=3))
    assert (await store.everywhere(Due.lateness)).delivery == timedelta(minutes=2)


async def test_where_there_is_more_than_the_pace_allows_each_lane_gets_its_turn(
    store: Store, clock: Clock
) -> None:
    channels = [ChannelId(f"C0{number:03d}") for number in range(BURST + 5)]

    def two_in_each(tx: Transaction) -> None:
        for channel in channels:
            for number in range(2):
                key, kind = f"{channel}/{number}", DeliveryKind.DIGEST
                tx.outbox.add(Delivery(key, kind, Audience.CHANNEL, channel, tx.now, tx.now))

    await store.of(WORKSPACE).run(two_in_each)
    first = await store.lease(WORKSPACE, lasting=LEASE, limit=2 * BURST)
    for pending in first:
        await end(store, pending, SendResult(Outcome.SENT, ts="1.1"))
    clock.wind(5 * INTERVAL)
    then = await store.lease(WORKSPACE, lasting=LEASE, limit=2 * BURST)
    served = {pending.delivery.channel for pending in first}
    assert (len(first), len(then)) == (BURST, 5)
    assert {pending.delivery.channel for pending in then} == set(channels) - served


async def test_a_channel_hears_before_a_person_but_nobody_waits_long_for_that(
    store: Store, clock: Clock
) -> None:
    people = [ChannelId(f"U0{number:03d}") for number in range(BURST)]
    channels = [ChannelId(f"C0{number:03d}") for number in range(BURST)]

    def one_for_each(tx: Transaction) -> None:
        for channel in (*people, *channels):
            tx.outbox.add(
                Delivery(channel, DeliveryKind.DIGEST, Audience.CHANNEL, channel, tx.now, tx.now)
            )

    await store.of(WORKSPACE).run(one_for_each)
    first = await store.lease(WORKSPACE, lasting=LEASE, limit=BURST)
    assert {pending.delivery.channel for pending in first} == set(channels)
    clock.wind(YIELD_FOR - INTERVAL)
    assert await store.lease(WORKSPACE, lasting=LEASE, limit=BURST) == []
    clock.wind(INTERVAL)
    then = await store.lease(WORKSPACE, lasting=LEASE, limit=BURST)
    assert len(then) == YIELD_FOR // INTERVAL


async def test_a_home_tab_does_not_stand_back(store: Store) -> None:
    tab = Delivery.of_home(MAYA.user, at=store.clock())

    def leave_room_for_one(tx: Transaction) -> None:
        tx.outbox.send_quota().reserve(BURST - 1, at=tx.now)
        tx.outbox.add(tab)

    await store.of(WORKSPACE).run(leave_room_for_one)
    assert await lease(store) == {MAYA.user: tab.key}


async def test_an_edit_goes_though_as_much_was_posted_as_may_be(store: Store, clock: Clock) -> None:
    await owe(store)
    for pending in await store.lease(WORKSPACE, lasting=LEASE, limit=10):
        await end(store, pending, SendResult(Outcome.SENT, ts="1.1"))

    def spend_all(tx: Transaction) -> None:
        tx.outbox.send_quota().reserve(BURST, at=tx.now)
        tx.cases.get(CaseId(1)).card.request_update(at=tx.now)

    await store.of(WORKSPACE).run(spend_all)
    [pending] = await store.lease(WORKSPACE, lasting=LEASE, limit=10)
    assert pending.delivery.lane == EDITS


async def test_of_a_crowd_the_worst_is_told_first_and_the_rest_in_the_turns_after_it(
    store: Store, clock: Clock
) -> None:
    await store.of(WORKSPACE).run(put_team)
    many = 2 * CASES_AT_MOST + MORE_THAN
    numbers = [await store.of(WORKSPACE).run(open_one) for _ in range(many)]
    worst = set(numbers[-CASES_AT_MOST:])

    def break_them_all(tx: Transaction) -> None:
        for case in tx.cases.get_all(numbers):
            case.priority = Priority.URGENT if case.id in worst else Priority.LOW
            kind = EventKind.BREACHED if case.id in worst else EventKind.AT_RISK
            nudge = partial(Delivery.of_note, kind=DeliveryKind.NUDGE)
            case.history.append(
                Event(
                    2,
                    kind,
                    tx.now,
                    notifications=[nudge(case.id, 2, Audience.THREAD, THERE, at=tx.now)],
                )
            )

    await store.of(WORKSPACE).run(break_them_all)
    told: list[set[CaseId | None]] = []
    while pending := [
        it
        for it in await store.lease(WORKSPACE, lasting=LEASE, limit=10)
        if it.delivery.channel == THERE
    ]:
        parts = await store.of(WORKSPACE).read(
            lambda tx: tx.outbox.parts_of(pending[0].delivery.key)
        )
        told.append({part.case for part in parts or [pending[0].delivery]})
        await end(store, pending[0], SendResult(Outcome.SENT, ts="1.1"))
        clock.wind(PACE)
    assert told[0] == worst
    assert [len(it) for it in told] == [CASES_AT_MOST, CASES_AT_MOST] + [1] * MORE_THAN
    assert set.union(*told) == set(numbers)


async def test_a_message_of_a_crowd_tells_of_as_many_cases_however_often_each_is_nudged(
    store: Store,
) -> None:
    await store.of(WORKSPACE).run(put_team)
    numbers = [await store.of(WORKSPACE).run(open_one) for _ in range(CASES_AT_MOST + 1)]
    mildest, *told = numbers

    def nudge_thrice(tx: Transaction) -> None:
        for case in tx.cases.get_all(numbers):
            kind = EventKind.AT_RISK if case.id == mildest else EventKind.BREACHED
            for number in range(2, 5):
                nudge = Delivery.of_note(
                    case.id, number, Audience.THREAD, THERE, at=tx.now, kind=DeliveryKind.NUDGE
                )
                case.history.append(Event(number, kind, tx.now, notifications=[nudge]))

    await store.of(WORKSPACE).run(nudge_thrice)
    gathered = await leased(store, THERE)
    parts = await store.of(WORKSPACE).read(lambda tx: tx.outbox.parts_of(gathered.delivery.key))
    assert {part.case for part in parts} == set(told)
    assert len(parts) == gathered.gathered == 3 * CASES_AT_MOST
