"""The size of a run, and its faults."""

import json
from dataclasses import asdict, dataclass, replace
from typing import Self

from handlers.manifest import manifest
from handlers.sandbox import Sandbox

LOST_ANSWERS = (
    "ratelimited", "ratelimited_bare", "ratelimited_ok", "server_error", "server_error_after",
    "reset_before", "reset_after", "slow", "late", "broken_json", "lagging",
    "error:internal_error", "error:fatal_error", "error:service_unavailable",
)  # fmt: skip
OUTAGE = ("server_error", "server_error_after", "unavailable", "error:internal_error")
LOST_REQUESTS = ("first_lost", "answer_lost", "duplicate")


@dataclass(frozen=True, kw_only=True)
class Plan:
    cases: int
    channels: int
    kills: int
    seconds: float  # the time in which users act and faults happen
    seed: int = 0
    stops: int = 0  # processes to pause
    restarts: int = 0  # of the database
    outages: int = 0  # of Slack
    outage: float = 120.0  # seconds that each of them lasts
    share: float = 0.2  # of Slack's responses that fail
    late: float = 20.0  # seconds that a fault delays a response or a message
    quick: bool = False  # a tenth of Baton's waits; set ``late`` to a tenth as well
    settled_within: float = 1800.0  # seconds

    @property
    def agents(self) -> int:
        return max(8, self.channels)

    @property
    def managers(self) -> int:
        return max(8, self.channels)

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        return cls(**json.loads(text))


SHORT = Plan(
    cases=30, channels=12, kills=4, seconds=12, stops=2, restarts=1, outages=1, outage=3, late=2,
    quick=True, settled_within=300,
)  # fmt: skip
SHORT_OF_ONE = replace(SHORT, cases=24, restarts=0)
# About ten thousand clicks, forms and messages, which take over half an hour at Slack's rate limit.
LONG = Plan(cases=1200, channels=100, kills=200, seconds=1200, stops=20, restarts=4, outages=3)
ONE_PROCESS = Plan(cases=500, channels=50, kills=50, seconds=500, stops=5, outages=2)


def agent(number: int) -> str:
    return f"U0A{number:04}"


def manager(number: int) -> str:
    return f"U0M{number:04}"


def channel(number: int) -> str:
    return f"C0T{number:04}"


def people_of(plan: Plan, slack: Sandbox) -> None:
    """Add the people and a channel for each team, with everyone in all channels."""
    there = slack.workspace
    there.install_manifest(manifest())
    people = [*map(agent, range(plan.agents)), *map(manager, range(plan.managers))]
    for person in people:
        there.add_person(person, person.lower(), person)
    for number in range(plan.channels):
        members = [*people, there.app.user]
        there.add_channel(channel(number), f"team-{number}", members=members)


def document(plan: Plan, number: int) -> str:
    """Return a team file. Its targets are so long that no nudges are due within a run."""
    managers = ", ".join(f'"{manager(it)}"' for it in range(plan.managers))
    return f"""
[team]
name = "Team {number}"
channel = "{channel(number)}"
timezone = "UTC"
managers = [{managers}]

[calendars.always]
mon = ["00:00-24:00"]
tue = ["00:00-24:00"]
wed = ["00:00-24:00"]
thu = ["00:00-24:00"]
fri = ["00:00-24:00"]
sat = ["00:00-24:00"]
sun = ["00:00-24:00"]

[[policies]]
name = "Standard"
calendar = "always"
targets.urgent = {{ claim = "20h" }}
targets.high = {{ claim = "20h" }}
targets.normal = {{ claim = "20h" }}
targets.low = {{ claim = "20h" }}
"""
