"""Lanes: one message at a time in each channel, in order, within Slack's rate limits."""

from datetime import timedelta
from functools import partial

from bot.case.event import Event, EventKind
from bot.delivery import (
    BACKGROUND_EDITS,
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


async def queue_notes(store: Store, *channels: ChannelId) -> None:
    """Open a case, then queue a note for each of these channels."""

    def work(tx: Transaction) -> None:
        for number, channel in enumerate(channels, start=2):
            at = tx.now + timedelta(microseconds=number)
            tx.outbox.add(Delivery.of_note(CaseId(1), number, Audience.THREAD, channel, at=at))

    workspace = store.of(WORKSPACE)
    await workspace.run(put_team)
    await workspace.run(open_one)
    await workspace.run(work)


async def lease(store: Store) -> dict[str, str]:
    """Lease the next messages and return their keys by channel."""
    pending = await store.lease(WORKSPACE, lasting=LEASE, limit=10)
    return {it.delivery.channel: it.delivery.key for it in pending}


async def leased(store: Store, channel: str = SUPPORT) -> LeasedDelivery:
    pending = await store.lease(WORKSPACE, lasting=LEASE, limit=10)
    return next(it for it in pending if it.delivery.channel == channel)


async def finish(store: Store, pending: LeasedDelivery, result: SendResult) -> None:
    await store.of(WORKSPACE).run(settle, pending.delivery.key, pending.attempt, result)


async def test_each_lane_sends_one_message_at_a_time(store: Store, clock: Clock) -> None:
    await queue_notes(store, HERE, THERE)
    clock.advance(timedelta(seconds=1))
    first = await lease(store)
    assert first[SUPPORT] == "case/1/card"
    assert first[THERE] == f"case/1/3/thread/{THERE}"
    assert await lease(store) == {}


async def test_a_lane_sends_its_next_message_a_second_later(store: Store, clock: Clock) -> None:
    await queue_notes(store, HERE)
    clock.advance(timedelta(seconds=1))
    await finish(store, await leased(store), SendResult(Outcome.SENT, ts="1.1"))
    assert await lease(store) == {}
    clock.advance(timedelta(seconds=1))
    assert (await lease(store))[SUPPORT] == f"case/1/1/thread/{SUPPORT}"


async def test_a_lane_waits_as_long_as_slack_says(store: Store, clock: Clock) -> None:
    await queue_notes(store, THERE)
    clock.advance(timedelta(seconds=1))
    await finish(
        store,
        await leased(store),
        SendResult(Outcome.NOT_SENT, retry_after=timedelta(seconds=30)),
    )
    clock.advance(timedelta(seconds=29))
    assert SUPPORT not in await lease(store)
    clock.advance(timedelta(seconds=1))
    assert (await lease(store))[SUPPORT] == "case/1/card"


async def test_a_lane_keeps_its_order_while_its_first_message_is_in_doubt(
    store: Store, clock: Clock
) -> None:
    await queue_notes(store, HERE)
    clock.advance(timedelta(seconds=1))
    await finish(store, await leased(store), SendResult(Outcome.IN_DOUBT))
    clock.advance(timedelta(seconds=44))
    assert SUPPORT not in await lease(store)
    clock.advance(timedelta(seconds=1))
    again = await leased(store)
    assert again.delivery.key == "case/1/card"
    assert again.attempt.looks


async def test_a_message_of_a_dead_worker_is_in_doubt_once_the_lease_expires(
    store: Store, clock: Clock
) -> None:
    await queue_notes(store)
    await lease(store)
    clock.advance(LEASE - timedelta(seconds=1))
    assert await lease(store) == {}
    clock.advance(timedelta(seconds=1))
    again = await leased(store)
    assert again.attempt.looks


async def test_a_result_reported_after_the_lease_expired_is_ignored(
    store: Store, clock: Clock
) -> None:
    await queue_notes(store)
    stale = await leased(store)
    clock.advance(LEASE)
    fresh = await leased(store)
    await finish(store, stale, SendResult(Outcome.REFUSED))
    await finish(store, fresh, SendResult(Outcome.SENT, ts="1.1"))
    card = await store.of(WORKSPACE).read(lambda tx: tx.outbox.look_up("case/1/card"))
    assert card.ts == "1.1"


async def test_a_sweep_and_a_lease_lock_in_the_same_order(store: Store) -> None:
    await queue_notes(store)
    card = await store.of(WORKSPACE).read(lambda tx: tx.outbox.look_up("case/1/card"))
    sweep, duplicates_deleted = (
        Sweep(WORKSPACE, card, card.queued_at),
        SendResult(Outcome.SENT, ts="1.1", duplicates_deleted=1),
    )
    with statements(store) as swept:
        await store.of(WORKSPACE).run(settle_sweep, sweep, duplicates_deleted)
    with statements(store) as leased:
        await lease(store)
    assert lock_order(swept) == lock_order(leased) == ["outlets", "deliveries"]


def lock_order(executed: list[str]) -> list[str]:
    """Return the two tables that both transactions lock, in the order of their first lock."""
    first = {name: " ".join(executed).index(f"FROM {name}") for name in ("outlets", "deliveries")}
    return sorted(first, key=first.__getitem__)


async def test_a_message_is_not_late_while_slack_has_rate_limited_its_lane(
    store: Store, clock: Clock
) -> None:
    await queue_notes(store)
    wait = SendResult(Outcome.NOT_SENT, retry_after=timedelta(minutes=5))
    for pending in await store.lease(WORKSPACE, lasting=LEASE, limit=10):
        limited = pending.delivery.channel == SUPPORT
        await finish(store, pending, wait if limited else SendResult(Outcome.SENT, ts="1.1"))
    clock.advance(timedelta(minutes=4))
    assert await store.query_all(Due.waiting) == 1  # the note behind the card
    assert (await store.query_all(Due.lateness)).delivery == timedelta(0)
    clock.advance(timedelta(minutes=3))
    assert (await store.query_all(Due.lateness)).delivery == timedelta(minutes=2)


async def test_every_lane_gets_its_turn_when_there_is_more_than_the_quota_allows(
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
        await finish(store, pending, SendResult(Outcome.SENT, ts="1.1"))
    clock.advance(5 * INTERVAL)
    then = await store.lease(WORKSPACE, lasting=LEASE, limit=2 * BURST)
    served = {pending.delivery.channel for pending in first}
    assert (len(first), len(then)) == (BURST, 5)
    assert {pending.delivery.channel for pending in then} == set(channels) - served


async def test_channels_come_before_people_for_a_few_seconds(store: Store, clock: Clock) -> None:
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
    clock.advance(YIELD_FOR - INTERVAL)
    assert await store.lease(WORKSPACE, lasting=LEASE, limit=BURST) == []
    clock.advance(INTERVAL)
    then = await store.lease(WORKSPACE, lasting=LEASE, limit=BURST)
    assert len(then) == YIELD_FOR // INTERVAL


async def test_a_home_tab_does_not_yield_to_channels(store: Store) -> None:
    tab = Delivery.of_home(MAYA.user, at=store.clock())

    def leave_room_for_one(tx: Transaction) -> None:
        tx.outbox.send_quota().reserve(BURST - 1, at=tx.now)
        tx.outbox.add(tab)

    await store.of(WORKSPACE).run(leave_room_for_one)
    assert await lease(store) == {MAYA.user: tab.key}


async def test_an_edit_is_sent_even_if_the_quota_for_posts_is_used_up(
    store: Store, clock: Clock
) -> None:
    await queue_notes(store)
    for pending in await store.lease(WORKSPACE, lasting=LEASE, limit=10):
        await finish(store, pending, SendResult(Outcome.SENT, ts="1.1"))

    def spend_all(tx: Transaction) -> None:
        tx.outbox.send_quota().reserve(BURST, at=tx.now)
        tx.cases.get(CaseId(1)).card.request_update(at=tx.now)

    await store.of(WORKSPACE).run(spend_all)
    [pending] = await store.lease(WORKSPACE, lasting=LEASE, limit=10)
    assert pending.delivery.lane == EDITS


async def test_a_crowded_lane_sends_its_most_urgent_cases_first(store: Store, clock: Clock) -> None:
    await store.of(WORKSPACE).run(put_team)
    many = 2 * CASES_AT_MOST + MORE_THAN
    numbers = [await store.of(WORKSPACE).run(open_one) for _ in range(many)]
    worst = set(numbers[-CASES_AT_MOST:])

    def nudge_all(tx: Transaction) -> None:
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

    await store.of(WORKSPACE).run(nudge_all)
    sent: list[set[CaseId | None]] = []
    while pending := [
        it
        for it in await store.lease(WORKSPACE, lasting=LEASE, limit=10)
        if it.delivery.channel == THERE
    ]:
        parts = await store.of(WORKSPACE).read(
            lambda tx: tx.outbox.parts_of(pending[0].delivery.key)
        )
        sent.append({part.case for part in parts or [pending[0].delivery]})
        await finish(store, pending[0], SendResult(Outcome.SENT, ts="1.1"))
        clock.advance(PACE)
    assert sent[0] == worst
    assert [len(it) for it in sent] == [CASES_AT_MOST, CASES_AT_MOST] + [1] * MORE_THAN
    assert set.union(*sent) == set(numbers)


async def test_several_nudges_of_a_case_count_as_one_in_a_combined_message(
    store: Store,
) -> None:
    await store.of(WORKSPACE).run(put_team)
    numbers = [await store.of(WORKSPACE).run(open_one) for _ in range(CASES_AT_MOST + 1)]
    least_urgent, *others = numbers

    def nudge_thrice(tx: Transaction) -> None:
        for case in tx.cases.get_all(numbers):
            kind = EventKind.AT_RISK if case.id == least_urgent else EventKind.BREACHED
            for number in range(2, 5):
                nudge = Delivery.of_note(
                    case.id, number, Audience.THREAD, THERE, at=tx.now, kind=DeliveryKind.NUDGE
                )
                case.history.append(Event(number, kind, tx.now, notifications=[nudge]))

    await store.of(WORKSPACE).run(nudge_thrice)
    gathered = await leased(store, THERE)
    parts = await store.of(WORKSPACE).read(lambda tx: tx.outbox.parts_of(gathered.delivery.key))
    assert {part.case for part in parts} == set(others)
    assert len(parts) == gathered.gathered == 3 * CASES_AT_MOST


async def test_redactions_go_before_all_other_edits_and_are_not_combined(
    store: Store, clock: Clock
) -> None:
    await store.of(WORKSPACE).run(put_team)
    numbers = [await store.of(WORKSPACE).run(open_one) for _ in range(MORE_THAN + 3)]

    def edit_all(tx: Transaction) -> None:
        for case in tx.cases.get_all(numbers):
            nudge = Delivery.of_note(
                case.id, 2, Audience.THREAD, THERE, at=tx.now, kind=DeliveryKind.NUDGE
            )
            nudge.ts, case.card.ts = "1.1", "1.2"
            case.card.lane = EDITS if case.id % 2 else BACKGROUND_EDITS
            case.card.request_update(at=tx.now)
            nudge.redact(hidden=True, at=tx.now)
            case.history.append(Event(2, EventKind.BREACHED, tx.now, notifications=[nudge]))

    await store.of(WORKSPACE).run(edit_all)
    sent = []
    while pending := await store.lease(WORKSPACE, lasting=LEASE, limit=10):
        edits = [it for it in pending if it.delivery.ts is not None]
        sent += [it.delivery.kind for it in edits]
        for it in edits:
            await finish(store, it, SendResult(Outcome.SENT, ts=it.delivery.ts))
        clock.advance(PACE)
    assert sent == [DeliveryKind.NUDGE] * len(numbers) + [DeliveryKind.CARD] * len(numbers)
