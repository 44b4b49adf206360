"""What the tests of the handlers share: Baton's HTTP door, and what Baton logs."""

import logging
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from tests.handlers.http_door import Door
from tests.world import a_world


@pytest.fixture
async def door(sqlite_url: str) -> AsyncIterator[Door]:
    async with a_world(sqlite_url, mode="http") as world, ClientSession() as session:
        yield Door(world, session)


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """As loud as in a deployment."""
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.WARNING, logger="slack_bolt")
    return caplog
