"""The state of clocks: one test for each rule, and for mistakes known from other tools."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.priority import Priority
from bot.sla import ClockState, Metric, Reading, readings
from tests.bot.sla.cases import TARGETS, a_policy, at, it, read, the

CLAIM, FIRST, NEXT = Metric.CLAIM, Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE
UPDATE, RESOLUTION, TOTAL = Metric.UPDATE, Metric.RESOLUTION, Metric.TOTAL_RESOLUTION
OWNERSHIP = Metric.OWNERSHIP
MINUTE, HOUR = 60, 3600


def state_and_due(reading: Reading) -> tuple[ClockState, datetime | None]:
    return reading.state, reading.due_at


# Counting.


def test_a_target_that_fills_the_rest_of_the_day_is_due_at_closing_time() -> None:
    policy = a_policy()
    claim = the(CLAIM, read(policy, "fri 16:00", now="fri 17:00", priority="normal"))
    assert state_and_due(claim) == (ClockState.PENDING, at("fri 18:00"))
    overdue = the(CLAIM, read(policy, "fri 16:00", now="sat 12:00", priority="normal"))
    assert state_and_due(overdue) == (ClockState.BREACHING, at("fri 18:00"))
    assert overdue.paused_by == "calendar"


@pytest.mark.parametrize(
    ("claimed", "state"),
    [
        ("fri 12:15", ClockState.MET),  # exactly at the due instant
        ("fri 12:16", ClockState.MET_LATE),
    ],
)
def test_an_action_at_the_due_instant_is_in_time(claimed: str, state: ClockState) -> None:
    found = read(a_policy(), "fri 12:00", it("claimed", claimed), now="fri 13:00")
    assert state_and_due(the(CLAIM, found)) == (state, at("fri 12:15"))


def test_a_clock_that_is_still_running_breaches_at_its_due_instant() -> None:
    found = read(a_policy(), "fri 12:00", now="fri 12:15")
    assert the(CLAIM, found).state is ClockState.BREACHING
    assert the(CLAIM, found).remaining_seconds == 0


def test_a_case_opened_on_a_saturday_counts_from_monday_morning() -> None:
    claim = the(CLAIM, read(a_policy(), "sat 12:00", now="sun 12:00"))
    assert state_and_due(claim) == (ClockState.PENDING, at("mon+ 09:15"))
    assert (claim.elapsed_seconds, claim.paused_by) == (0, "calendar")


def test_a_claim_while_the_desk_is_closed_is_in_time() -> None:
    claim = the(CLAIM, read(a_policy(), "fri 17:50", it("claimed", "sun 03:00"), now="mon+ 12:00"))
    assert state_and_due(claim) == (ClockState.MET, at("mon+ 09:05"))
    assert (claim.elapsed_seconds, claim.remaining_seconds) == (10 * MINUTE, 5 * MINUTE)


def test_the_lunch_break_between_two_shifts_does_not_count() -> None:
    policy = a_policy(calendar={"fri": ["13:00-18:00", "09:00-12:30"]})
    found = read(policy, "fri 12:20", now="fri 12:45")
    assert the(CLAIM, found).due_at == at("fri 13:05")
    assert the(FIRST, found).due_at == at("fri 13:20")
    assert (the(CLAIM, found).elapsed_seconds, the(CLAIM, found).paused_by) == (600, "calendar")


def test_a_calendar_that_closes_for_a_minute_at_midnight_loses_that_minute() -> None:
    shut = {day: ["00:00-23:59"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    with_a_gap = the(RESOLUTION, read(a_policy(calendar=shut), "fri 22:00", now="fri 23:00"))
    without = the(RESOLUTION, read(a_policy(always=True), "fri 22:00", now="fri 23:00"))
    assert with_a_gap.due_at == at("sat 02:01")
    assert without.due_at == at("sat 02:00")


def test_due_times_follow_the_zone_of_the_calendar_not_of_the_person() -> None:
    midnight_in_new_york = it("claimed", "mon 06:00")
    found = read(a_policy(), "mon 05:30", midnight_in_new_york, now="mon 12:00")
    assert the(CLAIM, found).due_at == at("mon 09:15")
    elsewhere = a_policy(calendar={"timezone": "America/New_York"})
    found = read(elsewhere, "mon 05:30", midnight_in_new_york, now="mon 12:00")
    assert the(CLAIM, found).due_at == datetime(2026, 3, 2, 14, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        ("2026-03-29T00:30:00+01:00", "2026-03-29T05:30:00+02:00"),  # 23 h: one hour is skipped
        ("2026-10-25T00:30:00+02:00", "2026-10-25T03:30:00+01:00"),  # 25 h: one hour repeats
    ],
)
def test_a_night_with_a_clock_change_counts_its_real_hours(opened: str, due: str) -> None:
    night = a_policy(calendar={"sun": ["00:00-24:00"]})
    begun = datetime.fromisoformat(opened).astimezone(UTC)
    found = readings(night, priority=Priority.URGENT, opened_at=begun, clock_events=[], now=begun)
    assert found[-1].due_at == datetime.fromisoformat(due)


def test_a_target_beyond_the_range_of_the_calendar_is_never_due() -> None:
    policy = replace(a_policy(), targets={Priority.URGENT: {"claim": timedelta(days=5000)}})
    claim = the(CLAIM, read(policy, "fri 10:00", it("claimed", "fri 11:00"), now="fri 12:00"))
    assert state_and_due(claim) == (ClockState.MET, None)
    running = the(CLAIM, read(policy, "fri 10:00", now="fri 12:00"))
    assert state_and_due(running) == (ClockState.PENDING, None)
    assert running.next_at is None
    assert running.explanation[-1].startswith("never due")


# Which clocks.


def test_a_clock_without_a_target_does_not_run() -> None:
    found = read(a_policy(), "fri 10:00", now="fri 11:00", priority="normal")
    assert list(found) == [(CLAIM, 1), (FIRST, 1), (RESOLUTION, 1)]
    assert read(a_policy(), "fri 10:00", now="fri 11:00", priority="low") == {}


@pytest.mark.parametrize(("enforced", "clocks"), [("2026-03-06", 4), ("2026-03-07", 0)])
def test_a_case_opened_before_its_policy_is_enforced_has_no_clocks(
    enforced: str, clocks: int
) -> None:
    found = read(a_policy(enforce_from=enforced), "fri 00:00", now="fri+ 12:00")
    assert len(found) == clocks


def test_a_release_starts_the_next_claim_clock() -> None:
    clock_events = [it("claimed", "fri 10:05"), it("released", "fri 11:00")]
    found = read(a_policy(), "fri 10:00", *clock_events, now="fri 11:05")
    assert the(CLAIM, found).state is ClockState.MET
    assert state_and_due(the(CLAIM, found, 2)) == (ClockState.PENDING, at("fri 11:15"))
    assert the(CLAIM, found, 2).started_at == at("fri 11:00")


def test_events_without_an_effect_are_ignored() -> None:
    clock_events = [
        it("released", "fri 10:01"),  # unclaimed
        it("resumed", "fri 10:02"),  # not waiting
        it("reopened", "fri 10:03"),  # not resolved
        it("claimed", "fri 10:05"),
        it("claimed", "fri 10:06"),  # already claimed
        it("priority_changed", "fri 10:07", to="urgent"),  # already urgent
        it("resolved", "fri 10:20"),
        *[it(kind, "fri 10:30") for kind in ("claimed", "released", "updated", "resolved")],
    ]
    found = read(a_policy(), "fri 10:00", *clock_events, now="fri 12:00")
    assert list(found) == [(CLAIM, 1), (FIRST, 1), (UPDATE, 1), (RESOLUTION, 1)]
    assert the(CLAIM, found).ended_at == at("fri 10:05")
    assert the(RESOLUTION, found).ended_at == at("fri 10:20")


def test_each_owner_of_a_case_has_an_ownership_clock() -> None:
    found = read(
        a_policy(targets={"urgent": {"ownership": "1h"}}, pause_on={"ownership": ["customer"]}),
        "fri 09:00",
        it("handed_off", "fri 09:05"),  # unclaimed
        it("claimed", "fri 10:00"),
        it("claimed", "fri 10:10"),  # already claimed
        it("waiting", "fri 10:20", on="customer"),
        it("resumed", "fri 11:20"),
        it("handed_off", "fri 12:00"),
        it("released", "fri 13:30"),
        it("claimed", "fri 14:00"),
        it("resolved", "fri 15:00"),
        it("reopened", "fri 16:00"),  # keeps its owner
        now="fri 16:30",
    )
    assert [
        (reading.started_at, reading.ended_at, reading.state) for reading in found.values()
    ] == [
        (at("fri 10:00"), at("fri 12:00"), ClockState.MET),
        (at("fri 12:00"), at("fri 13:30"), ClockState.MET_LATE),
        (at("fri 14:00"), at("fri 15:00"), ClockState.MET),
        (at("fri 16:00"), None, ClockState.PENDING),
    ]


def test_the_next_response_clock_starts_only_after_a_first_response() -> None:
    targets = {"urgent": {"first_response": "30m", "next_response": "1h"}}
    clock_events = [
        it("customer_replied", "fri 10:05"),  # before the first response
        it("customer_contacted", "fri 10:20"),
        it("customer_replied", "fri 11:00"),
        it("customer_replied", "fri 11:30"),  # a second message does not restart it
        it("customer_contacted", "fri 12:00"),
        it("customer_replied", "fri 13:00"),
    ]
    found = read(a_policy(targets=targets), "fri 10:00", *clock_events, now="fri 13:10")
    assert list(found) == [(FIRST, 1), (NEXT, 1), (NEXT, 2)]
    assert state_and_due(the(NEXT, found)) == (ClockState.MET, at("fri 12:00"))
    assert state_and_due(the(NEXT, found, 2)) == (ClockState.PENDING, at("fri 14:00"))


def test_each_update_ends_a_cycle_and_starts_the_next() -> None:
    clock_events = [it("updated", "fri 10:45"), it("customer_contacted", "fri 12:00")]
    found = read(a_policy(), "fri 10:00", *clock_events, now="fri 12:10")
    states = [the(UPDATE, found, cycle).state for cycle in (1, 2, 3)]
    assert states == [ClockState.MET, ClockState.MET_LATE, ClockState.PENDING]
    assert the(UPDATE, found, 3).started_at == at("fri 12:00")


# Pauses.


def test_a_wait_pauses_only_the_clocks_named_in_the_policy() -> None:
    policy = a_policy(pause_on={"resolution": ["customer"]})
    waits = it("waiting", "fri 11:00", on="customer")
    found = read(policy, "fri 10:00", waits, now="fri 12:00")
    paused = the(RESOLUTION, found)
    assert (*state_and_due(paused), paused.paused_by) == (ClockState.PAUSED, None, "customer")
    assert paused.next_at is None
    assert paused.elapsed_seconds == HOUR
    assert the(CLAIM, found).state is ClockState.BREACHING
    third = read(policy, "fri 10:00", it("waiting", "fri 11:00", on="third_party"), now="fri 12:00")
    assert the(RESOLUTION, third).due_at == at("fri 14:00")


def test_a_wait_delays_the_due_time_by_its_open_time_only() -> None:
    clock_events = [it("waiting", "fri 17:20", on="customer"), it("customer_replied", "mon+ 10:00")]
    found = read(a_policy(), "fri 17:00", *clock_events, now="mon+ 11:00")
    assert the(RESOLUTION, found).due_at == at("mon+ 13:40")  # 40 min on Friday, 1 h on Monday


def test_a_reply_ends_only_a_wait_on_the_customer() -> None:
    waits = it("waiting", "fri 11:00", on="third_party")
    reply = it("customer_replied", "fri 11:30")
    found = read(a_policy(), "fri 10:00", waits, reply, now="fri 12:00")
    assert the(RESOLUTION, found).paused_by == "third_party"


def test_a_new_wait_replaces_the_previous_one() -> None:
    policy = a_policy(pause_on={"resolution": ["customer"]})
    clock_events = [
        it("waiting", "fri 11:00", on="customer"),
        it("waiting", "fri 12:00", on="third_party"),
        it("waiting", "fri 13:00", on="customer"),
        it("resumed", "fri 14:00"),
    ]
    resolution = the(RESOLUTION, read(policy, "fri 10:00", *clock_events, now="fri 15:00"))
    assert state_and_due(resolution) == (ClockState.PENDING, at("fri 16:00"))


def test_resolving_a_waiting_case_ends_the_wait_first() -> None:
    clock_events = [it("waiting", "fri 11:00", on="customer"), it("resolved", "fri 17:00")]
    resolution = the(RESOLUTION, read(a_policy(), "fri 10:00", *clock_events, now="mon+ 12:00"))
    assert resolution.state is ClockState.MET
    assert (resolution.elapsed_seconds, resolution.remaining_seconds) == (HOUR, 3 * HOUR)
    assert resolution.due_at == at("mon+ 11:00")  # when it would have been due


def test_a_reopened_case_is_no_longer_waiting() -> None:
    targets = {"urgent": {"total_resolution": "4h", "update": "1h"}}
    policy = a_policy(targets=targets, update_mode="not_while_waiting_on_customer")
    clock_events = [
        it("waiting", "fri 11:00", on="customer"),
        it("resolved", "fri 12:00"),
        it("reopened", "fri 13:00"),
    ]
    found = read(policy, "fri 10:00", *clock_events, now="fri 13:30")
    assert {reading.paused_by for reading in found.values()} == {None}


@pytest.mark.parametrize(
    ("mode", "state"),
    [
        ("always", ClockState.BREACHING),
        ("not_while_waiting_on_customer", ClockState.PAUSED),
    ],
)
def test_a_policy_may_pause_updates_while_waiting_on_the_customer(
    mode: str, state: ClockState
) -> None:
    waits = it("waiting", "fri 10:30", on="customer")
    found = read(a_policy(update_mode=mode), "fri 10:00", waits, now="fri 12:00")
    assert the(UPDATE, found).state is state


def test_an_update_during_a_wait_ends_a_cycle_and_the_next_begins_paused() -> None:
    policy = a_policy(update_mode="not_while_waiting_on_customer")
    clock_events = [
        it("waiting", "fri 10:30", on="customer"),
        it("updated", "fri 13:00"),
        it("resumed", "fri 14:00"),
    ]
    found = read(policy, "fri 10:00", *clock_events, now="fri 14:00")
    assert state_and_due(the(UPDATE, found)) == (ClockState.MET, at("fri 13:30"))
    assert state_and_due(the(UPDATE, found, 2)) == (ClockState.PENDING, at("fri 15:00"))
    assert the(UPDATE, found, 2).elapsed_seconds == 0


# Warnings.


def test_a_clock_warns_in_open_time_and_knows_its_next_notification() -> None:
    policy = a_policy()
    steps = ["fri 17:50", "mon+ 09:01", "mon+ 09:02", "mon+ 09:05"]
    found = [the(CLAIM, read(policy, "fri 17:50", now=now)) for now in steps]
    assert [reading.state for reading in found] == [
        ClockState.PENDING,
        ClockState.PENDING,
        ClockState.AT_RISK,  # 12 of 15 minutes
        ClockState.BREACHING,
    ]
    half = at("fri 17:57") + timedelta(seconds=30)
    assert [reading.next_at for reading in found] == [
        half,
        at("mon+ 09:02"),
        at("mon+ 09:05"),
        None,
    ]


def test_a_warning_before_the_start_is_due_at_the_first_opening() -> None:
    policy = a_policy(warn_at=["30m"])
    assert the(CLAIM, read(policy, "sat 12:00", now="sun 12:00")).state is ClockState.PENDING
    assert the(CLAIM, read(policy, "sat 12:00", now="mon+ 09:00")).state is ClockState.AT_RISK


# Changes of priority.


def raised(mode: str, *, now: str = "fri 12:00", **settings: Any) -> Reading:
    policy = a_policy(on_priority_change=mode, **settings)
    change = it("priority_changed", "fri 12:00", to="high")
    return the(RESOLUTION, read(policy, "fri 10:00", change, now=now, priority="normal"))


@pytest.mark.parametrize(
    ("mode", "started", "due", "elapsed"),
    [
        ("recompute", "fri 10:00", "fri 18:00", 2 * HOUR),
        ("forward", "fri 10:00", "mon+ 11:00", 2 * HOUR),
        ("restart", "fri 12:00", "mon+ 11:00", 0),
    ],
)
def test_a_change_of_priority_sets_the_target_as_the_policy_says(
    mode: str, started: str, due: str, elapsed: int
) -> None:
    reading = raised(mode)
    assert (reading.target_seconds, reading.elapsed_seconds) == (8 * HOUR, elapsed)
    assert (reading.started_at, reading.due_at) == (at(started), at(due))


def test_a_target_counted_from_the_change_also_warns_from_the_change() -> None:
    assert raised("forward", now="mon+ 09:23").state is ClockState.PENDING
    assert raised("forward", now="mon+ 09:24").state is ClockState.AT_RISK  # 80 % of 8 h


@pytest.mark.parametrize("mode", ["recompute", "forward", "restart"])
def test_a_change_of_priority_keeps_the_wait(mode: str) -> None:
    clock_events = [
        it("waiting", "fri 11:00", on="customer"),
        it("priority_changed", "fri 12:00", to="high"),
    ]
    policy = a_policy(on_priority_change=mode)
    found = read(policy, "fri 10:00", *clock_events, now="fri 13:00", priority="normal")
    assert state_and_due(the(RESOLUTION, found)) == (ClockState.PAUSED, None)
    resumed = it("resumed", "fri 14:00")
    found = read(policy, "fri 10:00", *clock_events, resumed, now="fri 15:00", priority="normal")
    due = "mon+ 12:00" if mode == "recompute" else "mon+ 13:00"
    assert the(RESOLUTION, found).due_at == at(due)


@pytest.mark.parametrize(
    ("grace", "due"),
    [
        ("20m", "fri 11:20"),
        ("0m", "fri 11:00"),  # never before the change
    ],
)
def test_a_recomputed_target_in_the_past_is_due_after_a_grace(grace: str, due: str) -> None:
    policy = a_policy(grace=grace)
    change = it("priority_changed", "fri 11:00", to="urgent")
    in_time = it("claimed", due)
    found = read(policy, "fri 10:00", change, in_time, now="fri 12:00", priority="normal")
    assert state_and_due(the(CLAIM, found)) == (ClockState.MET, at(due))
    assert the(CLAIM, found).target_seconds == 15 * MINUTE


def test_a_change_of_priority_at_the_due_instant_is_in_time() -> None:
    policy = a_policy(grace="30m")
    change = it("priority_changed", "fri 10:30", to="normal")
    found = read(policy, "fri 10:00", change, now="fri 11:00", priority="high")
    assert state_and_due(the(CLAIM, found)) == (ClockState.PENDING, at("fri 12:00"))


def test_a_recomputed_target_at_the_instant_of_the_change_has_no_grace() -> None:
    policy = a_policy(grace="30m")
    change = it("priority_changed", "fri 10:15", to="urgent")
    found = read(policy, "fri 10:00", change, now="fri 10:15", priority="normal")
    assert state_and_due(the(CLAIM, found)) == (ClockState.BREACHING, at("fri 10:15"))


def test_a_grace_counts_open_time_only() -> None:
    change = it("priority_changed", "sat 12:00", to="urgent")
    found = read(a_policy(grace="20m"), "fri 17:00", change, now="sun 12:00", priority="normal")
    assert state_and_due(the(CLAIM, found)) == (ClockState.AT_RISK, at("mon+ 09:20"))
    at_once = read(a_policy(), "fri 17:00", change, now="sun 12:00", priority="normal")
    assert state_and_due(the(CLAIM, at_once)) == (ClockState.AT_RISK, at("mon+ 09:00"))


def test_without_grace_a_past_target_is_due_when_the_clock_next_runs() -> None:
    policy = a_policy(pause_on={"first_response": ["customer"]})
    clock_events = [
        it("priority_changed", "sat 12:00", to="urgent"),
        it("waiting", "mon+ 09:00", on="customer"),
        it("resumed", "mon+ 10:00"),
    ]
    found = read(policy, "fri 17:00", *clock_events, now="mon+ 10:00", priority="normal")
    assert state_and_due(the(FIRST, found)) == (ClockState.BREACHING, at("mon+ 10:00"))


def test_a_met_target_stays_met_when_a_later_change_shortens_it() -> None:
    clock_events = [it("claimed", "fri 11:00"), it("priority_changed", "fri 11:30", to="urgent")]
    found = read(a_policy(), "fri 10:00", *clock_events, now="fri 12:00", priority="normal")
    met = the(CLAIM, found)
    assert (met.state, met.target_seconds) == (ClockState.MET, 2 * HOUR)
    assert met.due_at == at("fri 12:00")


@pytest.mark.parametrize("mode", ["recompute", "forward", "restart"])
@pytest.mark.parametrize("to", ["urgent", "normal"])
def test_a_missed_target_stays_missed_after_a_change_of_priority(mode: str, to: str) -> None:
    policy = a_policy(on_priority_change=mode, grace="30m")
    change = it("priority_changed", "fri 11:00", to=to)
    found = read(policy, "fri 10:00", change, now="fri 11:10", priority="high")
    assert state_and_due(the(CLAIM, found)) == (ClockState.BREACHING, at("fri 10:30"))


def test_a_clock_appears_when_the_new_priority_has_a_target() -> None:
    policy = a_policy(grace="10m")
    change = it("priority_changed", "fri 10:10", to="urgent")
    found = read(policy, "fri 10:00", change, now="fri 10:12", priority="low")
    assert state_and_due(the(CLAIM, found)) == (ClockState.AT_RISK, at("fri 10:15"))
    gone = it("priority_changed", "fri 10:11", to="low")
    assert read(policy, "fri 10:00", change, gone, now="fri 10:12", priority="low") == {}


# Resolving and reopening.


def test_resolving_cancels_the_clocks_that_are_still_running() -> None:
    targets = {"urgent": {**TARGETS["urgent"], "next_response": "1h", "total_resolution": "4h"}}
    clock_events = [
        it("customer_contacted", "fri 10:10"),
        it("customer_replied", "fri 10:20"),
        it("resolved", "fri 12:00"),
    ]
    found = read(a_policy(targets=targets), "fri 10:00", *clock_events, now="mon+ 12:00")
    assert {key[0]: reading.state for key, reading in found.items()} == {
        CLAIM: ClockState.CANCELLED,  # although it was overdue
        FIRST: ClockState.MET,
        NEXT: ClockState.CANCELLED,
        UPDATE: ClockState.CANCELLED,
        RESOLUTION: ClockState.MET,
        TOTAL: ClockState.MET,
    }
    assert {reading.next_at for reading in found.values()} == {None}


def test_a_reopened_case_continues_total_resolution_and_needs_a_claim_if_it_had_no_owner() -> None:
    targets = {"urgent": {**TARGETS["urgent"], "total_resolution": "4h"}}
    policy = a_policy(targets=targets)
    resolved, reopened = it("resolved", "fri 11:00"), it("reopened", "fri 15:00")
    found = read(policy, "fri 10:00", resolved, reopened, now="fri 16:00")
    assert the(RESOLUTION, found).ended_at == at("fri 11:00")
    total = the(TOTAL, found)
    assert (total.elapsed_seconds, total.ended_at) == (2 * HOUR, None)
    assert state_and_due(total) == (ClockState.PENDING, at("fri 18:00"))
    assert the(UPDATE, found, 2).started_at == at("fri 15:00")
    assert the(CLAIM, found, 2).started_at == at("fri 15:00")
    claimed = it("claimed", "fri 10:05")
    owned = read(policy, "fri 10:00", claimed, resolved, reopened, now="fri 16:00")
    assert (CLAIM, 2) not in owned


def test_total_resolution_ends_with_the_last_resolution() -> None:
    targets = {"urgent": {"resolution": "4h", "total_resolution": "4h"}}
    clock_events = [
        it("resolved", "fri 11:00"),
        it("reopened", "fri 12:00"),
        it("resolved", "fri 17:00"),
    ]
    found = read(a_policy(targets=targets), "fri 10:00", *clock_events, now="fri 17:30")
    assert the(RESOLUTION, found).state is ClockState.MET
    assert state_and_due(the(TOTAL, found)) == (ClockState.MET_LATE, at("fri 15:00"))
    assert the(TOTAL, found).elapsed_seconds == 6 * HOUR


def test_a_change_of_priority_while_resolved_applies_from_the_reopening() -> None:
    targets = {"urgent": {"total_resolution": "2h"}, "normal": {"total_resolution": "8h"}}
    clock_events = [
        it("resolved", "fri 11:00"),
        it("priority_changed", "fri 12:00", to="urgent"),
        it("reopened", "fri 13:00"),
    ]
    policy = a_policy(targets=targets)
    before = read(policy, "fri 10:00", *clock_events, now="fri 12:30", priority="normal")
    assert the(TOTAL, before).target_seconds == 8 * HOUR
    after = read(policy, "fri 10:00", *clock_events, now="fri 13:30", priority="normal")
    assert state_and_due(the(TOTAL, after)) == (ClockState.PENDING, at("fri 14:00"))


# The history.


def test_one_history_gives_the_state_at_any_instant() -> None:
    clock_events = [it("claimed", "fri 10:05"), it("resolved", "fri 11:00")]
    found = read(a_policy(), "fri 10:00", *clock_events, now="fri 10:30")
    assert the(CLAIM, found).state is ClockState.MET
    assert the(RESOLUTION, found).state is ClockState.PENDING


def test_a_wait_and_a_change_of_priority_at_one_instant_apply_in_either_order() -> None:
    policy = a_policy()
    wait, change = (
        it("waiting", "fri 11:00", on="customer"),
        it("priority_changed", "fri 11:00", to="high"),
    )
    one = read(policy, "fri 10:00", wait, change, now="fri 12:00")
    other = read(policy, "fri 10:00", change, wait, now="fri 12:00")
    assert one == other
