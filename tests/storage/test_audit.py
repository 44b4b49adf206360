"""The audit trail: its entries, the triggers that protect it, and the detection of changes."""

import json

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.audit import ChainCheck, Decision, Link
from bot.people import CaseId, WorkspaceId
from bot.team.team import Revision
from handlers.sandbox import Clock
from storage import Store, Transaction
from tests.builders import ANA, MAYA, a_case, a_team
from tests.world import TEAM, WORKSPACE, a_store


def open_and_claim(tx: Transaction) -> None:
    team = a_team()
    tx.teams.keep(team, Revision(team.id, 1, TEAM, tx.now, "a test"))
    case = a_case(team=team, summary="Nobody can log in")
    tx.cases.add(case)  # inserted at once; the claim is flushed on commit
    case.claim(by=MAYA, at=tx.now)


def broken(workspace: WorkspaceId, links: list[Link], head: tuple[int, str]) -> str:
    walk = ChainCheck(workspace, head)
    walk.along(links)
    walk.end()
    return walk.broken


def chain(tx: Transaction) -> list[Link]:
    return tx.audit.after(0)


async def test_every_step_has_an_entry_with_its_actor_and_its_changes(store: Store) -> None:
    workspace = store.of(WORKSPACE)
    await workspace.run(open_and_claim)
    await workspace.run(lambda tx: tx.audit.note("U0ANA", "claim", CaseId(1), Decision.DENIED))
    entries = [link.entry for link in await workspace.read(chain)]
    assert [it.step for it in entries] == ["opened", "configure", "claimed", "claim"]
    assert [it.who for it in entries] == [ANA.user, "a test", MAYA.user, ANA.user]
    assert [it.decision for it in entries][-2:] == [Decision.DONE, Decision.DENIED]
    claimed = entries[2]
    assert json.loads(claimed.before) == {"status": "open"}
    assert json.loads(claimed.after) == {"owner": "U0MAYA", "status": "claimed"}


async def test_the_trail_does_not_contain_what_people_wrote(store: Store) -> None:
    await store.of(WORKSPACE).run(open_and_claim)
    for link in await store.of(WORKSPACE).read(chain):
        assert "Nobody" not in link.entry.after
        assert "Acme" not in link.entry.after


async def test_a_transaction_that_is_rolled_back_leaves_no_entry(store: Store) -> None:
    def fail(tx: Transaction) -> None:
        open_and_claim(tx)
        raise LookupError

    with pytest.raises(LookupError):
        await store.of(WORKSPACE).run(fail)
    assert await store.of(WORKSPACE).read(chain) == []
    assert await store.of(WORKSPACE).read(lambda tx: tx.audit.head()) == (0, "")


@pytest.mark.parametrize("table", ["audit", "events"])
@pytest.mark.parametrize("change", ["UPDATE {} SET workspace = 'T0OTHER'", "DELETE FROM {}"])
async def test_the_database_rejects_updates_and_deletes(
    store: Store, table: str, change: str
) -> None:
    await store.of(WORKSPACE).run(open_and_claim)
    with (
        pytest.raises(DBAPIError, match=f"{table} only grows"),
        store.database.writing.begin() as connection,
    ):
        connection.execute(text(change.format(table)))


@pytest.mark.parametrize(
    ("forgery", "number", "words"),
    [
        ("UPDATE audit SET who = 'U0BEN' WHERE number = 2", 2, "not as it was written"),
        ("UPDATE audit SET after = '' WHERE number = 3", 3, "not as it was written"),
        ("DELETE FROM audit WHERE number = 2", 2, "missing"),
        ("DELETE FROM audit WHERE number = 3", 3, "the chain was longer"),
        ("DELETE FROM audit", 1, "the chain was longer"),
        ("UPDATE audit SET number = 9 - number", 1, "missing"),
    ],
)
async def test_a_forged_chain_is_detected_at_its_first_changed_entry(
    sqlite_url: str, clock: Clock, forgery: str, number: int, words: str
) -> None:
    async with a_store(sqlite_url, clock) as store:
        await store.of(WORKSPACE).run(open_and_claim)
        with store.database.writing.begin() as connection:
            for trigger in ("changes", "shrinks"):
                connection.execute(text(f"DROP TRIGGER audit_never_{trigger}"))
            connection.execute(text(forgery))
        links = await store.of(WORKSPACE).read(chain)
        head = await store.of(WORKSPACE).read(lambda tx: tx.audit.head())
        found = broken(WORKSPACE, links, head)
        assert found.startswith(f"entry {number} ")
        assert words in found


async def test_a_chain_is_valid_only_for_its_own_workspace_and_order(store: Store) -> None:
    await store.of(WORKSPACE).run(open_and_claim)
    links = await store.of(WORKSPACE).read(chain)
    head = await store.of(WORKSPACE).read(lambda tx: tx.audit.head())
    assert not broken(WORKSPACE, links, head)
    assert broken(WorkspaceId("T0OTHER"), links, head) == "entry 1 is not as it was written"
    assert broken(WORKSPACE, links[::-1], head) == "entry 1 is missing"
