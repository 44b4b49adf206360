"""Evaluating all clocks of a typical case, compared with the bare additions that it takes."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

from bot.business_time import Calendar
from bot.case import read_clocks
from bot.people import TeamId
from bot.sla import Reading, readings
from bot.team import Policy, read_team
from bot.team.team import Team
from tests.bench.life import NOON, OFFICE, case_with_history
from tests.bench.paired import Timed, paired
from tests.bench.time.plain import Plain
from tests.world import MONDAY_9AM, SUPPORT

Sum = tuple[Callable[[Any, Any], object], Any, Any]


def measure() -> dict[str, list[Timed]]:
    team = Team.start(TeamId(1), read_team(OFFICE), SUPPORT, at=MONDAY_9AM)
    case = case_with_history(team, 1)
    clock_events = [
        it for it in (event.clock_event(at=event.at) for event in case.history) if it is not None
    ]
    assert len(clock_events) == 10

    def read(policy: Policy) -> list[Reading]:
        return readings(
            policy,
            priority=case.opened_priority,
            opened_at=case.opened_at,
            clock_events=clock_events,
            now=NOON,
        )

    policy, recording = case.policy, _RecordingCalendar.of_calendar(case.policy.calendar)
    found = read(replace(policy, calendar=recording))
    assert len({reading.clock for reading in found}) == 5
    sums = recording.sums
    title = f"a case with 5 clocks in {len(found)} cycles, 10 events, {len(sums)} additions"
    return {
        title: paired(
            {
                "its additions by a plain bisect": lambda: [it(a, b) for it, a, b in sums],
                "readings()": lambda: read(policy),
                "read_clocks()": lambda: read_clocks(case, at=NOON),
            },
            count=1,
        )
    }


class _RecordingCalendar(Calendar):
    """Records each calculation, to be repeated by a plain bisect."""

    sums: list[Sum]

    @classmethod
    def of_calendar(cls, calendar: Calendar) -> "_RecordingCalendar":
        values = {it.name: getattr(calendar, it.name) for it in fields(calendar) if it.init}
        recording = cls(**values)
        # The dataclass is frozen, so plain assignment would fail.
        object.__setattr__(recording, "sums", [])
        object.__setattr__(recording, "plain", Plain())
        return recording

    def after(self, start: datetime, worked: timedelta) -> datetime:
        self.sums.append((self._plain.after, start, worked))
        return super().after(start, worked)

    def between(self, start: datetime, end: datetime) -> timedelta:
        self.sums.append((self._plain.between, start, end))
        return super().between(start, end)

    @property
    def _plain(self) -> Plain:
        plain: Plain = vars(self)["plain"]
        return plain
