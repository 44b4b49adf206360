"""Escalation levels: who hears what, when it gets louder, and that nothing is said twice."""

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
LADDER = """
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


def laddered(
    ladder: str = LADDER, *, at: datetime = MONDAY_9AM, priority: Priority = Priority.URGENT
) -> Case:
    return a_case(team=a_team(PROMISES + ladder), at=at, priority=priority)


def level(after: str, notify: str = "U0HEAD", when: str = "unclaimed", rest: str = "") -> str:
    return f'[[escalation]]\nwhen = "{when}"\nafter = "{after}"\nnotify = ["{notify}"]\n{rest}\n'


def lives(case: Case, *, until: datetime) -> None:
    """Baton looks whenever it means to."""
    while case.next_check_at is not None and case.next_check_at <= until:
        case.tick(at=case.next_check_at)


def at(minutes: int) -> datetime:
    return MONDAY_9AM + timedelta(minutes=minutes)


def said(case: Case) -> list[tuple[int, EventKind, list[str]]]:
    """When each nudge came, in minutes since the case was opened, and the levels in it."""
    return [
        ((it.at - case.opened_at) // timedelta(minutes=1), it.kind, levels(it))
        for it in case.history
        if it.kind in (EventKind.AT_RISK, EventKind.BREACHED, EventKind.LEVEL_REACHED)
    ]


def levels(event: Event) -> list[str]:
    return [f"{step.level}.{step.repeat}" for step in event.steps]


def heard(event: Event) -> set[str]:
    return {note.channel for note in event.notifications}


def last(case: Case) -> Event:
    return case.history[-1]


def test_rule_28_a_case_that_nobody_claims_gets_louder_level_by_level() -> None:
    case = laddered()
    lives(case, until=at(60))
    assert said(case) == [
        (12, EventKind.AT_RISK, []),
        (15, EventKind.BREACHED, ["1.0"]),
        (25, EventKind.LEVEL_REACHED, ["1.1"]),
        (35, EventKind.LEVEL_REACHED, ["1.2"]),
        (45, EventKind.LEVEL_REACHED, ["2.0"]),
    ]
    assert heard(last(case)) == {"U0HEAD"}


def test_rule_30_a_claim_stops_what_is_said_of_the_unclaimed_and_nothing_else() -> None:
    case = laddered()
    lives(case, until=at(20))
    case.claim(by=MAYA, at=at(20))
    lives(case, until=at(24 * 60))
    assert [it for it in said(case) if it[0] > 20] == [
        (192, EventKind.AT_RISK, []),
        (240, EventKind.BREACHED, []),
        (300, EventKind.LEVEL_REACHED, ["3.0"]),
        (360, EventKind.LEVEL_REACHED, ["3.1"]),
    ]
    told = {(note.audience, note.channel) for note in case.history[-2].notifications}
    assert told == {(Audience.OWNER, MAYA.user), (Audience.NAMED, "U0HEAD")}


def test_rule_27_after_an_outage_there_is_one_message_for_all_who_missed_one() -> None:
    case = laddered()
    case.tick(at=at(360))
    assert said(case) == [(360, EventKind.BREACHED, ["1.0", "1.1", "1.2", "2.0", "3.0", "3.1"])]
    assert heard(last(case)) == {SUPPORT, MAYA.user, LEO.user, "U0HEAD"}
    lives(case, until=at(3000))
    assert len(said(case)) == 1


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
def test_rule_25_a_level_near_a_warning_or_a_breach_is_one_message_with_it(
    after: str, expected: list[object]
) -> None:
    case = laddered(level(after))
    lives(case, until=at(60))
    assert said(case) == expected


def test_rule_31_whoever_is_reached_by_two_routes_hears_once() -> None:
    both = (
        '[[escalation]]\nwhen = "unclaimed"\nnotify = ["leads", "on_duty", "U0LEO", "managers"]\n'
    )
    case = laddered(both)
    lives(case, until=at(15))
    channels = [note.channel for note in last(case).notifications]
    assert sorted(channels) == sorted(set(channels))
    assert set(channels) == {SUPPORT, MAYA.user, LEO.user}


def test_a_level_may_tell_another_channel_and_a_user_group_in_the_thread() -> None:
    case = laddered(level("30m", "C0OTHER") + level("60m", "S0HEADS"))
    lives(case, until=at(46))
    assert heard(last(case)) == {"C0OTHER"}
    lives(case, until=at(80))
    assert heard(last(case)) == {SUPPORT}


def test_where_a_level_reaches_nobody_its_thread_hears() -> None:
    case = laddered(level("30m", "owner"))
    lives(case, until=at(46))
    assert heard(last(case)) == {SUPPORT}


def test_a_due_time_that_moves_later_makes_what_lies_ahead_due_again() -> None:
    case = laddered(level("30m", when="unresolved"))
    case.claim(by=MAYA, at=at(1))
    lives(case, until=at(275))
    assert said(case)[-1] == (270, EventKind.LEVEL_REACHED, ["1.0"])
    longer = PROMISES.replace('resolution = "4h"', 'resolution = "5h"')
    longer += level("30m", when="unresolved")
    case.team.revise(read_team(longer), SUPPORT, at=at(275))
    case.tick(at=at(275))
    lives(case, until=at(500))
    assert said(case)[-2:] == [
        (300, EventKind.BREACHED, []),
        (330, EventKind.LEVEL_REACHED, ["1.0"]),
    ]


def test_a_due_time_that_moves_into_the_past_is_told_once_and_not_step_by_step() -> None:
    steps = "".join(level(f"{n}m", when="unresolved") for n in (10, 20, 30))
    case = laddered(steps, priority=Priority.NORMAL)
    case.claim(by=MAYA, at=at(1))
    lives(case, until=at(300))
    case.change_priority(Priority.URGENT, "It is worse", by=MAYA, at=at(300))
    lives(case, until=at(301))
    assert said(case)[-1] == (300, EventKind.BREACHED, [])  # a grace of no time: due now
    lives(case, until=at(400))
    assert [it[2] for it in said(case)[-3:]] == [["1.0"], ["2.0"], ["3.0"]]


def test_a_case_that_waits_is_not_escalated_and_its_levels_wait_with_it() -> None:
    case = laddered(level("60m", when="unresolved"))
    case.claim(by=MAYA, at=at(1))
    lives(case, until=at(250))
    case.wait(Waiting.CUSTOMER, "A form", resume_by=at(420), by=MAYA, at=at(250))
    lives(case, until=at(400))
    assert said(case)[-1][1] is EventKind.BREACHED
    case.resume(by=MAYA, at=at(400))
    lives(case, until=at(2000))
    assert said(case)[-1] == (450, EventKind.LEVEL_REACHED, ["1.0"])


def test_rule_26_a_note_is_dropped_only_for_those_who_hear_of_the_same_clock_later() -> None:
    case = laddered()
    lives(case, until=at(45))
    breach, louder = case.history[2], case.history[-1]
    assert (breach.kind, levels(louder)) == (EventKind.BREACHED, ["2.0"])
    assert is_still_current(case, breach, ChannelId(LEO.user)) is False  # the repeats told him
    assert is_still_current(case, louder, ChannelId("U0HEAD"))
    case.claim(by=MAYA, at=at(46))
    assert is_still_current(case, louder, ChannelId("U0HEAD")) is False


# Rule 29: nobody is on duty.

NIGHT = berlin("2026-03-02 20:00")
ALL_DAY = PROMISES.replace('calendar = "office"', 'calendar = "24x7"')
OFFICE_FIRST = level("0m", "U0DAY", rest='hours = "office"') + level("30m", "U0NIGHT")


def at_night(ladder: str, priority: Priority) -> Case:
    return a_case(team=a_team(ALL_DAY + ladder), at=NIGHT, priority=priority)


def test_rule_29_an_urgent_case_falls_through_to_the_next_level_now() -> None:
    case = at_night(OFFICE_FIRST, Priority.URGENT)
    lives(case, until=NIGHT + timedelta(minutes=15))
    assert heard(last(case)) == {SUPPORT, LEO.user, "U0NIGHT"}


def test_rule_29_a_low_case_is_held_until_the_hours_of_its_level_open() -> None:
    case = at_night(OFFICE_FIRST, Priority.LOW)
    lives(case, until=NIGHT + timedelta(minutes=20))
    assert heard(last(case)) == {SUPPORT, LEO.user}  # the breach itself
    assert case.clocks[0].held_until == berlin("2026-03-03 09:00")
    lives(case, until=berlin("2026-03-03 09:00"))
    assert heard(last(case)) == {"U0DAY"}
    assert case.clocks[0].held_until is None


@pytest.mark.parametrize(
    ("rest", "priority", "first"),
    [
        ('if_nobody = "hold"', Priority.URGENT, "U0DAY"),
        ('if_nobody = "next"', Priority.LOW, "U0NIGHT"),
        ('if_nobody = { low = "next", urgent = "hold" }', Priority.LOW, "U0NIGHT"),
        ('if_nobody = { low = "next", urgent = "hold" }', Priority.URGENT, "U0DAY"),
    ],
)
def test_rule_29_the_document_chooses_by_priority(
    rest: str, priority: Priority, first: str
) -> None:
    ladder = level("1m", "U0DAY", rest=f'hours = "office"\n{rest}') + level("20h", "U0NIGHT")
    case = at_night(ladder, priority)
    lives(case, until=berlin("2026-03-03 10:00"))
    named = [channel for it in case.history if it.steps for channel in heard(it)]
    assert [it for it in named if it in ("U0DAY", "U0NIGHT")] == [first]


def test_rule_29_where_no_level_is_on_duty_the_thread_hears() -> None:
    case = at_night(level("30m", "U0DAY", rest='hours = "office"'), Priority.URGENT)
    lives(case, until=NIGHT + timedelta(minutes=45))
    assert heard(last(case)) == {SUPPORT}


# Weekends and the nights when the clocks change.


@pytest.mark.parametrize(
    ("opened", "told"),
    [
        ("2026-03-06T17:50:00+01:00", "2026-03-09T09:35:00+01:00"),  # over a weekend
        ("2026-03-27T17:50:00+01:00", "2026-03-30T09:35:00+02:00"),  # summer begins
        ("2026-10-23T17:50:00+02:00", "2026-10-26T09:35:00+01:00"),  # winter begins
    ],
)
def test_levels_count_open_time(opened: str, told: str) -> None:
    case = laddered(level("30m"), at=datetime.fromisoformat(opened))
    lives(case, until=datetime.fromisoformat(told) + timedelta(hours=1))
    assert last(case).at == datetime.fromisoformat(told)


def test_around_the_clock_an_hour_is_an_hour_when_the_clocks_change() -> None:
    opened = datetime.fromisoformat("2026-03-29T01:40:00+01:00")
    case = a_case(team=a_team(ALL_DAY + level("30m")), at=opened)
    lives(case, until=opened + timedelta(hours=2))
    assert last(case).at == datetime.fromisoformat("2026-03-29T03:25:00+02:00")


# Whatever the sequence of ticks.

looks = st.lists(st.integers(1, 40_000), max_size=40)
claims = st.none() | st.integers(1, 30_000)


def steps_of(case: Case) -> list[LevelStep]:
    return [step for event in case.history for step in event.steps]


@given(looks, claims, st.booleans())
def test_every_step_is_told_once_at_most_and_the_most_severe_is_never_missed(
    seconds: list[int], claimed: int | None, eager: bool
) -> None:
    case = laddered()
    end = 50_000
    for second in sorted({*seconds, *([claimed] if claimed else []), end}):
        now = MONDAY_9AM + timedelta(seconds=second)
        if eager:
            lives(case, until=now)
        case.tick(at=now)
        if second == claimed:
            case.claim(by=MAYA, at=now)
    told = steps_of(case)
    assert max(Counter(told).values()) == 1
    assert {step for step in told if step.metric is Metric.RESOLUTION} == {
        LevelStep(Metric.RESOLUTION, 1, 3, 0),
        LevelStep(Metric.RESOLUTION, 1, 3, 1),
    }
    if claimed is None:
        assert LevelStep(Metric.CLAIM, 1, 2, 0) in told
    assert case.clocks[-1].state is ClockState.BREACHING


def test_looked_at_all_the_time_or_once_the_same_people_hear_of_the_same_steps(
    thorough: bool,
) -> None:
    busy, slow = laddered(), laddered()
    for second in range(0, 400 * 60, 1 if thorough else 7):
        busy.tick(at=MONDAY_9AM + timedelta(seconds=second))
    slow.tick(at=at(400))
    assert set(steps_of(busy)) == set(steps_of(slow))
    assert {c for e in busy.history for c in heard(e)} == {
        c for e in slow.history for c in heard(e)
    }
