"""Replaying a case gives the nudges that were sent, or that another policy would have sent."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.case import Case, MissReason, Resolution, Status
from bot.case.event import EventKind
from bot.case.recipients import NUDGES
from bot.priority import Priority
from bot.reports.replay import ReplayedNudge, nudges
from bot.sla import Metric
from bot.team import Waiting
from tests.builders import LEO, MAYA, a_case, a_team, berlin
from tests.world import MONDAY_9AM, TEAM

ROW = '{ claim = "15m", first_response = "1h", next_response = "30m", update = "2h" }'
DONE = Resolution(
    outcome="Works again",
    root_cause="A bad deploy",
    prevention="A canary",
    left_out="Easy",
    miss_reason=MissReason.OTHER,
)

STEPS = ["claim", "contact", "hear", "update", "wait", "wait", "resume", "priority", "resolve"]
step_lists = st.lists(
    st.tuples(st.sampled_from(STEPS), st.integers(1, 500), st.sampled_from(Priority)), max_size=12
)
modes = st.sampled_from(["recompute", "forward", "restart"])
pauses = st.sampled_from(["", 'pause_on = { first_response = ["customer"], update = [] }\n'])


def promises(mode: str = "recompute", pausing: str = "") -> str:
    source = TEAM.replace('{ claim = "15m" }', ROW.replace(" }", ', resolution = "4h" }'))
    source = source.replace('{ claim = "30m" }', '{ claim = "30m", resolution = "90m" }')
    return source.replace(
        "[digest]", f'on_priority_change = "{mode}"\ngrace = "20m"\n{pausing}[digest]'
    )


@given(step_lists, modes, pauses)
def test_replaying_under_the_same_policy_gives_the_nudges_that_were_sent(
    steps: list[tuple[str, int, Priority]], mode: str, pausing: str
) -> None:
    case = a_case(team=a_team(promises(mode, pausing)))
    now = MONDAY_9AM
    for step, minutes, priority in steps:
        now += timedelta(minutes=minutes)
        pass_time(case, until=now)
        take(step, case, priority, now)
    end = now + timedelta(days=3)
    pass_time(case, until=end + timedelta(microseconds=1))
    replayed = list(nudges(case.clock_inputs, case.policy, case.levels, until=end))
    assert replayed_nudges(replayed) == sent_nudges(case)


def pass_time(case: Case, *, until: datetime) -> None:
    """Tick the case at each of its planned checks, as Baton does when it is never late."""
    while case.next_check_at is not None and case.next_check_at < until:
        case.tick(at=case.next_check_at)


def take(step: str, case: Case, priority: Priority, now: datetime) -> None:
    """Take the step if the case allows it."""
    if case.status is Status.RESOLVED:
        case.reopen("Not the end", by=LEO, at=now)
    match step:
        case "claim" if case.owner is None:
            case.claim(by=MAYA, at=now)
        case "contact":
            case.contact("Called", by=LEO, at=now)
        case "hear":
            case.log_reply("An answer", by=LEO, at=now)
        case "update":
            case.update("News", by=LEO, at=now)
        case "wait" if case.owner is not None:
            until = now + timedelta(hours=9)
            case.wait(Waiting.CUSTOMER, "A form", resume_by=until, by=LEO, at=now)
        case "resume" if case.status is Status.WAITING:
            case.resume(by=LEO, at=now)
        case "priority" if priority is not case.priority:
            case.change_priority(priority, "It changed", by=LEO, at=now)
        case "resolve":
            case.resolve(DONE, by=LEO, at=now)


Nudges = list[tuple[datetime, EventKind, set[Metric]]]


def sent_nudges(case: Case) -> Nudges:
    return [(it.at, it.kind, set(it.clocks)) for it in case.history if it.kind in NUDGES]


def replayed_nudges(replayed: list[ReplayedNudge]) -> Nudges:
    return [(it.at, it.crossed.kind, set(it.crossed.clocks)) for it in replayed]


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("15m", [("09:12", EventKind.AT_RISK), ("09:15", EventKind.BREACHED)]),
        ("25m", [("09:20", EventKind.AT_RISK)]),
        ("2h", []),
    ],
)
def test_replaying_under_another_policy_gives_the_nudges_it_would_have_sent(
    claim: str, expected: list[tuple[str, EventKind]]
) -> None:
    case = a_case()
    case.claim(by=MAYA, at=berlin("2026-03-02 09:22"))
    policy = case.clock_inputs.policy_in(a_team(TEAM.replace('"15m"', f'"{claim}"')).document)
    replayed = nudges(case.clock_inputs, policy, (), until=berlin("2026-03-05 09:00"))
    assert [(it.at, it.crossed.kind) for it in replayed] == [
        (berlin(f"2026-03-02 {time}"), kind) for time, kind in expected
    ]


def test_cases_from_before_enforcement_are_replayed_as_well() -> None:
    later = TEAM.replace('calendar = "office"', 'calendar = "office"\nenforce_from = "2026-04-01"')
    case = a_case(team=a_team(later))
    assert case.clocks == []
    until = berlin("2026-03-03 09:00")
    assert len(list(nudges(case.clock_inputs, case.policy, case.levels, until=until))) == 2


def test_nudges_after_the_end_of_the_replay_are_left_out() -> None:
    case = a_case()
    until = berlin("2026-03-02 09:14")
    assert [it.at for it in nudges(case.clock_inputs, case.policy, case.levels, until=until)] == [
        berlin("2026-03-02 09:12")
    ]
