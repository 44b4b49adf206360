"""The checker finds no problem in Baton, and finds every injected bug."""

import pytest

from tests.chaos.injected_bugs import BUGS
from tests.chaos.rough_day import RoughDay
from tests.world import a_world


async def test_every_fault_at_once_leaves_no_problem(sqlite_url: str) -> None:
    async with a_world(sqlite_url, mode="http") as world:
        assert await RoughDay(world, sqlite_url).pass_by() == []


@pytest.mark.parametrize("bug", BUGS)
async def test_every_injected_bug_is_found(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, bug: str
) -> None:
    async with a_world(sqlite_url, mode="http") as world:
        BUGS[bug](monkeypatch.setattr)
        assert await RoughDay(world, sqlite_url).pass_by() != []
