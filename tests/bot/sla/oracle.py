"""Compute the clocks of a case by stepping through its life minute by minute.

The oracle keeps the list of minutes that each clock ran, and counts them. It shares only the file
format with the engine, and takes the opening hours from the oracle of the calendar. Instants are
minutes since the start of that oracle.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.bot.business_time.test_oracle import AHEAD, BACK, Minutes

MINUTE = timedelta(minutes=1)
LAST = (BACK + AHEAD) // MINUTE
MOST_URGENT_FIRST = ["urgent", "high", "normal", "low"]
CLOCKS = [
    "claim",
    "first_response",
    "next_response",
    "update",
    "resolution",
    "total_resolution",
    "ownership",
]
LAST_TO_THE_END = CLOCKS[-3:]
PROMISED_TO_CUSTOMERS = ["first_response", "next_response", "resolution", "total_resolution"]


@dataclass
class Watch:
    """One cycle of one clock."""

    clock: str
    started: int
    priority: str
    target: int | None
    ran: list[int] = field(default_factory=list)
    counted_from: int = 0  # the minutes it had run when its target began to count
    grace: tuple[int, int] | None = None  # its length, and the minutes run when it began
    ended: int | None = None
    cancelled: bool = False
    goes_on: bool = False  # if the case is reopened

    def reaches(self, length: int, after: int, to_come: list[int]) -> int | None:
        minutes = [*self.ran, *to_come]
        if length == 0:
            return minutes[after] if after < len(minutes) else None
        return minutes[after + length - 1] + 1 if after + length <= len(minutes) else None

    def due(self, to_come: list[int]) -> int | None:
        if self.grace is not None:
            return self.reaches(*self.grace, to_come)
        assert self.target is not None
        return self.reaches(self.target, self.counted_from, to_come)


class Life:
    """One case from its opening until now."""

    def __init__(self, file: dict[str, Any], minutes: Minutes | None, begins: datetime) -> None:
        self.policy = file["team"]["policies"][0]
        self.desk_open = minutes.open if minutes else [True] * LAST
        self.begins = begins
        self.priority: str = file["case"]["priority"]
        self.waits_on: str | None = None
        self.owner = self.spoken_to = self.over = False
        self.watches: list[Watch] = []
        self.now = self.minute(file["now"])
        self.live(self.minute(file["case"]["opened_at"]), file["events"])

    def minute(self, written: str) -> int:
        return (datetime.fromisoformat(written) - self.begins) // MINUTE

    def live(self, opened: int, events: list[dict[str, Any]]) -> None:
        for clock in CLOCKS:
            if clock not in ("next_response", "ownership"):
                self.start(clock, opened)
        to_come = [(self.minute(event["at"]), event) for event in events]
        for now in range(opened, self.now + 1):
            while to_come and to_come[0][0] == now:
                self.happens(to_come.pop(0)[1], now)
            if self.desk_open[now] and now < self.now:
                for watch in self.watches:
                    if watch.ended is None and not self.held(watch):
                        watch.ran.append(now)

    def target(self, clock: str, priority: str) -> int | None:
        written = self.policy["targets"].get(priority, {}).get(clock)
        return None if written is None else int(written.removesuffix("m"))

    def held(self, watch: Watch) -> bool:
        if self.waits_on is None:
            return False
        quiet = self.policy["update_mode"] == "not_while_waiting_on_customer"
        if quiet and watch.clock == "update" and self.waits_on == "customer":
            return True
        clock = "resolution" if watch.clock == "total_resolution" else watch.clock
        return self.waits_on in self.policy["pause_on"].get(clock, [])

    def start(self, clock: str, now: int) -> None:
        self.watches.append(Watch(clock, now, self.priority, self.target(clock, self.priority)))

    def going(self, clock: str) -> Watch | None:
        found = [w for w in self.watches if w.clock == clock and w.ended is None]
        return found[0] if found else None

    def stop(self, clock: str, now: int) -> bool:
        if (watch := self.going(clock)) is None:
            return False
        watch.ended = now
        return True

    def happens(self, event: dict[str, Any], now: int) -> None:
        kind = event["kind"]
        if kind == "priority_changed":
            self.priority = event["to"]
            for watch in self.watches:
                if watch.ended is None and not self.over:
                    self.retarget(watch, now)
        elif kind == "reopened" and self.over:
            self.over = False
            for watch in self.watches:
                if watch.goes_on:
                    watch.ended, watch.cancelled = None, False
                    self.retarget(watch, now)
            self.start("update", now)
            self.start("ownership" if self.owner else "claim", now)
        elif not self.over:
            self.happens_to_a_living_case(kind, event, now)

    def happens_to_a_living_case(self, kind: str, event: dict[str, Any], now: int) -> None:
        if kind in ("waiting", "resumed"):
            self.waits_on = event.get("on")
        elif kind in ("claimed", "handed_off", "released"):
            self.changes_hands(kind, now)
        elif kind == "resolved":
            self.ends(now, LAST_TO_THE_END, ["total_resolution"])
        elif kind == "declined":
            self.ends(now, [], PROMISED_TO_CUSTOMERS)
        else:
            self.is_talked_about(kind, now)

    def changes_hands(self, kind: str, now: int) -> None:
        had_one, self.owner = self.owner, kind == "claimed" or (kind != "released" and self.owner)
        if had_one and kind != "claimed":
            self.stop("ownership", now)
        if had_one and kind == "released":
            self.start("claim", now)
        if not had_one and kind == "claimed":
            self.stop("claim", now)
        if self.owner and self.going("ownership") is None:
            self.start("ownership", now)

    def is_talked_about(self, kind: str, now: int) -> None:
        if kind in ("customer_contacted", "updated"):
            self.stop("update", now)
            self.start("update", now)
        if kind == "customer_contacted":
            if not self.stop("first_response", now):
                self.stop("next_response", now)
            self.spoken_to = True
        if kind == "customer_replied":
            if self.waits_on == "customer":
                self.waits_on = None
            if self.spoken_to and self.going("next_response") is None:
                self.start("next_response", now)

    def ends(self, now: int, counted: list[str], going_on: list[str]) -> None:
        self.waits_on, self.over = None, True
        for watch in self.watches:
            watch.goes_on = watch.ended is None and watch.clock in going_on
            if watch.ended is None:
                watch.ended = now
                watch.cancelled = watch.clock not in counted

    def retarget(self, watch: Watch, now: int) -> None:
        if watch.priority == self.priority:
            return
        if watch.target is not None and (due := watch.due([])) is not None and due < now:
            return  # a missed target stays missed
        watch.priority, watch.grace = self.priority, None
        watch.target = self.target(watch.clock, self.priority)
        if watch.target is None:
            return
        mode = self.policy["on_priority_change"]
        if mode == "restart":
            watch.started, watch.ran = now, []
        watch.counted_from = len(watch.ran) if mode == "forward" else 0
        due = watch.due([])
        if mode == "recompute" and due is not None and due < now:
            watch.grace = int(self.policy["grace"].removesuffix("m")), len(watch.ran)

    def reading(self, watch: Watch, cycle: int) -> dict[str, Any]:
        assert watch.target is not None
        waits = watch.ended is None and self.held(watch)
        since = self.now if watch.ended is None else watch.ended
        to_come = [m for m in range(since, LAST) if self.desk_open[m]]
        due = None if waits else watch.due(to_come)
        warnings = self.warnings(watch, to_come)
        last = warnings[-1] if warnings else None
        if watch.cancelled:
            state = "cancelled"
        elif watch.ended is not None:
            state = "met" if due is None or watch.ended <= due else "met_late"
        elif waits:
            state = "paused"
        elif due is not None and self.now >= due:
            state = "breaching"
        else:
            state = "at_risk" if last is not None and self.now >= last else "pending"
        calendar = None if watch.ended is not None or self.desk_open[self.now] else "calendar"
        steps = [at for at in [*warnings, due] if at is not None and at > self.now]
        return {
            "clock": watch.clock,
            "cycle": cycle,
            "state": state,
            "target_seconds": 60 * watch.target,
            "elapsed_seconds": 60 * len(watch.ran),
            "remaining_seconds": 60 * (watch.target - len(watch.ran)),
            "started_at": self.written(watch.started),
            "due_at": self.written(due),
            "ended_at": self.written(watch.ended),
            "paused_by": self.waits_on if waits else calendar,
            "next_at": self.written(min(steps, default=None))
            if watch.ended is None and not waits
            else None,
        }

    def warnings(self, watch: Watch, to_come: list[int]) -> list[int | None]:
        assert watch.target is not None
        lengths = []
        for written in self.policy["warn_at"]:
            if written.endswith("%"):
                lengths.append(watch.target * int(written[:-1]) // 100)
            else:
                lengths.append(max(watch.target - int(written[:-1]), 0))
        return [watch.reaches(length, watch.counted_from, to_come) for length in sorted(lengths)]

    def readings(self) -> list[dict[str, Any]]:
        found = []
        for clock in CLOCKS:
            promised = [w for w in self.watches if w.clock == clock and w.target is not None]
            found += [self.reading(watch, cycle + 1) for cycle, watch in enumerate(promised)]
        return found

    def written(self, minute: int | None) -> str | None:
        if minute is None:
            return None
        return f"{(self.begins + minute * MINUTE).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
