"""The checker finds nothing wrong with Baton, and something with each bug that is planted in it."""

import pytest

from tests.chaos.plants import PLANTS
from tests.chaos.rough_day import RoughDay
from tests.world import a_world


async def test_a_rough_day_leaves_nothing_wrong(sqlite_url: str) -> None:
    async with a_world(sqlite_url, mode="http") as world:
        assert await RoughDay(world, sqlite_url).pass_by() == []


@pytest.mark.parametrize("bug", PLANTS)
async def test_a_bug_that_is_planted_is_found(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, bug: str
) -> None:
    async with a_world(sqlite_url, mode="http") as world:
        PLANTS[bug](monkeypatch.setattr)
        assert await RoughDay(world, sqlite_url).pass_by() != []
