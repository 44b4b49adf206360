"""Back in the queue: released, gone stale, or handed over by a level."""

from datetime import datetime, timedelta

import pytest

from bot.case import Case, Status
from bot.case.event import Event, EventKind
from bot.delivery import Audience
from bot.errors import AlreadyClaimed, InQueueAlready, NotAllowed
from bot.people import Person, UserId
from bot.sla import ClockState, Metric
from bot.team import Waiting
from tests.builders import ANA, BEN, LEO, MAYA, a_case, a_team, berlin
from tests.world import MONDAY_9AM, SUPPORT, TEAM

OWNER_REMINDED = TEAM.replace(
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


def lives(case: Case, *, until: datetime) -> None:
    while case.next_check_at is not None and case.next_check_at <= until:
        case.tick(at=case.next_check_at)


def told(event: Event) -> set[tuple[Audience, str]]:
    return {(note.audience, note.channel) for note in event.notifications}


def kinds(case: Case) -> list[EventKind]:
    return [event.kind for event in case.history]


def state(case: Case, metric: Metric, cycle: int) -> ClockState:
    return next(it.state for it in case.clocks if (it.metric, it.cycle) == (metric, cycle))


def test_a_case_that_is_released_is_in_the_queue_and_its_claim_clock_starts_anew() -> None:
    case = claimed()
    case.release("I am off to the airport", by=MAYA, at=at(60))
    assert (case.status, case.owner) == (Status.OPEN, None)
    assert state(case, Metric.CLAIM, 1) is ClockState.MET
    assert case.clocks[-1].due_at == at(75)
    case.claim(by=BEN, at=at(70))
    assert state(case, Metric.CLAIM, 2) is ClockState.MET


def test_a_former_owner_hears_that_a_lead_has_released_their_case() -> None:
    case = claimed()
    case.release("She is ill", by=LEO, at=at(60))
    assert told(case.history[-1]) == {(Audience.THREAD, SUPPORT), (Audience.NAMED, MAYA.user)}


@pytest.mark.parametrize("person", [ANA, BEN])
def test_only_its_owner_or_a_lead_releases_a_case(person: Person) -> None:
    with pytest.raises(NotAllowed, match=MAYA.user):
        claimed().release("Not mine", by=person, at=at(60))


def test_what_nobody_has_is_in_the_queue_already() -> None:
    with pytest.raises(InQueueAlready):
        a_case().release("Why", by=LEO, at=at(1))


def test_a_case_that_waits_is_released_and_waits_no_more() -> None:
    case = claimed(TEAM.replace('{ claim = "15m" }', '{ claim = "15m", resolution = "4h" }'))
    case.wait(Waiting.CUSTOMER, "A form", resume_by=at(300), by=MAYA, at=at(10))
    case.release("I am off", by=MAYA, at=at(60))
    assert kinds(case)[-2:] == [EventKind.RESUMED, EventKind.RELEASED]
    assert state(case, Metric.RESOLUTION, 1) is ClockState.PENDING


def test_rule_30_a_silent_owner_is_asked_once_and_then_the_case_goes_back_to_the_queue() -> None:
    case = claimed(OWNER_REMINDED)
    lives(case, until=at(5 + 4 * 60))
    assert kinds(case) == [EventKind.OPENED, EventKind.CLAIMED, EventKind.OWNER_REMINDED]
    assert told(case.history[-1]) == {(Audience.OWNER, MAYA.user)}
    lives(case, until=at(4 + 6 * 60))
    assert kinds(case)[-1] is EventKind.OWNER_REMINDED
    lives(case, until=at(5 + 6 * 60))
    assert kinds(case)[-1] is EventKind.RELEASED
    assert told(case.history[-1]) == {(Audience.THREAD, SUPPORT), (Audience.NAMED, MAYA.user)}
    assert case.owner is None


def test_rule_30_a_word_from_the_owner_keeps_it_theirs() -> None:
    case = claimed(OWNER_REMINDED)
    lives(case, until=at(250))
    case.update("Still on it", by=MAYA, at=at(300))
    lives(case, until=at(300 + 4 * 60 - 1))
    assert kinds(case).count(EventKind.OWNER_REMINDED) == 1
    assert case.owner == MAYA.user
    assert case.next_check_at == at(300 + 4 * 60)  # exactly at closing


def test_rule_30_a_word_from_somebody_else_does_not() -> None:
    case = claimed(OWNER_REMINDED)
    case.update("I looked in", by=LEO, at=at(200))
    lives(case, until=at(5 + 4 * 60))
    assert kinds(case)[-1] is EventKind.OWNER_REMINDED


def test_rule_30_a_case_that_may_wait_is_not_stale_before_its_wait_is_over() -> None:
    case = claimed(OWNER_REMINDED)
    case.wait(Waiting.CUSTOMER, "A form", resume_by=berlin("2026-03-04 09:00"), by=MAYA, at=at(10))
    lives(case, until=berlin("2026-03-04 12:59"))
    assert EventKind.OWNER_REMINDED not in kinds(case)
    lives(case, until=berlin("2026-03-04 15:00"))
    assert kinds(case)[-4:] == [
        EventKind.OVERDUE,
        EventKind.OWNER_REMINDED,
        EventKind.RESUMED,
        EventKind.RELEASED,
    ]


def test_rule_30_after_an_outage_the_owner_is_asked_before_they_lose_the_case() -> None:
    case = claimed(OWNER_REMINDED)
    lives(case, until=at(6))
    case.tick(at=berlin("2026-03-05 10:00"))
    assert kinds(case)[-1] is EventKind.OWNER_REMINDED
    assert case.next_check_at == berlin("2026-03-05 12:00")


def test_rule_28_a_level_hands_a_case_over_and_that_is_no_claim() -> None:
    case = a_case(team=a_team(TEAM + ASSIGNING))
    lives(case, until=at(45))
    assert (case.status, case.owner) == (Status.OPEN, BEN.user)
    assert kinds(case)[-1] is EventKind.ASSIGNED
    assert (Audience.OWNER, BEN.user) in told(case.history[-1])
    assert state(case, Metric.CLAIM, 1) is ClockState.BREACHING
    case.claim(by=BEN, at=at(50))
    assert (case.status, state(case, Metric.CLAIM, 1)) == (Status.CLAIMED, ClockState.MET_LATE)


def test_what_was_assigned_and_not_claimed_is_anybodys_to_claim() -> None:
    case = a_case(team=a_team(TEAM + ASSIGNING))
    lives(case, until=at(45))
    case.claim(by=MAYA, at=at(50))
    assert case.owner == MAYA.user
    with pytest.raises(AlreadyClaimed):
        case.claim(by=BEN, at=at(51))


def test_an_owner_hears_that_a_level_has_handed_their_case_to_somebody_else() -> None:
    promises = TEAM.replace('{ claim = "15m" }', '{ claim = "15m", resolution = "1h" }')
    ladder = ASSIGNING.replace("unclaimed", "unresolved").replace("U0BEN", HEAD.user)
    case = claimed(promises + ladder)
    lives(case, until=at(90))
    assert (case.status, case.owner) == (Status.CLAIMED, HEAD.user)
    assert told(case.history[-1]) == {
        (Audience.THREAD, SUPPORT),
        (Audience.OWNER, HEAD.user),
        (Audience.NAMED, MAYA.user),
    }
