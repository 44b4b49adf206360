"""Compare every reading with an oracle that steps through the case minute by minute."""

import json
from datetime import datetime
from typing import Any

from hypothesis import given, settings

from bot.sla.sla_file import answer
from bot.sla.sla_file_reading import read_sla_file
from tests.bot.business_time.test_oracle import BACK, Desk, Minutes
from tests.bot.sla.drawn import ALWAYS_OPEN, files
from tests.bot.sla.oracle import LAST, MINUTE, Life

EXAMPLES = max(500, settings().max_examples)


@settings(max_examples=EXAMPLES)
@given(files())
def test_every_reading_agrees_with_the_oracle(
    drawn: tuple[Desk, datetime, dict[str, Any]],
) -> None:
    desk, change, written = drawn
    minutes = None if desk is ALWAYS_OPEN else Minutes(desk, change)
    file = read_sla_file(json.dumps(written).encode())
    clocks = answer(file)["clocks"]
    for clock, reading in zip(clocks, file.readings(), strict=True):
        assert clock.pop("account")
        clock["next_at"] = reading.next_at and f"{reading.next_at:%Y-%m-%dT%H:%M:%SZ}"
    expected = expected_of(written, minutes, change - BACK)
    assert [within_reach(clock, change) for clock in clocks] == expected


def expected_of(
    written: dict[str, Any], minutes: Minutes | None, begins: datetime
) -> list[dict[str, Any]]:
    starts = written["team"]["policies"][0].get("enforce_from")
    if starts and written["case"]["opened_at"] < starts:
        return []
    return Life(written, minutes, begins).readings()


def within_reach(clock: dict[str, Any], change: datetime) -> dict[str, Any]:
    """Replace instants after the oracle's last minute by None."""
    last = f"{change - BACK + LAST * MINUTE:%Y-%m-%dT%H:%M:%SZ}"
    late = {key for key in ("due_at", "next_at") if clock[key] and clock[key] > last}
    return {key: None if key in late else value for key, value in clock.items()}
