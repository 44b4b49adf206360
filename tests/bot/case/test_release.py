"""Cases that return to the queue, inactive owners, and assignment by a level."""

from datetime import datetime, timedelta

import pytest

from bot.case import Case, Status
from bot.case.event import Event, EventKind
from bot.delivery import Audience
from bot.errors import AlreadyClaimed, AlreadyInQueue, NotAllowed
from bot.people import Person, UserId
from bot.sla import ClockState, Metric
from bot.team import Waiting
from tests.builders import ANA, BEN, LEO, MAYA, a_case, a_team, berlin
from tests.world import MONDAY_9AM, SUPPORT, TEAM

REMINDING = TEAM.replace(
    'calendar = "office"', 'calendar = "office"\nstale_after = "4h"\nrelease_after = "2h"'
)
HEAD = Person(UserId("U0HEAD"))
ASSIGNING = """
[[escalation]]
when = "unclaimed"
after = "30m"
notify = ["channel"]
assign = "U0BEN"
"""


def at(minutes: int) -> datetime:
    return MONDAY_9AM + timedelta(minutes=minutes)


def claimed(source: str = TEAM) -> Case:
    case = a_case(team=a_team(source))
    case.claim(by=MAYA, at=at(5))
    return case


def run(case: Case, *, until: datetime) -> None:
    while case.next_check_at is not None and case.next_check_at <= until:
        case.tick(at=case.next_check_at)


def recipients(event: Event) -> set[tuple[Audience, str]]:
    return {(note.audience, note.channel) for note in event.notifications}


def kinds(case: Case) -> list[EventKind]:
    return [event.kind for event in case.history]


def state(case: Case, metric: Metric, cycle: int) -> ClockState:
    return next(it.state for it in case.clocks if (it.metric, it.cycle) == (metric, cycle))


def test_releasing_a_case_returns_it_to_the_queue_and_starts_a_new_claim_clock() -> None:
    case = claimed()
    case.release("I am off to the airport", by=MAYA, at=at(60))
    assert (case.status, case.owner) == (Status.OPEN, None)
    assert state(case, Metric.CLAIM, 1) is ClockState.MET
    assert case.clocks[-1].due_at == at(75)
    case.claim(by=BEN, at=at(70))
    assert state(case, Metric.CLAIM, 2) is ClockState.MET


def test_the_former_owner_is_notified_when_a_lead_releases_their_case() -> None:
    case = claimed()
    case.release("She is ill", by=LEO, at=at(60))
    assert recipients(case.history[-1]) == {(Audience.THREAD, SUPPORT), (Audience.NAMED, MAYA.user)}


@pytest.mark.parametrize("person", [ANA, BEN])
def test_only_the_owner_or_a_lead_releases_a_case(person: Person) -> None:
    with pytest.raises(NotAllowed, match=MAYA.user):
        claimed().release("Not mine", by=person, at=at(60))


def test_an_unclaimed_case_cannot_be_released() -> None:
    with pytest.raises(AlreadyInQueue):
        a_case().release("Why", by=LEO, at=at(1))


def test_releasing_a_waiting_case_ends_its_wait() -> None:
    case = claimed(TEAM.replace('{ claim = "15m" }', '{ claim = "15m", resolution = "4h" }'))
    case.wait(Waiting.CUSTOMER, "A form", resume_by=at(300), by=MAYA, at=at(10))
    case.release("I am off", by=MAYA, at=at(60))
    assert kinds(case)[-2:] == [EventKind.RESUMED, EventKind.RELEASED]
    assert state(case, Metric.RESOLUTION, 1) is ClockState.PENDING


def test_an_inactive_owner_gets_one_reminder_before_the_case_returns_to_the_queue() -> None:
    case = claimed(REMINDING)
    run(case, until=at(5 + 4 * 60))
    assert kinds(case) == [EventKind.OPENED, EventKind.CLAIMED, EventKind.OWNER_REMINDED]
    assert recipients(case.history[-1]) == {(Audience.OWNER, MAYA.user)}
    run(case, until=at(4 + 6 * 60))
    assert kinds(case)[-1] is EventKind.OWNER_REMINDED
    run(case, until=at(5 + 6 * 60))
    assert kinds(case)[-1] is EventKind.RELEASED
    assert recipients(case.history[-1]) == {(Audience.THREAD, SUPPORT), (Audience.NAMED, MAYA.user)}
    assert case.owner is None


def test_an_update_from_the_owner_keeps_the_case_with_them() -> None:
    case = claimed(REMINDING)
    run(case, until=at(250))
    case.update("Still on it", by=MAYA, at=at(300))
    run(case, until=at(300 + 4 * 60 - 1))
    assert kinds(case).count(EventKind.OWNER_REMINDED) == 1
    assert case.owner == MAYA.user
    assert case.next_check_at == at(300 + 4 * 60)  # the calendar closes then


def test_an_update_from_a_lead_does_not_count_as_owner_activity() -> None:
    case = claimed(REMINDING)
    case.update("I looked in", by=LEO, at=at(200))
    run(case, until=at(5 + 4 * 60))
    assert kinds(case)[-1] is EventKind.OWNER_REMINDED


def test_time_on_hold_does_not_count_as_inactivity() -> None:
    case = claimed(REMINDING)
    case.wait(Waiting.CUSTOMER, "A form", resume_by=berlin("2026-03-04 09:00"), by=MAYA, at=at(10))
    run(case, until=berlin("2026-03-04 12:59"))
    assert EventKind.OWNER_REMINDED not in kinds(case)
    run(case, until=berlin("2026-03-04 15:00"))
    assert kinds(case)[-4:] == [
        EventKind.OVERDUE,
        EventKind.OWNER_REMINDED,
        EventKind.RESUMED,
        EventKind.RELEASED,
    ]


def test_after_an_outage_the_owner_is_reminded_before_the_case_is_released() -> None:
    case = claimed(REMINDING)
    run(case, until=at(6))
    case.tick(at=berlin("2026-03-05 10:00"))
    assert kinds(case)[-1] is EventKind.OWNER_REMINDED
    assert case.next_check_at == berlin("2026-03-05 12:00")


def test_a_level_assigns_a_case_without_claiming_it() -> None:
    case = a_case(team=a_team(TEAM + ASSIGNING))
    run(case, until=at(45))
    assert (case.status, case.owner) == (Status.OPEN, BEN.user)
    assert kinds(case)[-1] is EventKind.ASSIGNED
    assert (Audience.OWNER, BEN.user) in recipients(case.history[-1])
    assert state(case, Metric.CLAIM, 1) is ClockState.BREACHING
    case.claim(by=BEN, at=at(50))
    assert (case.status, state(case, Metric.CLAIM, 1)) == (Status.CLAIMED, ClockState.MET_LATE)


def test_any_manager_may_claim_a_case_that_is_only_assigned() -> None:
    case = a_case(team=a_team(TEAM + ASSIGNING))
    run(case, until=at(45))
    case.claim(by=MAYA, at=at(50))
    assert case.owner == MAYA.user
    with pytest.raises(AlreadyClaimed):
        case.claim(by=BEN, at=at(51))


def test_the_former_owner_is_notified_when_a_level_reassigns_their_case() -> None:
    promises = TEAM.replace('{ claim = "15m" }', '{ claim = "15m", resolution = "1h" }')
    levels = ASSIGNING.replace("unclaimed", "unresolved").replace("U0BEN", HEAD.user)
    case = claimed(promises + levels)
    run(case, until=at(90))
    assert (case.status, case.owner) == (Status.CLAIMED, HEAD.user)
    assert recipients(case.history[-1]) == {
        (Audience.THREAD, SUPPORT),
        (Audience.OWNER, HEAD.user),
        (Audience.NAMED, MAYA.user),
    }
