"""Escalation levels: recipients, timing, and no notification sent twice."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.case import Case
from bot.case.event import Event, EventKind
from bot.case.recipients import is_still_current
from bot.delivery import Audience
from bot.people import ChannelId
from bot.priority import Priority
from bot.sla import ClockState, LevelStep, Metric
from bot.team import Waiting, read_team
from tests.builders import LEO, MAYA, a_case, a_team, berlin
from tests.world import MONDAY_9AM, SUPPORT, TEAM

PROMISES = TEAM.replace('{ claim = "15m" }', '{ claim = "15m", resolution = "4h" }').replace(
    '{ claim = "4h" }', '{ claim = "15m", resolution = "4h" }'
)
LEVELS = """
[[escalation]]
when = "unclaimed"
notify = ["on_duty", "channel"]
repeat = 2
every = "10m"

[[escalation]]
when = "unclaimed"
after = "30m"
notify = ["U0HEAD"]

[[escalation]]
when = "unresolved"
after = "60m"
notify = ["U0HEAD", "owner"]
repeat = 1
"""


def case_with_levels(
    levels: str = LEVELS, *, at: datetime = MONDAY_9AM, priority: Priority = Priority.URGENT
) -> Case:
    return a_case(team=a_team(PROMISES + levels), at=at, priority=priority)


def level(after: str, notify: str = "U0HEAD", when: str = "unclaimed", options: str = "") -> str:
    return f'[[escalation]]\nwhen = "{when}"\nafter = "{after}"\nnotify = ["{notify}"]\n{options}\n'


def run(case: Case, *, until: datetime) -> None:
    """Tick the case at each of its planned checks, as Baton does when it is never late."""
    while case.next_check_at is not None and case.next_check_at <= until:
        case.tick(at=case.next_check_at)


def at(minutes: int) -> datetime:
    return MONDAY_9AM + timedelta(minutes=minutes)


def nudges(case: Case) -> list[tuple[int, EventKind, list[str]]]:
    """Return each nudge: minutes since the case was opened, its kind, and the levels in it."""
    return [
        ((it.at - case.opened_at) // timedelta(minutes=1), it.kind, reached(it))
        for it in case.history
        if it.kind in (EventKind.AT_RISK, EventKind.BREACHED, EventKind.LEVEL_REACHED)
    ]


def reached(event: Event) -> list[str]:
    return [f"{step.level}.{step.repeat}" for step in event.steps]


def recipients(event: Event) -> set[str]:
    return {note.channel for note in event.notifications}


def last(case: Case) -> Event:
    return case.history[-1]


def test_an_unclaimed_case_escalates_level_by_level() -> None:
    case = case_with_levels()
    run(case, until=at(60))
    assert nudges(case) == [
        (12, EventKind.AT_RISK, []),
        (15, EventKind.BREACHED, ["1.0"]),
        (25, EventKind.LEVEL_REACHED, ["1.1"]),
        (35, EventKind.LEVEL_REACHED, ["1.2"]),
        (45, EventKind.LEVEL_REACHED, ["2.0"]),
    ]
    assert recipients(last(case)) == {"U0HEAD"}


def test_a_claim_stops_only_the_levels_for_unclaimed_cases() -> None:
    case = case_with_levels()
    run(case, until=at(20))
    case.claim(by=MAYA, at=at(20))
    run(case, until=at(24 * 60))
    assert [it for it in nudges(case) if it[0] > 20] == [
        (192, EventKind.AT_RISK, []),
        (240, EventKind.BREACHED, []),
        (300, EventKind.LEVEL_REACHED, ["3.0"]),
        (360, EventKind.LEVEL_REACHED, ["3.1"]),
    ]
    audiences = {(note.audience, note.channel) for note in case.history[-2].notifications}
    assert audiences == {(Audience.OWNER, MAYA.user), (Audience.NAMED, "U0HEAD")}


def test_after_an_outage_each_recipient_gets_one_message_for_all_missed_levels() -> None:
    case = case_with_levels()
    case.tick(at=at(360))
    assert nudges(case) == [(360, EventKind.BREACHED, ["1.0", "1.1", "1.2", "2.0", "3.0", "3.1"])]
    assert recipients(last(case)) == {SUPPORT, MAYA.user, LEO.user, "U0HEAD"}
    run(case, until=at(3000))
    assert len(nudges(case)) == 1


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("0m", [(12, EventKind.AT_RISK, []), (15, EventKind.BREACHED, ["1.0"])]),
        ("1m", [(12, EventKind.AT_RISK, []), (15, EventKind.BREACHED, ["1.0"])]),
        ("-1m", [(12, EventKind.AT_RISK, []), (15, EventKind.BREACHED, ["1.0"])]),
        ("-3m", [(12, EventKind.AT_RISK, ["1.0"]), (15, EventKind.BREACHED, [])]),
        ("-2m", [(12, EventKind.AT_RISK, ["1.0"]), (15, EventKind.BREACHED, [])]),
        ("-4m", [(12, EventKind.AT_RISK, ["1.0"]), (15, EventKind.BREACHED, [])]),
        (
            "-10m",
            [
                (5, EventKind.LEVEL_REACHED, ["1.0"]),
                (12, EventKind.AT_RISK, []),
                (15, EventKind.BREACHED, []),
            ],
        ),
    ],
)
def test_a_level_near_a_warning_or_a_breach_shares_its_message(
    after: str, expected: list[object]
) -> None:
    case = case_with_levels(level(after))
    run(case, until=at(60))
    assert nudges(case) == expected


def test_a_recipient_named_in_two_ways_is_notified_once() -> None:
    both = (
        '[[escalation]]\nwhen = "unclaimed"\nnotify = ["leads", "on_duty", "U0LEO", "managers"]\n'
    )
    case = case_with_levels(both)
    run(case, until=at(15))
    channels = [note.channel for note in last(case).notifications]
    assert sorted(channels) == sorted(set(channels))
    assert set(channels) == {SUPPORT, MAYA.user, LEO.user}


def test_a_level_posts_to_another_channel_and_mentions_a_user_group_in_the_thread() -> None:
    case = case_with_levels(level("30m", "C0OTHER") + level("60m", "S0HEADS"))
    run(case, until=at(46))
    assert recipients(last(case)) == {"C0OTHER"}
    run(case, until=at(80))
    assert recipients(last(case)) == {SUPPORT}


def test_a_level_without_recipients_posts_in_the_thread() -> None:
    case = case_with_levels(level("30m", "owner"))
    run(case, until=at(46))
    assert recipients(last(case)) == {SUPPORT}


def test_a_due_time_that_moves_later_is_nudged_again() -> None:
    case = case_with_levels(level("30m", when="unresolved"))
    case.claim(by=MAYA, at=at(1))
    run(case, until=at(275))
    assert nudges(case)[-1] == (270, EventKind.LEVEL_REACHED, ["1.0"])
    longer = PROMISES.replace('resolution = "4h"', 'resolution = "5h"')
    longer += level("30m", when="unresolved")
    case.team.revise(read_team(longer), SUPPORT, at=at(275))
    case.tick(at=at(275))
    run(case, until=at(500))
    assert nudges(case)[-2:] == [
        (300, EventKind.BREACHED, []),
        (330, EventKind.LEVEL_REACHED, ["1.0"]),
    ]


def test_levels_count_from_now_when_a_due_time_moves_into_the_past() -> None:
    ten_minutes_apart = "".join(level(f"{n}m", when="unresolved") for n in (10, 20, 30))
    case = case_with_levels(ten_minutes_apart, priority=Priority.NORMAL)
    case.claim(by=MAYA, at=at(1))
    run(case, until=at(300))
    case.change_priority(Priority.URGENT, "It is worse", by=MAYA, at=at(300))
    run(case, until=at(301))
    assert nudges(case)[-1] == (300, EventKind.BREACHED, [])  # no grace period: due at once
    run(case, until=at(400))
    assert [it[2] for it in nudges(case)[-3:]] == [["1.0"], ["2.0"], ["3.0"]]


def test_a_waiting_case_is_not_escalated_until_it_resumes() -> None:
    case = case_with_levels(level("60m", when="unresolved"))
    case.claim(by=MAYA, at=at(1))
    run(case, until=at(250))
    case.wait(Waiting.CUSTOMER, "A form", resume_by=at(420), by=MAYA, at=at(250))
    run(case, until=at(400))
    assert nudges(case)[-1][1] is EventKind.BREACHED
    case.resume(by=MAYA, at=at(400))
    run(case, until=at(2000))
    assert nudges(case)[-1] == (450, EventKind.LEVEL_REACHED, ["1.0"])


def test_a_nudge_is_dropped_for_recipients_of_a_later_one_about_the_same_clock() -> None:
    case = case_with_levels()
    run(case, until=at(45))
    breach, later = case.history[2], case.history[-1]
    assert (breach.kind, reached(later)) == (EventKind.BREACHED, ["2.0"])
    assert is_still_current(case, breach, ChannelId(LEO.user)) is False  # Leo got the repeats
    assert is_still_current(case, later, ChannelId("U0HEAD"))
    case.claim(by=MAYA, at=at(46))
    assert is_still_current(case, later, ChannelId("U0HEAD")) is False


# Outside the hours of a level.

NIGHT = berlin("2026-03-02 20:00")
ALL_DAY = PROMISES.replace('calendar = "office"', 'calendar = "24x7"')
DAY_THEN_NIGHT = level("0m", "U0DAY", options='hours = "office"') + level("30m", "U0NIGHT")


def at_night(levels: str, priority: Priority) -> Case:
    return a_case(team=a_team(ALL_DAY + levels), at=NIGHT, priority=priority)


def test_outside_its_hours_an_urgent_case_skips_to_the_next_level_at_once() -> None:
    case = at_night(DAY_THEN_NIGHT, Priority.URGENT)
    run(case, until=NIGHT + timedelta(minutes=15))
    assert recipients(last(case)) == {SUPPORT, LEO.user, "U0NIGHT"}


def test_outside_its_hours_a_low_priority_case_waits_until_they_begin() -> None:
    case = at_night(DAY_THEN_NIGHT, Priority.LOW)
    run(case, until=NIGHT + timedelta(minutes=20))
    assert recipients(last(case)) == {SUPPORT, LEO.user}  # the breach itself
    assert case.clocks[0].held_until == berlin("2026-03-03 09:00")
    run(case, until=berlin("2026-03-03 09:00"))
    assert recipients(last(case)) == {"U0DAY"}
    assert case.clocks[0].held_until is None


@pytest.mark.parametrize(
    ("options", "priority", "first"),
    [
        ('if_nobody = "hold"', Priority.URGENT, "U0DAY"),
        ('if_nobody = "next"', Priority.LOW, "U0NIGHT"),
        ('if_nobody = { low = "next", urgent = "hold" }', Priority.LOW, "U0NIGHT"),
        ('if_nobody = { low = "next", urgent = "hold" }', Priority.URGENT, "U0DAY"),
    ],
)
def test_the_team_document_sets_the_out_of_hours_rule_per_priority(
    options: str, priority: Priority, first: str
) -> None:
    source = level("1m", "U0DAY", options=f'hours = "office"\n{options}') + level("20h", "U0NIGHT")
    case = at_night(source, priority)
    run(case, until=berlin("2026-03-03 10:00"))
    notified = [channel for it in case.history if it.steps for channel in recipients(it)]
    assert [it for it in notified if it in ("U0DAY", "U0NIGHT")] == [first]


def test_without_any_level_on_duty_the_thread_is_notified() -> None:
    case = at_night(level("30m", "U0DAY", options='hours = "office"'), Priority.URGENT)
    run(case, until=NIGHT + timedelta(minutes=45))
    assert recipients(last(case)) == {SUPPORT}


# Weekends and changes to and from summer time.


@pytest.mark.parametrize(
    ("opened", "notified"),
    [
        ("2026-03-06T17:50:00+01:00", "2026-03-09T09:35:00+01:00"),  # over a weekend
        ("2026-03-27T17:50:00+01:00", "2026-03-30T09:35:00+02:00"),  # summer begins
        ("2026-10-23T17:50:00+02:00", "2026-10-26T09:35:00+01:00"),  # winter begins
    ],
)
def test_levels_count_business_hours_across_weekends_and_clock_changes(
    opened: str, notified: str
) -> None:
    case = case_with_levels(level("30m"), at=datetime.fromisoformat(opened))
    run(case, until=datetime.fromisoformat(notified) + timedelta(hours=1))
    assert last(case).at == datetime.fromisoformat(notified)


def test_a_24x7_calendar_counts_elapsed_time_when_the_clocks_change() -> None:
    opened = datetime.fromisoformat("2026-03-29T01:40:00+01:00")
    case = a_case(team=a_team(ALL_DAY + level("30m")), at=opened)
    run(case, until=opened + timedelta(hours=2))
    assert last(case).at == datetime.fromisoformat("2026-03-29T03:25:00+02:00")


# Any sequence of ticks.

tick_seconds = st.lists(st.integers(1, 40_000), max_size=40)
claim_seconds = st.none() | st.integers(1, 30_000)


def steps_of(case: Case) -> list[LevelStep]:
    return [step for event in case.history for step in event.steps]


@given(tick_seconds, claim_seconds, st.booleans())
def test_each_level_is_reported_at_most_once_and_the_most_severe_always(
    seconds: list[int], claimed: int | None, on_time: bool
) -> None:
    case = case_with_levels()
    end = 50_000
    for second in sorted({*seconds, *([claimed] if claimed else []), end}):
        now = MONDAY_9AM + timedelta(seconds=second)
        if on_time:
            run(case, until=now)
        case.tick(at=now)
        if second == claimed:
            case.claim(by=MAYA, at=now)
    steps = steps_of(case)
    assert max(Counter(steps).values()) == 1
    assert {step for step in steps if step.metric is Metric.RESOLUTION} == {
        LevelStep(Metric.RESOLUTION, 1, 3, 0),
        LevelStep(Metric.RESOLUTION, 1, 3, 1),
    }
    if claimed is None:
        assert LevelStep(Metric.CLAIM, 1, 2, 0) in steps
    assert case.clocks[-1].state is ClockState.BREACHING


def test_ticking_often_or_once_reports_the_same_levels_to_the_same_recipients(
    thorough: bool,
) -> None:
    often, once = case_with_levels(), case_with_levels()
    for second in range(0, 400 * 60, 1 if thorough else 7):
        often.tick(at=MONDAY_9AM + timedelta(seconds=second))
    once.tick(at=at(400))
    assert set(steps_of(often)) == set(steps_of(once))
    assert {c for e in often.history for c in recipients(e)} == {
        c for e in once.history for c in recipients(e)
    }
