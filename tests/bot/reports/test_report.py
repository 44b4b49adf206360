"""SLA attainment by due date: cancelled promises are excluded, open breaches included."""

from datetime import datetime, timedelta
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from bot.case import Case, MissReason, Resolution
from bot.people import CaseId
from bot.priority import Priority
from bot.reports.period import Period
from bot.reports.report import Attainment, Ended, PeriodData, Report, Result, Verdict
from bot.sla import ClockState, Lasted, Metric, WaitsOn
from tests.builders import ANA, MAYA, a_case, a_team
from tests.world import MONDAY_9AM

HOUR = timedelta(hours=1)
WEEK = Period.week(MONDAY_9AM, "Europe/Berlin")
ENDED = (ClockState.MET, ClockState.MET_LATE, ClockState.CANCELLED)


def a_result(
    state: ClockState, *, case: int = 1, due_at: datetime = MONDAY_9AM, minutes: int = 10
) -> Result:
    ended = state in ENDED
    return Result(
        case=CaseId(case),
        customer="Acme",
        priority=Priority.URGENT,
        metric=Metric.CLAIM,
        cycle=1,
        state=state,
        target=HOUR,
        started_at=due_at - HOUR,
        due_at=due_at,
        ended_at=due_at if ended else None,
        open_time=timedelta(minutes=minutes) if ended else None,
        wall_time=timedelta(minutes=2 * minutes) if ended else None,
    )


def a_report(*results: Result, at: datetime = MONDAY_9AM, ended: tuple[Ended, ...] = ()) -> Report:
    report = Report(a_team().document, WEEK, at, overdue=[])
    for result in results:  # one page per result
        report.take(PeriodData([result], [], []))
    report.take(PeriodData([], ended, [CaseId(1), CaseId(1)]))
    return report


def claim_attainment(*results: Result, at: datetime = MONDAY_9AM) -> Attainment:
    return a_report(*results, at=at).clocks[Metric.CLAIM]


def test_attainment_is_the_share_of_due_promises_that_were_met() -> None:
    attainment = claim_attainment(
        *(a_result(ClockState.MET, case=case) for case in (1, 2, 3)),
        a_result(ClockState.MET_LATE, case=4),
        a_result(ClockState.BREACHING, case=5),
        a_result(ClockState.CANCELLED, case=6),
    )
    assert (attainment.due, attainment.met, attainment.share) == (5, 3, 0.6)
    assert attainment.cases == {
        Verdict.MET: [1, 2, 3],
        Verdict.LATE: [4],
        Verdict.OVERDUE: [5],
    }


def test_a_promise_counts_as_overdue_from_its_due_time_even_before_a_check() -> None:
    due = MONDAY_9AM + HOUR
    running = a_result(ClockState.AT_RISK, due_at=due)
    assert claim_attainment(running, at=due - timedelta(microseconds=1)).due == 0
    assert claim_attainment(running, at=due).cases[Verdict.OVERDUE] == [1]


def test_a_period_without_promises_has_no_share() -> None:
    assert claim_attainment().share is None
    assert a_report().promised == {}


def test_durations_have_median_p90_and_mean_in_open_and_wall_time() -> None:
    attainment = claim_attainment(
        *(a_result(ClockState.MET, minutes=n) for n in (*range(1, 10), 1000))
    )
    assert attainment.open_time.median == timedelta(minutes=5, seconds=30)
    assert attainment.open_time.p90 == timedelta(minutes=9)
    assert attainment.open_time.mean == timedelta(minutes=104, seconds=30)
    assert attainment.wall_time.p90 == timedelta(minutes=18)


def test_every_number_lists_its_cases_without_duplicates() -> None:
    case = a_case()
    case.claim(by=MAYA, at=MONDAY_9AM + HOUR)
    done = Resolution(
        outcome="Done",
        root_cause="A",
        prevention="B",
        left_out="Easy",
        miss_reason=MissReason.MORE_FACTS,
    )
    case.resolve(done, by=MAYA, at=MONDAY_9AM + 2 * HOUR)
    late = a_result(ClockState.MET_LATE, case=3)
    report = a_report(late, late, ended=(Ended(case.clock_inputs, case.miss_reason),))
    assert report.numbers == {
        "claim/late": [3],
        "missed/more_facts": [1],
        "reopened": [1],
        "resolved": [1],
    }
    assert len(report.reopened) == 2
    assert report.waited[WaitsOn.US] == Lasted(2 * HOUR, 2 * HOUR)


def test_every_reopening_of_a_case_is_counted() -> None:
    case = resolved_and_reopened(times=2)
    assert case.reopened == 2


def resolved_and_reopened(*, times: int) -> Case:
    case = a_case()
    case.claim(by=MAYA, at=MONDAY_9AM)
    done = Resolution(outcome="Done", root_cause="A", prevention="B", left_out="Easy")
    for _ in range(times):
        case.resolve(done, by=MAYA, at=MONDAY_9AM)
        case.reopen("It is back", by=ANA, at=MONDAY_9AM)
    return case


random_results = st.builds(
    a_result,
    st.sampled_from(ClockState),
    case=st.integers(1, 5),
    due_at=st.integers(-3, 3).map(lambda hours: MONDAY_9AM + hours * HOUR),
    minutes=st.integers(0, 500),
)


@given(st.lists(random_results, max_size=40))
def test_attainment_agrees_with_a_naive_recount(results: list[Result]) -> None:
    attainment = claim_attainment(*results)
    met = [it for it in results if it.state is ClockState.MET]
    late = [it for it in results if it.state is ClockState.MET_LATE]
    overdue = [it for it in results if it.state not in ENDED and it.due_at <= MONDAY_9AM]
    due = len(met) + len(late) + len(overdue)
    assert attainment.share == (len(met) / due if due else None)
    minutes = sorted(it.open_time for it in met + late if it.open_time is not None)
    if minutes:
        p90 = min(it for it in minutes if sum(m <= it for m in minutes) >= 0.9 * len(minutes))
        assert attainment.open_time.p90 == p90
        assert attainment.open_time.p90 == minutes[ceil(0.9 * len(minutes)) - 1]
        assert abs(
            attainment.open_time.mean - sum(minutes, timedelta(0)) / len(minutes)
        ) < timedelta(milliseconds=1)
