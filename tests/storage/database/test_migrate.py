"""Filled databases of every older revision work after an upgrade; newer ones are refused."""

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from handlers.cli.main import main
from storage.database.engines import read_url
from storage.database.migrate import migrate
from tests.copies import copy_rows
from tests.handlers.actions import SOLVED
from tests.world import SUPPORT, World, a_world

CONFIG = Config()
CONFIG.set_main_option("script_location", "storage:migrations")
SCRIPTS = ScriptDirectory.from_config(CONFIG)
REVISIONS = sorted(it.revision for it in SCRIPTS.walk_revisions())
OLDER = REVISIONS[:-1]


def upgrade(url: str, revision: str) -> None:
    engine = create_engine(read_url(url))
    with engine.begin() as connection:
        CONFIG.attributes["connection"] = connection
        command.upgrade(CONFIG, revision)
    engine.dispose()


async def play_a_day(world: World) -> None:
    """Open, claim, resolve and edit cases of several customers, and let the digest go out."""
    for customer, summary in (("Acme", "Crane 4711 stops"), ("Beta", "The invoice is wrong")):
        await world.escalates(world.ana, **{"Customer": customer, "What happened?": summary})
        await world.later(minutes=2)
    await world.maya.presses("Claim", on=world.cards()[0])
    await world.settle()
    await world.maya.presses("Resolve", on=world.cards()[0])
    await world.maya.fills(SOLVED)
    await world.maya.submits()
    await world.later(hours=25)


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "one by one"])
@pytest.mark.parametrize("older", OLDER)
async def test_an_older_database_with_cases_works_after_the_upgrade(
    database_url: str, empty_url: str, older: str, at_once: bool
) -> None:
    async with a_world(database_url, mode="socket") as world:
        await play_a_day(world)
    upgrade(empty_url, older)
    copy_rows(database_url, empty_url)
    for revision in [] if at_once else REVISIONS:
        upgrade(empty_url, revision)
        touch_first_case(empty_url)
    migrate(empty_url)
    async with a_world(empty_url, mode="socket", team=None, start=world.clock()) as world:
        await use(world)


def touch_first_case(url: str) -> None:
    """Change a searchable text, as a process of that revision may have done."""
    engine = create_engine(read_url(url))
    with engine.begin() as connection:
        connection.execute(text("UPDATE cases SET wish = 'A new engine' WHERE id = 1"))
    engine.dispose()


async def use(world: World) -> None:
    """Search, claim, open a case, get a digest."""
    assert await found(world, "4711") == ["ESC-1"]
    assert await found(world, "invoice") == ["ESC-2"]
    await world.escalates(world.ana, Customer="Gamma")
    assert (await world.case(3)).customer == "Gamma"
    assert await found(world, "gamma") == ["ESC-3"]
    await world.maya.types("/baton claim 2", channel=SUPPORT)
    assert (await world.case(2)).owner == "U0MAYA"
    before = len(world.cards())
    await world.later(hours=24)
    assert any("Open now" in it.words for it in world.cards()[before:])


async def found(world: World, words: str) -> list[str]:
    await world.maya.types(f"/baton find {words}", channel=SUPPORT)
    answer = world.maya.sees(SUPPORT)[-1].words
    return [f"ESC-{number}" for number in range(1, 6) if f"ESC-{number}" in answer]


@pytest.mark.parametrize(
    "arguments", [["migrate"], ["run"], ["doctor"], ["config", "show"]], ids=" ".join
)
def test_a_database_of_a_newer_version_is_refused_with_the_cure(
    database_url: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = create_engine(read_url(database_url))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-none")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-none")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code in (1, 2)
    assert "A newer version of Baton has changed the schema" in result.output
    assert "Install that version again" in result.output
    assert "Traceback" not in result.output
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).all() == [
            ("9999",)
        ]
    engine.dispose()
