"""Small operations that run often: adding open time, rendering a card."""

import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random

from bot.business_time import Calendar
from bot.case import Case, NewCase, Reason
from bot.customers.history import CustomerHistory
from bot.people import CaseId, TeamId
from bot.priority import Priority
from bot.team import read_team
from bot.team.team import Team
from handlers.slack.views.case_card import case_card
from tests.builders import a_member
from tests.world import MONDAY_9AM, SUPPORT, TEAM

SECONDS = 0.5
BATCH = 500


def measure() -> dict[str, float]:
    """Return how many of each a core can do in a second."""
    after, plainly = additions()
    case = a_case()
    return {
        "additions, Calendar.after": rate(after),
        "additions, a plain bisect": rate(plainly),
        "cards rendered": rate(lambda: [case_card(case, CustomerHistory()) for _ in range(BATCH)]),
    }


def rate(batch: Callable[[], object]) -> float:
    batch()  # warm-up: fills the caches
    done, began = 0, time.perf_counter()
    while (passed := time.perf_counter() - began) < SECONDS:
        batch()
        done += BATCH
    return done / passed


def additions() -> tuple[Callable[[], list[datetime]], Callable[[], list[datetime]]]:
    """Return the same additions twice: by a calendar, and by bisecting a plain list of days."""
    dice = Random(1)  # noqa: S311  not for cryptography
    starts = [MONDAY_9AM + timedelta(minutes=dice.randrange(400_000)) for _ in range(BATCH)]
    lengths = [timedelta(minutes=dice.randrange(15, 5000)) for _ in range(BATCH)]
    week = {day: ["09:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    calendar, plain = Calendar.of("UTC", week), _Plain()
    assert plain.after(starts[0], lengths[0]) == calendar.after(starts[0], lengths[0])
    return (
        lambda: [calendar.after(at, length) for at, length in zip(starts, lengths, strict=True)],
        lambda: [plain.after(at, length) for at, length in zip(starts, lengths, strict=True)],
    )


class _Plain:
    """Nine to six on weekdays for two years: the minimum cost of an addition."""

    def __init__(self) -> None:
        first = datetime(2026, 1, 1, 9, tzinfo=UTC)
        days = [first + timedelta(day) for day in range(730)]
        self.opens = [day for day in days if day.weekday() < 5]
        self.closes = [day + timedelta(hours=9) for day in self.opens]
        self.through = list(accumulate([timedelta(hours=9)] * len(self.opens)))

    def after(self, at: datetime, worked: timedelta) -> datetime:
        here = bisect_right(self.opens, at) - 1
        wanted = self.through[here] - max(self.closes[here] - at, timedelta(0)) + worked
        there = bisect_left(self.through, wanted)
        return self.closes[there] - (self.through[there] - wanted)


def a_case() -> Case:
    team = Team.start(TeamId(1), read_team(TEAM), SUPPORT, at=MONDAY_9AM)
    wanted = NewCase(
        customer="Acme",
        summary="Nobody can log in since this morning. They asked twice. " * 5,
        reasons=(Reason.RISK,),
        priority=Priority.URGENT,
        ticket_link="https://help.example.com/4711",
    )
    ana = a_member("U0ANA")
    return Case.open(wanted, team, id_=CaseId(1), by=ana, at=MONDAY_9AM)


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name}: {value:,.0f} a second")
