"""Previews of a team document: what applying it would do."""

from datetime import datetime, timedelta

import pytest

from bot.case import Case, MissReason, Resolution
from bot.priority import Priority
from bot.reports.preview import MOST_SHOWN, DocumentPreview, Move, Tally
from bot.sla import ClockState, Metric, Reading
from bot.team import Waiting, read_team
from bot.team.team import Team
from tests.builders import LEO, MAYA, a_case, a_team, berlin
from tests.world import MONDAY_9AM, TEAM

PROMISES = TEAM.replace(
    '{ claim = "15m" }',
    '{ claim = "15m", first_response = "1h", update = "2h", resolution = "4h" }',
)
FOR_ACME = """
[[policies]]
name = "Acme"
when = { customer = ["acme"] }
calendar = "24x7"
targets.urgent = { claim = "5m" }
targets.high = { claim = "10m" }
targets.normal = { claim = "1h" }
targets.low = { claim = "1h" }

[[policies]]
name = "Standard\""""
DONE = Resolution(
    outcome="Works again",
    root_cause="A bad deploy",
    prevention="A canary",
    left_out="Easy",
    miss_reason=MissReason.OTHER,
)


def at(**length: int) -> datetime:
    return MONDAY_9AM + timedelta(**length)


def previewed(source: str, *cases: Case, now: datetime, team: Team) -> DocumentPreview:
    preview = DocumentPreview(team.document, read_team(source), now)
    preview.take(case.clock_inputs for case in cases)
    return preview


def due_changes(moves: list[Move]) -> list[tuple[int, Metric, datetime | None, datetime | None]]:
    return [(it.case, it.metric, due(it.before), due(it.after)) for it in moves]


def due(reading: Reading | None) -> datetime | None:
    return reading.due_at if reading is not None else None


def test_each_policy_is_listed_with_the_number_of_open_cases_it_matches() -> None:
    team = a_team()
    names = ("Acme", "ACME", "Globex", "Acme")
    cases = [a_case(team=team, number=n, customer=name) for n, name in enumerate(names, start=1)]
    cases[-1].claim(by=MAYA, at=at(minutes=1))
    cases[-1].resolve(DONE, by=MAYA, at=at(minutes=2))
    source = TEAM.replace('\n[[policies]]\nname = "Standard"', FOR_ACME)
    preview = previewed(source, *cases, now=at(minutes=3), team=team)
    assert preview.fitting == {"Acme": 2, "Standard": 1}


def test_each_running_clock_with_a_new_due_time_is_listed() -> None:
    team = a_team(PROMISES)
    case = a_case(team=team)
    case.claim(by=MAYA, at=at(minutes=5))
    source = PROMISES.replace('"15m"', '"10m"').replace('"4h" }', '"2h" }', 1)
    preview = previewed(source, case, now=at(minutes=20), team=team)
    assert due_changes(preview.moves) == [(1, Metric.RESOLUTION, at(hours=4), at(hours=2))]
    assert (preview.moved_cases, preview.late_cases) == (1, 0)


def test_a_document_with_the_same_promises_moves_no_clock() -> None:
    team = a_team(PROMISES)
    digest = PROMISES.replace('at = "09:00"', 'at = "08:00"')
    preview = previewed(digest, a_case(team=team), now=at(minutes=20), team=team)
    assert (preview.moved, preview.moves) == (0, [])
    before, after = tallies(preview)
    assert before == after == (1, 2, 0)


def test_only_clocks_that_become_late_at_once_are_marked() -> None:
    team = a_team(PROMISES)
    case = a_case(team=team)
    source = PROMISES.replace('"15m"', '"14m"').replace('"4h" }', '"1h" }', 1)
    preview = previewed(source, case, now=at(minutes=65), team=team)
    late_at_once = {move.metric: move.late_at_once for move in preview.moves}
    assert late_at_once == {Metric.CLAIM: False, Metric.RESOLUTION: True}
    assert preview.late_cases == 1


def test_added_and_removed_clocks_are_listed() -> None:
    team = a_team(PROMISES)
    source = PROMISES.replace('update = "2h", ', 'next_response = "1h", ').replace(
        'claim = "15m", ', ""
    )
    preview = previewed(source, a_case(team=team), now=at(minutes=1), team=team)
    assert due_changes(preview.moves) == [
        (1, Metric.CLAIM, at(minutes=15), None),
        (1, Metric.UPDATE, at(hours=2), None),
    ]


def test_a_clock_that_is_paused_before_and_after_is_not_listed() -> None:
    team = a_team(PROMISES)
    case = a_case(team=team)
    case.claim(by=MAYA, at=at(minutes=5))
    case.wait(Waiting.CUSTOMER, "A form", resume_by=at(days=2), by=MAYA, at=at(minutes=10))
    source = PROMISES.replace('"4h" }', '"2h" }', 1)
    assert previewed(source, case, now=at(minutes=20), team=team).moves == []
    running = source.replace("[digest]", "pause_on = { resolution = [] }\n[digest]")
    preview = previewed(running, case, now=at(minutes=20), team=team)
    assert due_changes(preview.moves) == [(1, Metric.RESOLUTION, None, at(hours=2))]


def test_the_most_urgent_moves_are_shown_first_and_the_rest_counted() -> None:
    team = a_team()
    cases = [
        a_case(team=team, number=n, priority=priority, at=at(minutes=30 - n))
        for n, priority in enumerate([Priority.LOW, *[Priority.URGENT] * MOST_SHOWN], start=1)
    ]
    source = TEAM.replace('"15m"', '"20m"').replace('"4h"', '"3h"')
    preview = previewed(source, *cases, now=at(minutes=30), team=team)
    assert [move.case for move in preview.moves] == [*range(MOST_SHOWN + 1, 1, -1)]
    assert (preview.moved, preview.not_shown) == (MOST_SHOWN + 1, 1)


@pytest.mark.parametrize("mode", ["recompute", "forward", "restart"])
def test_the_preview_matches_what_the_document_then_does(mode: str) -> None:
    def with_mode(source: str) -> str:
        return source.replace("[digest]", f'on_priority_change = "{mode}"\n[digest]')

    team = a_team(with_mode(PROMISES))
    case = a_case(team=team)
    case.claim(by=MAYA, at=at(minutes=5))
    case.update("News", by=MAYA, at=at(minutes=30))
    case.change_priority(Priority.HIGH, "It spreads", by=MAYA, at=at(minutes=40))
    case.change_priority(Priority.URGENT, "Everywhere", by=MAYA, at=at(minutes=50))
    source = with_mode(PROMISES).replace('"4h" }', '"1h" }', 1).replace('"2h", res', '"5h", res')
    now = at(hours=2)
    case.tick(at=now)
    before = running(case)
    preview = previewed(source, case, now=now, team=team)
    team.revise(read_team(source), team.channel, at=now)
    case.tick(at=now)
    after = running(case)
    assert {(it.metric, due(it.before)) for it in preview.moves} == before - after
    assert {(it.metric, due(it.after)) for it in preview.moves} == after - before
    late = {it.metric for it in case.clocks if it.state is ClockState.BREACHING}
    assert {it.metric for it in preview.moves if it.late_at_once} <= late


def running(case: Case) -> set[tuple[Metric, datetime | None]]:
    return {(clock.metric, clock.due_at) for clock in case.clocks if clock.running}


def tallies(preview: DocumentPreview) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    return figures(preview.before), figures(preview.after)


def figures(tally: Tally) -> tuple[int, int, int]:
    return tally.breaches, tally.nudges, tally.after_hours


def test_recent_cases_are_replayed_under_both_documents() -> None:
    team = a_team()
    cases = [a_case(team=team, number=n, at=at(days=n)) for n in (1, 2, 3)]
    for case in cases:
        case.claim(by=MAYA, at=case.opened_at + timedelta(minutes=13))
        case.resolve(DONE, by=MAYA, at=case.opened_at + timedelta(hours=1))
    preview = previewed(TEAM.replace('"15m"', '"10m"'), *cases, now=at(days=30), team=team)
    assert preview.replayed == 3
    assert tallies(preview) == ((0, 3, 0), (3, 6, 0))


def test_nudges_outside_business_hours_are_counted_separately() -> None:
    team = a_team()
    case = a_case(team=team, at=berlin("2026-03-02 17:50"))  # due at 09:05
    case.claim(by=MAYA, at=berlin("2026-03-03 09:10"))
    around_the_clock = TEAM.replace('calendar = "office"', 'calendar = "24x7"')
    preview = previewed(around_the_clock, case, now=berlin("2026-03-03 12:00"), team=team)
    assert tallies(preview) == ((1, 2, 0), (1, 2, 2))


def test_a_nudge_at_closing_time_is_within_business_hours() -> None:
    team = a_team()
    case = a_case(team=team, at=berlin("2026-03-02 17:45"))
    preview = previewed(TEAM, case, now=berlin("2026-03-03 12:00"), team=team)
    assert figures(preview.before) == (1, 2, 0)


def test_only_cases_of_the_last_ninety_days_are_replayed() -> None:
    team = a_team()
    old, older = a_case(team=team), a_case(team=team, number=2)
    old.resolve(DONE, by=LEO, at=at(days=20))
    older.resolve(DONE, by=LEO, at=at(days=2))
    preview = previewed(TEAM, old, older, now=at(days=100), team=team)
    assert (preview.replayed, figures(preview.before)) == (1, (0, 0, 0))
