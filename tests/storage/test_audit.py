"""The audit trail: its entries, the triggers that protect it, and the detection of changes."""

import json
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import DBAPIError

from bot.audit import ChainCheck, Decision, Entry, Link, first_seal
from bot.keys import NO_KEYS, RootKey, RootKeys
from bot.people import CaseId, WorkspaceId
from bot.team.team import Revision
from handlers.sandbox import Clock
from storage import Store, Transaction, connect
from storage.tables import audit, audit_heads
from tests.builders import ANA, MAYA, a_case, a_team
from tests.world import TEAM, WORKSPACE, a_store

OLD, NEW = RootKey(b"old key".ljust(32)), RootKey(b"new key".ljust(32))
KEYS = RootKeys((OLD,))


@pytest.fixture
async def keyed(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    """A store that seals its trail with a key, on both databases."""
    async with a_store(database_url, clock, KEYS) as store:
        yield store


def open_and_claim(tx: Transaction) -> None:
    team = a_team()
    tx.teams.keep(team, Revision(team.id, 1, TEAM, tx.now, "a test"))
    case = a_case(team=team, summary="Nobody can log in")
    tx.cases.add(case)  # inserted at once; the claim is flushed on commit
    case.claim(by=MAYA, at=tx.now)


def look(tx: Transaction) -> None:
    tx.audit.note("U0ANA", "see", CaseId(1), Decision.DONE)


def chain(tx: Transaction) -> list[Link]:
    return tx.audit.after(0)


def check(
    links: list[Link],
    head: tuple[int, str],
    keys: RootKeys = NO_KEYS,
    *,
    workspace: WorkspaceId = WORKSPACE,
    anchor: tuple[int, str] | None = None,
) -> ChainCheck:
    found = ChainCheck(workspace, head, keys, anchor)
    found.along(links)
    found.end()
    return found


async def check_stored(
    store: Store, keys: RootKeys, anchor: tuple[int, str] | None = None
) -> ChainCheck:
    links = await store.of(WORKSPACE).read(chain)
    head = await store.of(WORKSPACE).read(lambda tx: tx.audit.head())
    return check(links, head, keys, anchor=anchor)


def write_freely(store: Store, *statements: str) -> None:
    """Change the database as someone could who may do everything there."""
    with store.database.writing.begin() as connection:
        if connection.dialect.name == "sqlite":
            for trigger in ("never_changes", "never_shrinks", "only_erases"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS audit_{trigger}"))
        else:
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        for statement in statements:
            connection.execute(text(statement))


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


VIP = """
[[policies]]
name = "VIP"
calendar = "office"
when = { tier = ["Gold"], category = ["Outage"] }
"""


async def test_words_of_the_team_file_stay_readable_and_other_words_do_not(keyed: Store) -> None:
    team = a_team(TEAM.replace("[[policies]]", f"{VIP}\n[[policies]]"))

    def open_two(tx: Transaction) -> None:
        tx.teams.keep(team, Revision(team.id, 1, TEAM, tx.now, "a test"))
        for number, tier, category in ((1, "gold", "OUTAGE"), (2, "Silver", "Login")):
            case = a_case(team=team, number=number, category=category)
            case.opened_tier = tier
            tx.cases.add(case)

    await keyed.of(WORKSPACE).run(open_two)
    links = await keyed.of(WORKSPACE).read(chain)
    known, other = (json.loads(it.entry.after) for it in links if it.entry.step == "opened")
    assert (known["opened_tier"], known["category"]) == ("gold", "OUTAGE")
    assert other["opened_tier"].startswith("#")
    assert other["category"].startswith("#")


async def test_a_transaction_that_is_rolled_back_leaves_no_entry(store: Store) -> None:
    def fail(tx: Transaction) -> None:
        open_and_claim(tx)
        raise LookupError

    with pytest.raises(LookupError):
        await store.of(WORKSPACE).run(fail)
    assert await store.of(WORKSPACE).read(chain) == []
    assert await store.of(WORKSPACE).read(lambda tx: tx.audit.head()) == (0, "")


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("audit", "UPDATE audit SET workspace = 'T0OTHER'"),
        ("audit", "UPDATE audit SET seal = '', who = NULL"),
        ("audit", "UPDATE audit SET commitment = NULL"),
        ("audit", "UPDATE audit SET who = NULL"),
        ("audit", "UPDATE audit SET salt = NULL"),
        ("audit", "UPDATE audit SET after = '{}', salt = NULL, who = NULL, before = ''"),
        ("audit", "DELETE FROM audit"),
        ("events", "UPDATE events SET workspace = 'T0OTHER'"),
        ("events", "DELETE FROM events"),
    ],
)
async def test_the_database_rejects_updates_and_deletes(
    store: Store, table: str, change: str
) -> None:
    await store.of(WORKSPACE).run(open_and_claim)
    with (
        pytest.raises(DBAPIError, match=f"{table} only grows"),
        store.database.writing.begin() as connection,
    ):
        connection.execute(text(change))


ERASE = "UPDATE audit SET who = NULL, \"before\" = '', \"after\" = '', salt = NULL WHERE number = 2"


async def test_an_erased_payload_leaves_a_chain_that_can_be_verified(keyed: Store) -> None:
    await keyed.of(WORKSPACE).run(open_and_claim)
    with keyed.database.writing.begin() as connection:
        connection.execute(text(ERASE))
    found = await check_stored(keyed, KEYS)
    assert (found.broken, found.number, found.erased) == ("", 3, 1)
    erased = (await keyed.of(WORKSPACE).read(chain))[1]
    assert erased.entry.payload == (None, "", "")
    assert erased.entry.step == "configure"


async def test_a_commitment_tells_nothing_about_a_payload_without_its_salt(store: Store) -> None:
    await store.of(WORKSPACE).run(look)
    await store.of(WORKSPACE).run(look)
    one, other = await store.of(WORKSPACE).read(chain)
    assert one.entry == other.entry
    assert one.commitment != other.commitment


@pytest.mark.parametrize(
    ("forgery", "number", "words"),
    [
        ("UPDATE audit SET who = 'U0BEN' WHERE number = 2", 2, "not as it was written"),
        ("UPDATE audit SET step = 'see' WHERE number = 2", 2, "not as it was written"),
        ("UPDATE audit SET after = '' WHERE number = 3", 3, "not as it was written"),
        ("UPDATE audit SET salt = NULL WHERE number = 3", 3, "not as it was written"),
        ("DELETE FROM audit WHERE number = 2", 2, "missing"),
        ("DELETE FROM audit WHERE number = 3", 3, "the chain was longer"),
        ("DELETE FROM audit", 1, "the chain was longer"),
        ("UPDATE audit SET number = 19 - number", 1, "missing"),
        ("UPDATE audit SET key = NULL, salt = NULL WHERE number = 1", 1, "not as it was written"),
        ("UPDATE audit SET key = NULL WHERE number = 2", 2, "is not sealed with a key, although"),
    ],
)
async def test_a_forged_chain_is_detected_at_its_first_changed_entry(
    keyed: Store, forgery: str, number: int, words: str
) -> None:
    await keyed.of(WORKSPACE).run(open_and_claim)
    write_freely(keyed, forgery)
    found = (await check_stored(keyed, KEYS)).broken
    assert found.startswith(f"entry {number} ")
    assert words in found


async def test_a_chain_is_valid_only_for_its_own_workspace_and_order(store: Store) -> None:
    await store.of(WORKSPACE).run(open_and_claim)
    links = await store.of(WORKSPACE).read(chain)
    head = await store.of(WORKSPACE).read(lambda tx: tx.audit.head())
    assert not check(links, head).broken
    elsewhere = check(links, head, workspace=WorkspaceId("T0OTHER"))
    assert elsewhere.broken == "entry 1 is not as it was written"
    assert check(links[::-1], head).broken == "entry 1 is missing"


async def test_a_chain_that_was_rewritten_without_the_key_is_detected(
    database_url: str, clock: Clock
) -> None:
    """A thief of the database can recompute every hash. The key is not there."""
    async with a_store(database_url, clock, KEYS) as store:
        await store.of(WORKSPACE).run(open_and_claim)
        write_freely(store, "DELETE FROM audit", "UPDATE audit_heads SET number = 0, seal = ''")
    for forged_with in (NO_KEYS, RootKeys((NEW,))):
        with connect(database_url, clock, forged_with) as thief:
            await thief.of(WORKSPACE).run(look)
            found = await check_stored(thief, KEYS)
            assert found.broken.startswith("entry 1")
            write_freely(thief, "DELETE FROM audit", "UPDATE audit_heads SET number = 0, seal = ''")


async def test_entries_of_an_earlier_version_are_verified_and_sealed_by_the_first_key(
    database_url: str, clock: Clock
) -> None:
    async with a_store(database_url, clock) as store:
        write_first_entries(store, clock)
        await store.of(WORKSPACE).run(look)  # this version, without a key
        assert (await check_stored(store, NO_KEYS)).broken == ""
    with connect(database_url, clock, KEYS) as store:
        await store.of(WORKSPACE).run(lambda tx: tx.audit.use_newest_key())
        await store.of(WORKSPACE).run(lambda tx: tx.audit.use_newest_key())  # a restart
        found = await check_stored(store, KEYS)
        assert (found.broken, found.number, found.keyed) == ("", 4, 1)
        assert (await store.of(WORKSPACE).read(chain))[-1].entry.step == "use_key"
        with store.database.writing.begin() as connection, pytest.raises(DBAPIError):
            connection.execute(text(ERASE))  # it has no commitment
        write_freely(store, "DELETE FROM audit WHERE number <= 2")
        write_first_entries(store, clock, who="U0BEN")
        assert (await check_stored(store, KEYS)).broken.startswith("entry 3 is not as it was")


def write_first_entries(store: Store, clock: Clock, who: str = "U0ANA") -> None:
    """Write two entries and their head, as the first version did."""
    last = ""
    with store.database.writing.begin() as connection:
        for number in (1, 2):
            entry = Entry(at=clock(), who=who, step="see", case=CaseId(1))
            last = first_seal(WORKSPACE, number, entry, last)
            place = {"workspace": WORKSPACE, "number": number, "seal": last}
            connection.execute(insert(audit).values(**place, **vars(entry)))
        head = {"number": 2, "seal": last}
        connection.execute(update(audit_heads).where(audit_heads.c.number == 0).values(**head))


async def test_a_rotated_key_seals_and_the_old_one_still_verifies(
    database_url: str, clock: Clock
) -> None:
    both = RootKeys((NEW, OLD))
    async with a_store(database_url, clock, KEYS) as store:
        await store.of(WORKSPACE).run(open_and_claim)
    with connect(database_url, clock, both) as store:
        await store.of(WORKSPACE).run(lambda tx: tx.audit.use_newest_key())
        await store.of(WORKSPACE).run(look)
        assert [link.key for link in await store.of(WORKSPACE).read(chain)] == [
            *[OLD.id] * 3,
            *[NEW.id] * 2,
        ]
        assert (await check_stored(store, both)).broken == ""
        lost = (await check_stored(store, RootKeys((NEW,)))).broken
        assert lost.startswith(f"entry 1 is sealed with the key {OLD.id}, which is missing here")


async def test_processes_with_different_keys_are_reported(database_url: str, clock: Clock) -> None:
    async with a_store(database_url, clock, KEYS) as one:
        await one.of(WORKSPACE).run(look)
        with connect(database_url, clock, RootKeys((NEW,))) as other:
            assert await other.of(WORKSPACE).read(lambda tx: tx.audit.missing_keys()) == [OLD.id]
            await other.of(WORKSPACE).run(look)
        assert await one.of(WORKSPACE).read(lambda tx: tx.audit.missing_keys()) == [NEW.id]
        found = (await check_stored(one, KEYS)).broken
        assert found.startswith(f"entry 2 is sealed with the key {NEW.id}, which is missing here")


async def test_a_noted_head_shows_that_the_newest_entries_were_removed(keyed: Store) -> None:
    await keyed.of(WORKSPACE).run(open_and_claim)
    noted = await keyed.of(WORKSPACE).read(lambda tx: tx.audit.head())
    await keyed.of(WORKSPACE).run(look)
    assert (await check_stored(keyed, KEYS, noted)).anchored
    assert not (await check_stored(keyed, KEYS, (2, noted[1]))).anchored
    links = await keyed.of(WORKSPACE).read(chain)
    write_freely(
        keyed,
        "DELETE FROM audit WHERE number > 2",
        f"UPDATE audit_heads SET number = 2, seal = '{links[1].seal}'",  # noqa: S608
    )
    found = await check_stored(keyed, KEYS, noted)
    assert (found.broken, found.anchored) == ("", False)
