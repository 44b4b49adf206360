"""Reports: in Slack, with the cases behind each number, and on the command line."""

import csv
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.builders import berlin
from tests.handlers.actions import SOLVED
from tests.handlers.cli.test_config import baton, in_thread
from tests.handlers.cli.test_config_preview import set_all
from tests.handlers.test_process import environment
from tests.world import RANDOM, SUPPORT, TEAM, World, a_world

WITH_TARGETS = TEAM.replace('{ claim = "15m" }', '{ claim = "15m", resolution = "4h" }')
WHY = "Missed: claim, resolution. What caused the delay?"


async def has_three_cases(world: World) -> None:
    """Open three cases: one claimed and resolved on time, one late, one unclaimed."""
    await world.escalates(world.ana, Customer="In Time")
    await world.maya.presses("Claim", on=world.cards()[-1])
    await world.settle()
    await resolves(world, number=1)
    await world.escalates(world.ana, Customer="=1+1 Late <!channel>")
    await world.later(hours=1)
    await world.maya.presses("Claim", on=world.cards()[-1])
    await world.settle()
    await world.later(hours=5)
    await resolves(world, number=2, answers={WHY: "Too many cases at once"})
    await world.escalates(world.ana, Customer="Unclaimed")
    await world.until(berlin("2026-03-03 12:00"))


async def resolves(world: World, *, number: int, answers: dict[str, str] | None = None) -> None:
    card = next(it for it in world.cards() if f"ESC-{number} " in it.text)
    await world.maya.presses("Resolve", on=card)
    await world.maya.fills({**SOLVED, **(answers or {})})
    await world.maya.submits()
    assert not world.maya.errors
    await world.settle()


async def test_a_report_shows_how_many_targets_were_met(database_url: str) -> None:
    async with a_world(database_url, mode="socket", team=WITH_TARGETS) as world:
        await has_three_cases(world)
        await world.leo.types("/baton report", channel=RANDOM)
        report = world.leo.ephemerals[-1]
        assert report.startswith("*Support* · 2 March to 8 March 2026\n")
        assert ":rotating_light: Overdue now: 1 case" in report
        assert "*Claim* 33 % on time (1 of 3; 1 late, 1 still open)" in report
        assert "*Resolution* 33 % on time (1 of 3; 1 late, 1 still open)" in report
        assert "median " in report
        assert "*Resolved:* 2 cases. Time spent waiting: for us 100 % (" in report
        assert "*Why late:* too many cases at once (1)" in report


async def test_each_number_opens_a_list_of_its_cases(quick_world_with_targets: World) -> None:
    world = quick_world_with_targets
    await has_three_cases(world)
    await world.leo.types("/baton report", channel=SUPPORT)
    report = world.leo.sees(SUPPORT)[-1]
    await world.leo.chooses("Show the cases behind…", "Claim: late (1)", on=report)
    assert world.leo.modal is not None
    shown = world.leo.modal.words
    assert "Claim: late" in shown
    assert "ESC-2" in shown
    assert "Resolved by" in shown
    assert "ESC-1" not in shown


async def test_another_period_is_named_in_words(quick_world_with_targets: World) -> None:
    world = quick_world_with_targets
    await has_three_cases(world)
    await world.maya.types("/baton report last month", channel=SUPPORT)
    assert "1 February to 28 February 2026" in world.maya.ephemerals[-1]
    assert "No targets were due." in world.maya.ephemerals[-1]
    await world.maya.types("/baton report yesteryear", channel=SUPPORT)
    assert "For which period?" in world.maya.ephemerals[-1]
    await world.maya.types("/baton reprot", channel=SUPPORT)
    assert "Did you mean /baton report?" in world.maya.ephemerals[-1]


async def test_a_report_is_only_for_managers(quick_world_with_targets: World) -> None:
    world = quick_world_with_targets
    await has_three_cases(world)
    for channel in (SUPPORT, RANDOM):
        await world.ana.types("/baton report", channel=channel)
        assert (
            world.ana.ephemerals[-1]
            == "Only managers of Support can see its reports. Ask one of them."
        )


async def test_the_command_line_prints_the_same_and_writes_a_row_for_each_target(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_world(database_url, mode="socket", team=WITH_TARGETS) as world:
        await has_three_cases(world)
        set_all(monkeypatch, environment_of(world, database_url))
        file = tmp_path / "week.csv"
        days = ("--from", "2026-03-02", "--to", "2026-03-08")
        printed = await in_thread(baton, "report", "--team", "Support", *days, "--csv", file)
    assert printed.exit_code == 0, printed.output
    assert "Support, 2 March to 8 March 2026" in printed.output
    claim = next(line for line in printed.output.splitlines() if line.startswith("  claim"))
    assert claim.split()[1:7] == ["3", "1", "33", "%", "1", "1"]
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [(row["case"], row["clock"], row["state"]) for row in rows] == [
        ("ESC-1", "claim", "met"),
        ("ESC-2", "claim", "met_late"),
        ("ESC-1", "resolution", "met"),
        ("ESC-2", "resolution", "met_late"),
        ("ESC-3", "claim", "breaching"),
        ("ESC-3", "resolution", "breaching"),
    ]
    # The quote keeps a spreadsheet from running the name as a formula.
    assert rows[1]["customer"] == "'=1+1 Late <!channel>"
    assert int(rows[1]["open_seconds"]) > 3600


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (("--team", "Sales"), "Which team? There is Support."),
        (("--from", "2026-03-08", "--to", "2026-03-02"), "2026-03-02 is before 2026-03-08."),
        (("--from", "9999-12-31"), "9999-12-31 is too far away."),
        (("--from", "yesterday"), "does not match the format"),
        (("--csv", "no/such/folder/x.csv"), "No such file or directory"),
    ],
)
async def test_an_impossible_report_ends_with_an_error(
    quick_world: World,
    sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    error: str,
) -> None:
    set_all(monkeypatch, environment_of(quick_world, sqlite_url))
    result = await in_thread(baton, "report", *options)
    assert result.exit_code == 2
    assert error in result.output


def environment_of(world: World, database_url: str) -> dict[str, str]:
    return environment(world.slack, database_url, mode="socket")


@pytest.fixture
async def quick_world_with_targets(sqlite_url: str) -> AsyncIterator[World]:
    async with a_world(sqlite_url, mode="socket", team=WITH_TARGETS) as world:
        yield world
