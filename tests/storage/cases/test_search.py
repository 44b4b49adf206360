"""Full-text search returns the best matches first, among the cases that the person may see."""

from datetime import timedelta

import pytest

from bot.business_time import time_zone
from bot.case import Case, Resolution
from bot.lookup.search import read_search
from bot.people import CaseId, TeamId
from handlers.sandbox import Clock
from storage import Store, Transaction
from storage.cases.duplicate_candidates import ALIKE
from tests.builders import ANA, LEO, MAYA, a_new_case
from tests.storage.cases.test_clock_inputs import put_teams
from tests.world import WORKSPACE

CASES = (
    ("Acme", "The invoice of March is wrong"),
    ("Müller & Söhne", "Their import of ACME data stops at 12:30"),
    ("Acme Inc", "Nobody can log in; the e-mail says: 50% <b>broken</b>"),
    ("東京", "請求書 is wrong"),
)
DONE = Resolution(
    outcome="A refund of 400",
    root_cause="Expired licence",
    prevention="A canary",
    left_out="Easy",
)


def open_all(tx: Transaction, team: int = 1) -> None:
    for customer, summary in CASES:
        new_case = a_new_case(customer=customer, summary=summary)
        its_team = tx.teams.get(TeamId(team))
        tx.cases.add(Case.open(new_case, its_team, id_=tx.cases.next_id(), by=ANA, at=tx.now))


def find(tx: Transaction, text: str, *, teams: tuple[int, ...] = (1,), limit: int = 9) -> list[int]:
    wanted = read_search(text, by=MAYA.user, zone=time_zone("Europe/Berlin"))
    seen = [TeamId(team) for team in teams]
    return [*tx.search.find(wanted, teams=seen, or_of=MAYA.user, limit=limit)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("invoice", [1]),
        ("INVO", [1]),
        ("müller", [2]),
        ("MÜLLER söhne", [2]),
        ("email", []),
        ("e-mail broken", [3]),
        ("50", [3]),
        ("acme", [3, 1, 2]),  # a match in the name ranks higher
        ("customer:acme", [3, 1]),
        ("wrong customer:acme", [1]),
        ("請求書", [4]),
        ("東京", [4]),
        ("in", [3]),  # too short for a prefix match
        ("nothing like it", []),
        ("state:open", [4, 3, 2, 1]),
        ("state:resolved", []),
        ("owner:me", []),
        ("since:2026-03-03", []),
        ("until:2026-03-02 acme", [3, 1, 2]),
    ],
)
async def test_cases_are_found_by_their_words(store: Store, text: str, found: list[int]) -> None:
    workspace = store.of(WORKSPACE)
    await workspace.run(put_teams)
    await workspace.run(open_all)
    assert sorted(await workspace.read(find, text)) == sorted(found)
    if text == "acme":
        assert (await workspace.read(find, text))[-1] == 2


async def test_new_text_is_found_and_replaced_text_is_not(store: Store, clock: Clock) -> None:
    workspace = store.of(WORKSPACE)
    await workspace.run(put_teams)
    await workspace.run(open_all)
    clock.advance(timedelta(minutes=1))
    await workspace.run(lambda tx: tx.cases.get(CaseId(1)).resolve(DONE, by=LEO, at=tx.now))

    def rename(tx: Transaction) -> None:
        tx.cases.get(CaseId(2)).customer = "Zweig"

    await workspace.run(rename)
    assert await workspace.read(find, "refund licence") == [1]
    assert await workspace.read(find, "invoice state:resolved") == [1]
    assert await workspace.read(find, "zweig") == [2]
    assert await workspace.read(find, "müller") == []


async def test_people_find_only_cases_of_their_teams_and_their_own(store: Store) -> None:
    workspace = store.of(WORKSPACE)
    await workspace.run(put_teams)
    await workspace.run(open_all)
    await workspace.run(open_all, 2)
    assert sorted(await workspace.read(find, "invoice", teams=(1, 2))) == [1, 5]
    assert await workspace.read(find, "invoice", teams=(2,)) == [5]
    assert await workspace.read(find, "invoice", teams=()) == []
    await workspace.run(lambda tx: tx.cases.get(CaseId(1)).claim(by=MAYA, at=tx.now))
    assert await workspace.read(find, "invoice", teams=()) == [1]


async def test_a_search_returns_no_more_than_its_limit(store: Store) -> None:
    workspace = store.of(WORKSPACE)
    await workspace.run(put_teams)
    for _ in range(5):
        await workspace.run(open_all)
    assert len(await workspace.read(find, "acme", limit=3)) == 3


async def test_many_customers_with_the_same_legal_form_do_not_hide_a_duplicate(
    store: Store,
) -> None:
    workspace = store.of(WORKSPACE)
    await workspace.run(put_teams)
    await workspace.run(open_named, ["Acme GmbH", *(f"Firm {n} GmbH" for n in range(ALIKE))])
    found = await workspace.read(
        lambda tx: tx.search.duplicate_candidates(
            "ACME Berlin GmbH", TeamId(1), since=tx.now, by=MAYA.user, opened_before=tx.now
        )
    )
    assert [it.id for it in found] == [1]


def open_named(tx: Transaction, customers: list[str]) -> None:
    for customer in customers:
        new_case, team = a_new_case(customer=customer), tx.teams.get(TeamId(1))
        tx.cases.add(Case.open(new_case, team, id_=tx.cases.next_id(), by=ANA, at=tx.now))
