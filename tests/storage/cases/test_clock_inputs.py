"""Clock inputs loaded in bulk equal those of the cases themselves, and come in pages."""

from datetime import timedelta

from bot.case import Case, ClockInputs, MissReason, Resolution
from bot.people import CaseId, ChannelId, TeamId
from bot.priority import Priority
from bot.team import Waiting, read_team
from handlers.cli.config import apply_document
from handlers.sandbox import Clock
from storage import Store, Transaction
from tests.builders import ANA, LEO, MAYA, a_new_case
from tests.world import SUPPORT, TEAM, WORKSPACE

SALES = TEAM.replace('"Support"', '"Sales"')
DONE = Resolution(
    outcome="Works again",
    root_cause="A bad deploy",
    prevention="A canary",
    left_out="Easy",
    miss_reason=MissReason.OTHER,
)
WHOLE, FIRST = timedelta(days=90), CaseId(0)


def put_teams(tx: Transaction) -> None:
    for source in (TEAM, SALES):
        apply_document(tx, source, read_team(source), ChannelId(SUPPORT), by="a test")


def open_one(tx: Transaction, team: int, category: str = "") -> CaseId:
    its_team = tx.teams.get(TeamId(team))
    case = Case.open(
        a_new_case(category=category), its_team, id_=tx.cases.next_id(), by=ANA, at=tx.now
    )
    tx.cases.add(case)
    return case.id


def resolve_one(tx: Transaction, case: CaseId) -> None:
    tx.cases.get(case).resolve(DONE, by=LEO, at=tx.now)


def live(tx: Transaction, case: CaseId) -> None:
    one = tx.cases.get(case)
    one.claim(by=MAYA, at=tx.now)
    later = tx.now + timedelta(days=1)
    one.wait(Waiting.CUSTOMER, "A form", resume_by=later, by=MAYA, at=tx.now)
    one.log_reply("Here", by=MAYA, at=tx.now)
    one.change_priority(Priority.LOW, "One branch", by=MAYA, at=tx.now)


def clock_inputs(tx: Transaction, *, after: CaseId = FIRST, limit: int = 10) -> list[ClockInputs]:
    return tx.clock_inputs.following(after, TeamId(1), since=tx.now - WHOLE, limit=limit)


async def test_loaded_clock_inputs_equal_those_of_the_case(store: Store) -> None:
    workspace = store.of(WORKSPACE)
    await workspace.run(put_teams)
    number = await workspace.run(open_one, 1, category="Billing")
    await workspace.run(live, number)
    case = await workspace.read(lambda tx: tx.cases.look_up(number))
    assert await workspace.read(clock_inputs) == [case.clock_inputs]


async def test_clock_inputs_come_in_pages_and_for_one_team(store: Store) -> None:
    workspace = store.of(WORKSPACE)
    await workspace.run(put_teams)
    for team in (1, 2, 1, 2, 1):
        await workspace.run(open_one, team)
    first = await workspace.read(clock_inputs, limit=2)
    assert [it.id for it in first] == [1, 3]
    rest = await workspace.read(clock_inputs, after=CaseId(3), limit=2)
    assert [it.id for it in rest] == [5]


async def test_cases_that_ended_long_ago_are_left_out_but_old_open_ones_are_not(
    store: Store, clock: Clock
) -> None:
    workspace = store.of(WORKSPACE)
    await workspace.run(put_teams)
    still_open, late, past = [await workspace.run(open_one, 1) for _ in range(3)]
    await workspace.run(resolve_one, past)
    clock.advance(timedelta(days=60))
    await workspace.run(resolve_one, late)
    clock.advance(timedelta(days=60))
    assert [it.id for it in await workspace.read(clock_inputs)] == [still_open, late]
