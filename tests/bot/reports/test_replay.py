"""A case's story told again says what people were told, or would have been."""

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
lives = st.lists(
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


@given(lives, modes, pauses)
def test_under_the_policy_that_was_in_force_it_tells_just_what_people_were_told(
    life: list[tuple[str, int, Priority]], mode: str, pausing: str
) -> None:
    case = a_case(team=a_team(promises(mode, pausing)))
    now = MONDAY_9AM
    for step, minutes, priority in life:
        now += timedelta(minutes=minutes)
        pass_time(case, until=now)
        take(step, case, priority, now)
    end = now + timedelta(days=3)
    pass_time(case, until=end + timedelta(microseconds=1))
    assert again(list(nudges(case.story, case.policy, case.levels, until=end))) == told(case)


def pass_time(case: Case, *, until: datetime) -> None:
    """Baton looks whenever it means to, and is never late."""
    while case.next_check_at is not None and case.next_check_at < until:
        case.tick(at=case.next_check_at)


def take(step: str, case: Case, priority: Priority, now: datetime) -> None:
    """One step of a life, if it can be taken."""
    if case.status is Status.RESOLVED:
        case.reopen("Not the end", by=LEO, at=now)
    match step:
        case "claim" if case.owner is None:
            case.claim(by=MAYA, at=now)
        case "contact":
            case.contact("Called", by=LEO, at=now)
        case "hear":
            case.hear("An answer", by=LEO, at=now)
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


CliError = list[tuple[datetime, EventKind, set[Metric]]]


def told(case: Case) -> CliError:
    return [(it.at, it.kind, set(it.clocks)) for it in case.history if it.kind in NUDGES]


def again(replayed: list[ReplayedNudge]) -> CliError:
    return [(it.at, it.crossed.kind, set(it.crossed.clocks)) for it in replayed]


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("15m", [("09:12", EventKind.AT_RISK), ("09:15", EventKind.BREACHED)]),
        ("25m", [("09:20", EventKind.AT_RISK)]),
        ("2h", []),
    ],
)
def test_under_another_policy_it_tells_what_they_would_have_been_told(
    claim: str, expected: list[tuple[str, EventKind]]
) -> None:
    case = a_case()
    case.claim(by=MAYA, at=berlin("2026-03-02 09:22"))
    policy = case.story.policy_in(a_team(TEAM.replace('"15m"', f'"{claim}"')).document)
    replayed = nudges(case.story, policy, (), until=berlin("2026-03-05 09:00"))
    assert [(it.at, it.crossed.kind) for it in replayed] == [
        (berlin(f"2026-03-02 {time}"), kind) for time, kind in expected
    ]


def test_a_promise_is_tried_on_cases_from_before_it_is_enforced() -> None:
    later = TEAM.replace('calendar = "office"', 'calendar = "office"\nenforce_from = "2026-04-01"')
    case = a_case(team=a_team(later))
    assert case.clocks == []
    assert (
        len(list(nudges(case.story, case.policy, case.levels, until=berlin("2026-03-03 09:00"))))
        == 2
    )


def test_what_comes_after_the_end_is_not_told() -> None:
    case = a_case()
    until = berlin("2026-03-02 09:14")
    assert [it.at for it in nudges(case.story, case.policy, case.levels, until=until)] == [
        berlin("2026-03-02 09:12")
    ]
