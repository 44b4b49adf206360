"""A commit succeeds but its response is lost: the action still counts once."""

import sqlite3

import psycopg
import pytest

from bot.case import Status
from bot.case.event import EventKind
from bot.errors import NoSuchCase
from tests.handlers.actions import assert_no_duplicates, fills_escalation_form, kinds
from tests.world import World, a_world


class LostAnswer:
    """Makes the next commit succeed in the database, but fail for the caller."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self._dialect = world.store.database.writing.dialect
        self._commit, self.happened = self._dialect.do_commit, False
        monkeypatch.setattr(self._dialect, "do_commit", self)

    def __call__(self, connection: object) -> None:
        self._commit(connection)  # type: ignore[arg-type]  # either driver's connection
        if self.happened:
            return
        self.happened = True
        if self._dialect.name == "sqlite":
            raise sqlite3.OperationalError("disk I/O error")
        connection.driver_connection.close()  # type: ignore[attr-defined]  # as after a reset
        raise psycopg.OperationalError("server closed the connection unexpectedly")


@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_a_form_opens_one_case_and_is_answered(
    database_url: str, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_world(database_url, mode=mode) as world:
        await fills_escalation_form(world)
        lost = LostAnswer(world, monkeypatch)
        await world.ana.submits()
        assert lost.happened
        if database_url.startswith("sqlite"):  # SQLite shows the error; PostgreSQL retries
            await world.ana.submits()
        assert (world.ana.modal, world.ana.errors) == (None, {})
        assert (await world.slack.dispatch.resend_last()).error is None
        await world.settle()
        assert await kinds(world) == [EventKind.OPENED]
        with pytest.raises(NoSuchCase):
            await world.case(2)
        assert len(world.ana.dms()) == 1
        assert_no_duplicates(world)


@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_a_claim_counts_once(
    database_url: str, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_world(database_url, mode=mode) as world:
        await world.escalates(world.ana)
        lost = LostAnswer(world, monkeypatch)
        await world.maya.presses("Claim", on=world.card)
        assert lost.happened
        if database_url.startswith("sqlite"):
            await world.maya.presses("Claim", on=world.card)
        else:
            assert not any("failed" in words for words in world.maya.ephemerals)
        await world.settle()
        assert (await world.case()).status is Status.CLAIMED
        assert await kinds(world) == [EventKind.OPENED, EventKind.CLAIMED]
        assert "Owner: <@U0MAYA>" in world.card.text
        assert_no_duplicates(world)
