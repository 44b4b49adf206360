"""Two workspaces on one database: neither can read, change or receive the other's data."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from bot.audit import Decision
from bot.case import Case, Refusal
from bot.customers.customer import Customer, key_of
from bot.errors import BotError
from bot.people import CaseId, ChannelId, TeamId, UserId, WorkspaceId
from handlers.sandbox import Clock
from handlers.slack.features.claim import claim_case
from handlers.slack.features.edit import view_edit_form
from handlers.slack.features.escalate.duplicates import find_typed
from handlers.slack.features.lookup.command import reply
from handlers.slack.features.merge import merge_case
from handlers.slack.features.undelivered import confirm, send_again
from handlers.slack.outgoing.compose import compose
from handlers.slack.plumbing.listeners import empty_form, once
from handlers.slack.plumbing.steps import step
from handlers.slack.views.forms.closing_forms import decline_form
from storage import Store, Transaction
from storage.installations import Installation
from storage.tables import metadata
from tests.builders import a_case, a_member
from tests.storage.test_store import put_team
from tests.world import MONDAY_9AM, SUPPORT, WORKSPACE, World, a_store, a_world

OTHER = WorkspaceId("T0OTHER")
SECOND = timedelta(seconds=1)
MAYA = UserId("U0MAYA")  # a manager in both workspaces
COMMANDS = ("", "mine", "1", "2", "why 2", "history 2", "claim 2", "customer Globex", "find lost")
CASES = st.sampled_from([CaseId(1), CaseId(2), CaseId(3)])


async def both_settle(*worlds: World) -> None:
    for _ in range(12):
        for world in worlds:
            await world.baton.catch_up()
            world.clock.advance(SECOND)


def visible_text(world: World) -> str:
    """Return all messages in the workspace, without ephemeral replies."""
    channels = world.slack.workspace.channels.values()
    messages = [it for channel in channels for it in channel.messages if not it.only_for]
    return str([(it.text, it.blocks) for it in messages])


async def escalates(world: World, customer: str) -> None:
    await world.ana.types(f"/escalate {customer} cannot log in", channel=SUPPORT)
    await world.ana.submits(Customer=customer, Why_does_it_need_a_manager=["Risk"])


async def test_two_processes_on_one_database_each_serve_their_own_workspace(
    postgres_url: str,
) -> None:
    """People, channel and case number have the same ids in both workspaces."""
    async with (
        a_world(postgres_url, mode="socket") as here,
        a_world(postgres_url, mode="http", workspace=OTHER) as there,
    ):
        await escalates(here, "Acme")
        await escalates(there, "Globex")
        for _ in range(5):  # the other workspace has a message due
            await here.baton.catch_up()
            here.clock.advance(SECOND)
        assert "Globex" not in visible_text(here)
        assert there.cards() == []
        await both_settle(here, there)
        assert "ESC-1 · Acme" in here.card.text
        assert "ESC-1 · Globex" in there.card.text

        await here.maya.presses("Claim", on=there.card)  # signed for the other workspace
        await there.ben.presses("Claim", on=there.card)
        await both_settle(here, there)
        assert (await here.case()).owner is None
        assert (await there.case()).owner == "U0BEN"
        for command in ("", "1", "find cannot", "history 1", "why 1"):
            await here.leo.types(f"/baton {command}", channel=SUPPORT)
            assert "Globex" not in here.leo.ephemerals[-1]
        assert "Globex" not in visible_text(here)
        assert "Acme" not in visible_text(there)


@dataclass(frozen=True)
class KnownIds:
    """Identifiers of the other workspace that an attacker may know."""

    keys: list[str]
    draft: str


Act = Callable[[Transaction, CaseId, str, KnownIds], Any]
ACTS: dict[str, Act] = {
    "look up": lambda tx, case, key, known: tx.cases.look_up(case).summary,
    "claim": lambda tx, case, key, known: claim_case(tx, case, by=MAYA),
    "decline": lambda tx, case, key, known: once(
        tx, key, step(Case.decline), (case, Refusal(why="No", next_step="None")), by=MAYA
    ),
    "form": lambda tx, case, key, known: empty_form(decline_form, Case.may_decline)(tx, case, MAYA),
    "edit": lambda tx, case, key, known: view_edit_form(tx, case, MAYA),
    "release": lambda tx, case, key, known: once(
        tx, key, step(Case.release), (case, "No"), by=MAYA
    ),
    "merge": lambda tx, case, key, known: once(tx, key, merge_case, (CaseId(1), case), by=MAYA),
    "answer": lambda tx, case, key, known: once(
        tx, key, step(Case.answer), (case, 2, "Yes"), by=MAYA
    ),
    "confirm": lambda tx, case, key, known: confirm(tx, key, by=MAYA),
    "send again": lambda tx, case, key, known: send_again(tx, key, by=MAYA),
    "compose": lambda tx, case, key, known: compose(tx, key),
    "update": lambda tx, case, key, known: tx.outbox.request_update(key, at=tx.now),
    "draft": lambda tx, case, key, known: find_typed(tx, known.draft),
    "text": lambda tx, case, key, known: tx.drafts.find(known.draft),
    "customer": lambda tx, case, key, known: tx.customers.named("Globex"),
    "known": lambda tx, case, key, known: tx.customers.known([key_of("Globex")]),
    "trail": lambda tx, case, key, known: tx.audit.of_case(case, limit=99),
    "note": lambda tx, case, key, known: tx.audit.note("U0MAYA", "see", case, Decision.DONE),
    "mark handled": lambda tx, case, key, known: tx.inbox.mark_handled(key),
    "look again": lambda tx, case, key, known: tx.cases.schedule_checks(TeamId(1), at=tx.now),
    "move": lambda tx, case, key, known: tx.outbox.move(SUPPORT, ChannelId("C0NEW")),
    "shut": lambda tx, case, key, known: tx.outbox.send_quota().shut("invalid_auth", at=tx.now),
}


def fill(tx: Transaction, customer: str, cases: int) -> str:
    """Create a team and cases of one customer; return the key of a draft."""
    put_team(tx)
    [team] = tx.teams.all()
    tx.customers.keep(
        [Customer(key=key_of(customer), name=customer, notes=f"{customer} is in trouble")]
    )
    for _ in range(cases):
        number, summary = tx.cases.next_id(), f"{customer} lost all"
        tx.cases.add(a_case(team=team, number=number, customer=customer, summary=summary))
    return tx.drafts.keep(f"{customer} lost all")


def rows(store: Store, workspace: WorkspaceId) -> dict[str, list[Any]]:
    """Return every row of a workspace, by table."""
    with store.database.reading.connect() as connection:
        return {
            name: sorted(map(repr, connection.execute(_rows_of(name, workspace))))
            for name in metadata.tables
        }


def _rows_of(name: str, workspace: WorkspaceId) -> Any:
    table = metadata.tables[name]
    owner = table.c.id if name == "workspaces" else table.c.workspace
    return select(table).where(owner == workspace)


async def test_no_known_identifier_reads_or_changes_the_other_workspace(
    database_url: str,
) -> None:
    loop, clock = asyncio.get_running_loop(), Clock(MONDAY_9AM)
    async with a_store(database_url, clock) as store:
        workspace_store, other_store = store.of(WORKSPACE), store.of(OTHER)
        other = Installation(OTHER, "Other", "https://other.slack.com/", "B1", "U1")
        await other_store.run(lambda tx: tx.installation.keep(other))
        for one in (workspace_store, other_store):
            await one.run(lambda tx: tx.people.keep(a_member(MAYA), asked_at=tx.now))
        await workspace_store.run(fill, "Acme", 1)
        draft = await other_store.run(fill, "Globex", 3)
        before = rows(store, OTHER)
        known = KnownIds(await other_store.read(keys_queued), draft)

        async def attempt(name: str, case: CaseId, key: str) -> str:
            with suppress(BotError, NoResultFound):
                return repr(await workspace_store.run(ACTS[name], case, key, known))
            return ""

        async def ask(command: str) -> str:
            with suppress(BotError):
                message = await reply(workspace_store, command, SUPPORT, by=MAYA)
                return message.text.replace(command, "")
            return ""

        @settings(max_examples=150, deadline=None)
        @given(
            st.one_of(
                st.builds(
                    attempt, st.sampled_from(sorted(ACTS)), CASES, st.sampled_from(known.keys)
                ),
                st.builds(ask, st.sampled_from(COMMANDS)),
            )
        )
        def reveals_nothing(running: Any) -> None:
            output = asyncio.run_coroutine_threadsafe(running, loop).result()
            assert "Globex" not in output
            assert "globex" not in output

        # In a thread: Hypothesis is synchronous, and the attempts need this event loop.
        await asyncio.to_thread(reveals_nothing)
        assert rows(store, OTHER) == before


def keys_queued(tx: Transaction) -> list[str]:
    return [it.key for case in (1, 2, 3) for it in tx.outbox.of_event(CaseId(case), 1)]
