"""A scenario in which every fault happens once, in one process, while the test advances the clock.

A chaos run needs minutes and luck to hit a bug. This takes seconds and is deterministic, so that
the checker can be tested against injected bugs.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from typing import Any

from aiohttp import ClientConnectorError
from aiohttp.client_reqrep import ConnectionKey

from bot.case import Case, Edit, Fact
from bot.case.facts import YES
from bot.people import UserId
from storage import Transaction
from tests.chaos import checker
from tests.chaos.plan import OUTAGE
from tests.crashing import crashing_process
from tests.world import SUPPORT, WORKSPACE, World, second_process

LEO = UserId("U0LEO")

A_MOMENT = 0.1
TURNS, MANY = 10, 1000
IN_TIME, A_BUSY_MACHINE, WHOLE_RUN = 5, 20.0, 300  # seconds
SLOW = 64  # seconds; less than a lease
HALF_AN_HOUR = 1800  # seconds
UNREACHABLE = ConnectionKey("slack.com", 443, True, True, None, None, None)


class RoughDay:
    """Runs the scenario and records the actions that Baton acknowledged."""

    def __init__(self, world: World, database_url: str) -> None:
        self._world, self._url = world, database_url
        self.actions: list[checker.Line] = []
        world.slack.dispatch.patience = A_BUSY_MACHINE

    async def pass_by(self) -> list[str]:
        """Run the scenario and return the problems that the checker finds."""
        try:
            async with asyncio.timeout(WHOLE_RUN):
                await self._pass()
        except TimeoutError:
            return ["the scenario does not end"]
        log = self._world.slack.workspace.log.lines(0, 10_000)
        seen = checker.look(self._url, log, self.actions)
        return [*checker.problems(seen), *checker.duplicates_ever(seen)]

    async def _pass(self) -> None:
        await self.a_form_whose_process_dies_as_soon_as_it_is_acknowledged()
        await self.a_form_that_comes_twice()
        await self.messages_whose_answers_are_lost()
        await self.a_process_that_dies_at("call", customer="Delta")
        await self.a_process_that_dies_at("answer of a call", customer="Iota")
        await self.a_sender_that_finds_out_late_that_it_sent_nothing()
        await self.a_sender_that_is_slow_within_its_lease()
        await self.slack_answers_with_errors_for_half_an_hour()
        await self.the_clock_is_ahead_for_a_while()
        await self.two_claim_at_once()
        await self.a_process_starts_on_a_backup()
        await self.a_case_is_restricted_while_its_messages_are_under_way()
        await self.time_goes_by()

    async def a_form_whose_process_dies_as_soon_as_it_is_acknowledged(self) -> None:
        await self._opens("Acme")
        async with crashing_process(self._world, self._url, until=MANY) as (_, life):
            await self._submits("Acme")
            life.end()
            await asyncio.sleep(A_MOMENT)  # a commit that comes after the ack would fail now

    async def a_form_that_comes_twice(self) -> None:
        await self._opens("Beta")
        self._world.slack.faults.next("interactive", "answer_lost")
        for _ in range(TURNS):
            if await self._submits("Beta"):
                return

    async def messages_whose_answers_are_lost(self) -> None:
        await self.time_goes_by()
        lost = {"Gamma": "reset_after", "Kappa": "ratelimited", "Lambda": "reset_before"}
        for customer, fault in lost.items():
            self._world.slack.faults.next("chat.postMessage", fault, times=2)  # card and receipt
            await self._escalates(customer)
            await self.time_goes_by()

    async def a_process_that_dies_at(self, step: str, *, customer: str) -> None:
        await self._escalates(customer)
        async with crashing_process(self._world, self._url, until=1, what=step) as (doomed, life):
            for _ in range(TURNS):
                if life.over:
                    break
                await doomed.baton.catch_up()
                self._world.clock.advance(timedelta(seconds=1))
        await self.time_goes_by()

    async def a_sender_that_finds_out_late_that_it_sent_nothing(self) -> None:
        await self._escalates("Epsilon")
        async with self._held_up(fails=True) as release:
            await self.time_goes_by()
            release.set()

    async def a_sender_that_is_slow_within_its_lease(self) -> None:
        await self._escalates("Zeta")
        async with self._held_up(fails=False) as release:
            for _ in range(SLOW // 4):
                self._world.clock.advance(timedelta(seconds=4))
                await self._world.baton.catch_up()
            release.set()

    async def slack_answers_with_errors_for_half_an_hour(self) -> None:
        await self._opens("Eta")
        self._world.slack.faults.rain("*", OUTAGE, share=1.0, seed=7)
        await self._submits("Eta")
        for _ in range(HALF_AN_HOUR // 120):
            await self._world.baton.catch_up()
            self._world.clock.advance(timedelta(seconds=120))
        self._world.slack.faults.clear()
        await self.time_goes_by()

    async def the_clock_is_ahead_for_a_while(self) -> None:
        self._world.host.ahead = timedelta(days=3)
        await self._world.baton.catch_up()  # what Slack said about people is outdated now
        self._world.slack.faults.next("chat.postMessage", "ratelimited", times=2)
        await self._escalates("Theta")
        await self._world.baton.catch_up()
        self._world.host.ahead = timedelta(0)
        await self.time_goes_by()

    async def two_claim_at_once(self) -> None:
        card = next(it for it in self._world.cards() if it.text.startswith("ESC-"))
        for person in (self._world.maya, self._world.leo):
            await person.presses("Claim", on=card)
        await self.time_goes_by()

    async def a_process_starts_on_a_backup(self) -> None:
        """Start on a backup with queued messages that were sent after it was made."""
        await self._escalates("Omega")
        backup = f"{self._url}.backup"
        copy_of(self._url, backup)
        await self.time_goes_by()
        async with second_process(self._world, backup) as restored:
            for _ in range(TURNS):
                await restored.baton.catch_up()
                self._world.clock.advance(timedelta(seconds=10))

    async def a_case_is_restricted_while_its_messages_are_under_way(self) -> None:
        """Restrict a case with a note that was posted and one that may have been."""
        await self._escalates("Sigma")
        store = self._world.store.of(WORKSPACE)
        await store.run(note_in_newest, "Sigma will go to the press")
        await self.time_goes_by()
        self._world.slack.faults.next("chat.postMessage", "reset_after")
        await store.run(note_in_newest, "Call the director of Sigma")
        await self._world.baton.catch_up()
        await store.run(restrict_newest)
        self.actions.append({"action": "restricted", "customer": "Sigma", "by": LEO})
        await self.time_goes_by()

    async def time_goes_by(self) -> None:
        """Advance the clock until all leases, quiesce times and searches are over."""
        for _ in range(12):
            for _ in range(3):
                await self._world.baton.catch_up()
                self._world.clock.advance(timedelta(seconds=1))
            self._world.clock.advance(timedelta(seconds=20))

    async def _escalates(self, customer: str) -> None:
        await self._opens(customer)
        await self._submits(customer)

    async def _opens(self, customer: str) -> None:
        ana = self._world.ana
        await ana.types("/escalate", channel=SUPPORT)
        await ana.fills(
            {
                "Customer": customer,
                "What happened?": summary_of(customer),
                "Why does it need a manager?": ["Risk"],
            }
        )

    async def _submits(self, customer: str) -> bool:
        await self._world.ana.submits()
        if self._world.ana.modal is not None:
            return False
        action = {"action": "escalated", "customer": customer, "text": summary_of(customer)}
        self.actions.append(action)
        return True

    @asynccontextmanager
    async def _held_up(self, *, fails: bool) -> AsyncIterator[asyncio.Event]:
        """Start a second process and hold its first Slack call until the event is set.

        With ``fails``, the held call is a direct message and fails. A card would not do: its late
        result would only cause another edit.
        """
        release, reached = asyncio.Event(), asyncio.Event()
        async with second_process(self._world, self._url) as other:
            session: Any = other.baton.client.session
            request = session._request

            async def held(*args: Any, **kwargs: Any) -> Any:
                wanted = "U" if fails else "C"
                if not str((kwargs.get("json") or {}).get("channel")).startswith(wanted):
                    return await request(*args, **kwargs)
                session._request = request
                reached.set()
                await release.wait()
                if fails:
                    raise ClientConnectorError(UNREACHABLE, OSError("no route to host"))
                return await request(*args, **kwargs)

            session._request = held
            await other.baton.deliverer.run()
            async with asyncio.timeout(IN_TIME):
                await reached.wait()
            yield release
            await other.baton.deliverer.drain()


def copy_of(url: str, backup: str) -> None:
    """Copy a SQLite database while it is in use."""
    files = [it.removeprefix("sqlite:///") for it in (url, backup)]
    with closing(sqlite3.connect(files[0])) as source, closing(sqlite3.connect(files[1])) as copy:
        source.backup(copy)


def note_in_newest(tx: Transaction, note: str) -> None:
    newest(tx).update(note, by=tx.person(LEO), at=tx.now)


def newest(tx: Transaction) -> Case:
    return tx.cases.get(max(case.id for case in tx.cases.reported_by(UserId("U0ANA"))))


def restrict_newest(tx: Transaction) -> None:
    case = newest(tx)
    edit = Edit(facts={Fact.RESTRICTED: YES}, base=1, reviewed=len(case.history))
    case.edit(edit, by=tx.person(LEO), at=tx.now)


def summary_of(customer: str) -> str:
    return f"Nobody at {customer} can log in"
