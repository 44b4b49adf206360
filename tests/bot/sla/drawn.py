"""Hypothesis strategies for SLA files: odd calendars, policies and events near clock changes."""

from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from hypothesis import strategies as st

from bot.business_time import WEEKDAYS, time_zone
from tests.bot.business_time.test_oracle import (
    ZONES,
    Desk,
    any_week,
    clock_changes,
    dated,
    same_every_day,
)
from tests.bot.sla.oracle import CLOCKS, MINUTE, MOST_URGENT_FIRST

WAITS = ["customer", "third_party"]
PAUSE_SETS = st.sampled_from([WAITS, WAITS, ["customer"], ["third_party"], []])
MOSTLY = st.sampled_from([True, True, True, True, True, True, False])
TURNS = [
    *[[kind] for kind in ("claimed", "released", "updated", "waiting", "resumed", "resolved")],
    *[["handed_off"], ["claimed", "handed_off"]],
    *[[kind] for kind in ("customer_contacted", "customer_replied", "priority_changed")],
    *[["waiting", "priority_changed"], ["waiting", "resolved", "reopened"]],
    *[["declined"], ["declined", "reopened"], ["waiting", "declined", "reopened"]],
    *[["resolved", "reopened"], ["priority_changed", "priority_changed"]],
]
FEW_TENS = st.sampled_from([1, 2, 3])  # so that instants often coincide
SOON = st.sampled_from([0, 10, 10, 20, 30])
ALWAYS_OPEN = Desk("UTC", (("00:00-24:00",),) * 7)


@st.composite
def desks(draw: st.DrawFn) -> tuple[Desk, datetime]:
    """Draw a desk, and a clock change in its zone."""
    zone = draw(st.sampled_from(ZONES))
    change = draw(st.sampled_from(clock_changes(zone)))
    if draw(st.integers(0, 7)) == 0:
        return ALWAYS_OPEN, change
    near = change.astimezone(time_zone(zone)).date()
    desk = Desk(
        zone,
        draw(st.one_of(same_every_day(), any_week())),
        tuple(draw(st.lists(dated(near, whole_days=True), max_size=2))),
        tuple(draw(st.lists(dated(near, whole_days=False), max_size=2))),
    )
    return desk, change


@st.composite
def policies(draw: st.DrawFn, desk: Desk, tens: st.SearchStrategy[int]) -> dict[str, Any]:
    pausing = ["first_response", "next_response", "update", "resolution", "ownership"]
    return {
        "name": "Drawn",
        "calendar": "24x7" if desk is ALWAYS_OPEN else "office",
        "targets": {p: draw(targets(tens)) for p in MOST_URGENT_FIRST if draw(MOSTLY)},
        "warn_at": draw(st.lists(st.sampled_from(["20%", "50%", "80%", "30m", "10m"]), max_size=3)),
        "on_priority_change": draw(st.sampled_from(["recompute", "forward", "restart"])),
        "pause_on": {clock: draw(PAUSE_SETS) for clock in pausing},
        "update_mode": draw(st.sampled_from(["always", "not_while_waiting_on_customer"])),
        "grace": draw(st.sampled_from(["0m", "0m", "10m", "45m"])),
    }


@st.composite
def targets(draw: st.DrawFn, tens: st.SearchStrategy[int]) -> dict[str, str]:
    """Draw targets in tens of minutes, so that every percentage is a whole number."""
    named = {clock: 10 * draw(tens) for clock in CLOCKS if draw(MOSTLY)}
    if "resolution" in named and "first_response" in named:
        named["first_response"] = min(named["first_response"], named["resolution"])
    return {clock: f"{minutes}m" for clock, minutes in named.items()}


@st.composite
def events(
    draw: st.DrawFn, opened: datetime, priority: str, gaps: st.SearchStrategy[int]
) -> list[dict[str, Any]]:
    at, found = opened, []
    for kind in chain(*draw(st.lists(st.sampled_from(TURNS), max_size=8))):
        at += MINUTE * draw(gaps)
        event: dict[str, Any] = {"at": at.isoformat(), "kind": kind}
        if kind == "waiting":
            event |= {"on": draw(st.sampled_from(WAITS)), "resume_by": at.isoformat()}
        if kind == "priority_changed":
            other = [each for each in MOST_URGENT_FIRST if each != priority]
            event["to"] = priority = draw(st.sampled_from(other))
        found.append(event)
    return found


@st.composite
def files(draw: st.DrawFn) -> tuple[Desk, datetime, dict[str, Any]]:
    """Draw a desk, a clock change in its zone, and a file whose case is near it."""
    desk, change = draw(desks())
    tens = st.one_of(FEW_TENS, FEW_TENS, st.integers(1, 100))
    gaps = st.one_of(SOON, SOON, SOON, st.integers(0, 300))
    if draw(st.booleans()):  # many events close together
        tens, gaps = FEW_TENS, SOON
        desk = draw(st.sampled_from([desk, ALWAYS_OPEN]))
    policy = draw(policies(desk, tens))
    quarters = draw(st.one_of(st.integers(-16, 8), st.integers(-180, 60)))
    opened = change + quarters * timedelta(minutes=15)
    priority = draw(st.sampled_from(MOST_URGENT_FIRST))
    happened = draw(events(opened, priority, gaps))
    last = datetime.fromisoformat(happened[-1]["at"]) if happened else opened
    now = last + MINUTE * draw(st.one_of(st.sampled_from([0, 10, 15]), st.integers(0, 1000)))
    if draw(st.integers(0, 4)) == 0:
        now = opened + (now - opened) // 2 // MINUTE * MINUTE  # some events are in the future
    if draw(st.integers(0, 9)) == 0:
        policy["enforce_from"] = (opened + MINUTE * draw(st.integers(-1, 1))).isoformat()
    week = {day: list(hours) for day, hours in zip(WEEKDAYS, desk.week, strict=True)}
    dates = {"closed": list(desk.closed), "open": list(desk.open)}
    calendars = {"office": {"timezone": desk.zone, **week, **dates}}
    return (
        desk,
        change,
        {
            "team": {
                "team": {"name": "Support", "timezone": desk.zone},
                "policies": [policy],
                **({} if desk is ALWAYS_OPEN else {"calendars": calendars}),
            },
            "case": {"priority": priority, "opened_at": opened.isoformat()},
            "events": happened,
            "now": now.isoformat(),
        },
    )
