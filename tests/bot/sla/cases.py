"""Helpers for SLA tests: an office in Berlin, and the events of a case."""

from datetime import UTC, datetime
from typing import Any

from bot.priority import Priority
from bot.sla import ClockEvent, ClockEventKind, Metric, Reading, readings
from bot.team import Policy, Waiting, team_from_json

NINE_TO_SIX = {day: ["09:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
TARGETS = {
    "urgent": {"claim": "15m", "first_response": "30m", "update": "1h", "resolution": "4h"},
    "high": {"claim": "30m", "first_response": "1h", "update": "4h", "resolution": "8h"},
    "normal": {"claim": "2h", "first_response": "4h", "resolution": "3d"},
    "low": {},
}


def a_policy(
    *, calendar: dict[str, Any] | None = None, always: bool = False, **settings: Any
) -> Policy:
    """Build a policy for nine to six in Berlin, with the changes given; ``always`` is 24x7."""
    policy = {"name": "Standard", "targets": TARGETS, "calendar": "24x7" if always else "office"}
    document = team_from_json(
        {
            "team": {"name": "Support", "timezone": "Europe/Berlin"},
            "calendars": {"office": {**NINE_TO_SIX, **(calendar or {})}},
            "policies": [policy | settings],
        }
    )
    return document.policy("Standard")


def at(day: str) -> datetime:
    """Read a time like ``fri 17:50`` in Berlin, in the week of 2 March 2026; ``fri+`` is next."""
    weekday, time = day.split()
    number = 2 + ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].index(weekday[:3])
    number += 7 * weekday.count("+")
    return datetime.fromisoformat(f"2026-03-{number:02}T{time}+01:00").astimezone(UTC)


def it(kind: str, day: str, **more: Any) -> ClockEvent:
    """Build a clock event: ``it("waiting", "fri 17:00", on="customer")``."""
    on, to = more.get("on"), more.get("to")
    return ClockEvent(
        ClockEventKind(kind),
        at(day),
        on=None if on is None else Waiting(on),
        to=None if to is None else Priority(to),
    )


def read(
    policy: Policy, opened: str, *clock_events: ClockEvent, now: str, priority: str = "urgent"
) -> dict[tuple[Metric, int], Reading]:
    """Return every reading by its clock and cycle."""
    found = readings(
        policy,
        priority=Priority(priority),
        opened_at=at(opened),
        clock_events=clock_events,
        now=at(now),
    )
    return {(reading.clock, reading.cycle): reading for reading in found}


def the(clock: Metric, found: dict[tuple[Metric, int], Reading], cycle: int = 1) -> Reading:
    return found[clock, cycle]
