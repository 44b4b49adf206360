"""How long a case waited on each party."""

from datetime import timedelta

from bot.priority import Priority
from bot.sla import ClockEvent, ClockEventKind, Lasted, WaitsOn, waits
from bot.team import OnPriorityChange
from tests.bot.sla.cases import a_policy, at, it

HOUR = timedelta(hours=1)


def waited(*clock_events: ClockEvent, until: str = "mon+ 12:00") -> dict[WaitsOn, Lasted]:
    policy = a_policy(on_priority_change="restart")
    assert policy.on_priority_change is OnPriorityChange.RESTART
    return waits(policy, opened_at=at("fri 12:00"), clock_events=clock_events, until=at(until))


def test_a_case_waits_on_the_team_unless_it_waits_on_another_party() -> None:
    found = waited(
        it("claimed", "fri 12:30"),
        it("waiting", "fri 13:00", on="customer"),
        it("customer_replied", "fri 15:00"),
        it("waiting", "fri 17:00", on="third_party"),  # over the weekend
        it("resumed", "mon+ 10:00"),
        it("resolved", "mon+ 11:00"),
    )
    assert found == {
        WaitsOn.US: Lasted(4 * HOUR, 4 * HOUR),
        WaitsOn.CUSTOMER: Lasted(2 * HOUR, 2 * HOUR),
        WaitsOn.THIRD_PARTY: Lasted(2 * HOUR, 65 * HOUR),
    }


def test_a_new_wait_replaces_the_previous_one_and_a_resolution_ends_it() -> None:
    found = waited(
        it("waiting", "fri 13:00", on="customer"),
        it("waiting", "fri 14:00", on="third_party"),
        it("resolved", "fri 15:00"),
    )
    assert [lasted.open_time for lasted in found.values()] == [HOUR, HOUR, HOUR]


def test_the_time_while_a_case_was_resolved_counts_for_no_party() -> None:
    found = waited(
        it("resolved", "fri 13:00"),
        it("reopened", "fri 16:00"),
        it("resolved", "fri 17:00"),
    )
    assert found[WaitsOn.US] == Lasted(2 * HOUR, 2 * HOUR)


def test_a_change_of_priority_does_not_restart_the_count() -> None:
    found = waited(
        ClockEvent(ClockEventKind.PRIORITY_CHANGED, at("fri 15:00"), to=Priority.LOW),
        it("resolved", "fri 16:00"),
    )
    assert found[WaitsOn.US] == Lasted(4 * HOUR, 4 * HOUR)


def test_an_open_case_counts_until_now() -> None:
    assert waited(until="fri 18:00")[WaitsOn.US] == Lasted(6 * HOUR, 6 * HOUR)
