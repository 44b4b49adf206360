"""The explanation of a clock, line by line."""

from datetime import timedelta

import pytest

from bot.sla import Metric
from bot.sla.explanation import lasted
from tests.bot.sla.cases import a_policy, it, read, the

CLAIM, RESOLUTION = Metric.CLAIM, Metric.RESOLUTION


def test_a_claim_over_a_weekend_lists_each_stretch() -> None:
    found = read(a_policy(), "fri 17:50", it("claimed", "fri 18:02"), now="mon+ 12:00")
    assert the(CLAIM, found).explanation == [
        "opened Fri 6 Mar 2026 17:50 in Europe/Berlin: target 15 min",
        "10 min until closing at 18:00",
        "closed Sat, Sun",
        "5 min until Mon 09:05",
        "due Mon 09:05",
        "claimed Fri 18:02, on time",
    ]


def test_lateness_is_open_time() -> None:
    late = read(a_policy(), "fri 17:40", it("claimed", "mon+ 09:10"), now="mon+ 12:00")
    assert the(CLAIM, late).explanation[-2:] == ["due Fri 17:55", "claimed Mon 09:10, 15 min late"]
    still = read(a_policy(), "fri 17:40", now="mon+ 09:20")
    assert the(CLAIM, still).explanation[-1] == "due Fri 17:55, 25 min overdue"


def test_a_holiday_is_named() -> None:
    policy = a_policy(calendar={"holidays": {"country": "DE", "subdivision": "BE"}})
    explanation = the(CLAIM, read(policy, "fri 17:50", now="sat 12:00")).explanation
    assert "closed Sat, Sun (Women's Day)" in explanation


def test_a_wait_is_listed_with_its_length_and_its_open_time() -> None:
    clock_events = [it("waiting", "fri 17:20", on="customer"), it("resumed", "mon+ 09:30")]
    found = read(a_policy(), "fri 17:00", *clock_events, now="mon+ 10:00")
    assert the(RESOLUTION, found).explanation[1:] == [
        "20 min until Fri 17:20",
        "waited on the customer 64 h 10 min, 1 h 10 min of it in opening hours",
        "3 h 40 min until Mon 13:10",
        "due Mon 13:10",
    ]


def test_a_clock_on_hold_has_no_due_time() -> None:
    waits = it("waiting", "fri 10:20", on="third_party")
    found = read(a_policy(), "fri 10:00", waits, now="fri 11:20")
    assert the(RESOLUTION, found).explanation[2:] == [
        "waited on a third party 1 h, 1 h of it in opening hours",
        "on hold since Fri 10:20, and not due until it resumes",
    ]


@pytest.mark.parametrize(
    ("mode", "line"),
    [
        ("recompute", "new target 8 h"),
        ("forward", "new target 8 h, counted from the change"),
        ("restart", "new target 8 h, counted from the change"),
    ],
)
def test_a_change_of_priority_is_listed_with_the_new_target(mode: str, line: str) -> None:
    policy = a_policy(on_priority_change=mode)
    change = it("priority_changed", "fri 12:00", to="high")
    found = read(policy, "fri 10:00", change, now="fri 13:00", priority="normal")
    explanation = the(RESOLUTION, found).explanation
    change_at = explanation.index("priority raised to high Fri 12:00")
    assert explanation[change_at + 1] == line
    assert explanation[0].startswith("restarted" if mode == "restart" else "opened")


def test_a_grace_and_a_target_already_missed_are_listed() -> None:
    policy = a_policy(grace="20m")
    raised = it("priority_changed", "fri 11:00", to="urgent")
    spared = the(CLAIM, read(policy, "fri 10:00", raised, now="fri 11:10", priority="normal"))
    change_at = spared.explanation.index("priority raised to urgent Fri 11:00")
    line = "new target 15 min already over: 20 min of grace"
    assert spared.explanation[change_at + 1] == line
    missed = the(CLAIM, read(policy, "fri 10:00", raised, now="fri 11:10", priority="high"))
    change_at = missed.explanation.index("priority raised to urgent Fri 11:00")
    assert missed.explanation[change_at + 1] == "target already missed, and it stays missed"


def test_a_change_to_a_priority_without_a_target_is_listed() -> None:
    gone = it("priority_changed", "fri 10:05", to="low")
    back = it("priority_changed", "fri 10:10", to="urgent")
    explanation = the(CLAIM, read(a_policy(), "fri 10:00", gone, back, now="fri 10:12")).explanation
    change_at = explanation.index("priority lowered to low Fri 10:05")
    assert explanation[change_at + 1] == "no target for this priority"


def test_the_time_while_resolved_and_a_cancellation_are_listed() -> None:
    policy = a_policy(targets={"urgent": {"claim": "2h", "total_resolution": "4h"}})
    clock_events = [it("resolved", "fri 11:00"), it("reopened", "fri 15:00")]
    found = read(policy, "fri 10:00", *clock_events, now="fri 16:00")
    total = the(Metric.TOTAL_RESOLUTION, found).explanation
    assert "closed for 4 h, 4 h of it in opening hours" in total
    last = the(CLAIM, found).explanation[-1]
    assert last == "cancelled Fri 11:00, when the case was closed"


def test_a_long_run_is_a_single_line_with_dates() -> None:
    policy = a_policy(targets={"urgent": {"resolution": "20d"}})
    assert the(RESOLUTION, read(policy, "mon 09:00", now="mon 10:00")).explanation == [
        "opened Mon 2 Mar 2026 09:00 in Europe/Berlin: target 160 h",
        "160 h of opening hours until Wed 25 Mar 2026 16:00",
        "due Wed 25 Mar 2026 16:00",
    ]


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(0), "0 min"),
        (timedelta(seconds=45), "45 s"),
        (timedelta(minutes=1, seconds=30), "1 min 30 s"),
        (timedelta(hours=2, minutes=10, seconds=30), "2 h 10 min"),
        (timedelta(days=2), "48 h"),
    ],
)
def test_a_length_is_formatted_in_two_units(length: timedelta, words: str) -> None:
    assert lasted(length) == words
