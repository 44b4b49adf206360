"""A customer: one line on the card, and all facts and cases for people who may see them."""

import re
from datetime import date, timedelta

import pytest

from bot.customers.customer import Customer
from bot.people import CaseId
from handlers.cli.audit import looks_at
from handlers.sandbox import Person
from storage import Transaction
from tests.handlers.actions import SOLVED, add_stranger, escalates_one_open_and_many_restricted
from tests.world import RANDOM, SUPPORT, TEAM, WORKSPACE, World

ACME = Customer(
    key="acme",
    name="Acme",
    tier="Enterprise",
    value="48,000 € a year",
    renews_on=date(2026, 3, 14),
    contacts="Jo <jo@acme.example>\nEve",
    preferences="Calls, no mails",
    notes="*Never* mention <!channel>",
    crm_link="https://crm.example/1",
)

FOR_MANAGERS = ("48,000", "14 Mar", "Jo <jo", "Calls, no mails", "Never", "crm.example")


def keep(tx: Transaction, *customers: Customer) -> None:
    tx.customers.keep(customers)


async def knows(world: World, *customers: Customer) -> None:
    await world.store.of(WORKSPACE).run(keep, *customers)


def contexts(world: World) -> list[str]:
    """Return the texts of the card's context blocks."""
    blocks = world.card.blocks or []
    return [it["elements"][0]["text"] for it in blocks if it["type"] == "context"]


async def is_resolved(world: World) -> None:
    card = world.cards()[-1]
    await world.maya.presses("Claim", on=card)
    await world.settle()
    await world.maya.presses("Resolve", on=card)
    await world.maya.fills(SOLVED)
    await world.maya.submits()
    await world.settle()


async def customer_view_of(world: World, person: Person) -> str:
    """Let a person open the customer of the newest case from its card; return what they read."""
    await person.presses("More", on=world.cards()[-1])
    await person.presses("Customer")
    assert person.modal is not None
    words = person.modal.words
    await person.closes()
    return words


async def test_the_card_shows_no_more_of_a_customer_than_agents_may_see(quick_world: World) -> None:
    world = quick_world
    await knows(world, ACME)
    await world.escalates(world.ana, Customer=" ACME ")
    assert contexts(world)[0] == "*Enterprise*"
    assert not any(fact in str(world.card) for fact in FOR_MANAGERS)


async def test_a_manager_sees_the_customers_facts_in_one_line(quick_world: World) -> None:
    world = quick_world
    await knows(world, ACME)
    await world.escalates(world.ana, Customer=" ACME ")
    line = "*Enterprise*  ·  48,000 € a year  ·  Renews 14 Mar 2026 (in 12 days)"
    assert (await customer_view_of(world, world.maya)).startswith(line)


async def test_the_card_has_no_line_for_an_unknown_customer(quick_world: World) -> None:
    await quick_world.escalates(quick_world.ana)
    [origin] = contexts(quick_world)
    assert origin.startswith("Escalated by")


async def test_a_manager_sees_that_it_is_the_third_case_this_quarter(world: World) -> None:
    await world.escalates(world.ana)
    await is_resolved(world)
    await world.escalates(world.ana, Customer="acme", **{"What happened?": "Invoices are wrong"})
    await world.escalates(world.ana, Customer="ACME", **{"What happened?": "Export is empty"})
    line = (
        "Other open cases: 1  ·  :repeat: Case no. 3 this quarter  ·  Past cases: 1  ·  "
        "Last outcome: They can"
    )
    assert line in await customer_view_of(world, world.maya)
    assert "Other open cases: 1\n" in world.cards()[-1].text


async def test_the_card_flags_churn_risk_and_a_public_complaint(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)

    def flag(tx: Transaction) -> None:
        case = tx.cases.get(CaseId(1))
        case.churn_risk = case.public_complaint = True
        case.card.request_update(at=tx.now)

    await world.store.of(WORKSPACE).run(flag)
    await world.settle()
    assert ":warning: Churn risk  ·  :loudspeaker: Public complaint" in world.card.text


@pytest.mark.parametrize(
    ("days", "shown"),
    [
        (0, "Renews today"),
        (1, "Renews 3 Mar 2026 (in 1 day)"),
        (-1, "Renewal was due 1 Mar 2026 (1 day ago)"),
    ],
)
async def test_a_manager_sees_how_far_away_the_renewal_is(
    quick_world: World, days: int, shown: str
) -> None:
    on = date(2026, 3, 2) + timedelta(days=days)
    await knows(quick_world, Customer(key="acme", name="Acme", renews_on=on))
    await quick_world.escalates(quick_world.ana)
    assert shown in await customer_view_of(quick_world, quick_world.maya)


async def test_the_cards_menu_opens_all_facts_and_cases_of_the_customer(world: World) -> None:
    await knows(world, ACME)
    await world.escalates(world.ana)
    await is_resolved(world)
    await world.escalates(world.ana, **{"What happened?": "Invoices are wrong"})
    await world.maya.presses("More", on=world.cards()[-1])
    await world.maya.presses("Customer")
    assert world.maya.modal is not None
    story = world.maya.modal.words
    for fact in ("Jo <jo@acme.example>", "Calls, no mails", "*Never* mention <!channel>"):
        assert fact in story
    assert story.index("Open cases") < story.index("Invoices are wrong")
    assert story.index("Past cases") < story.index("Nobody can log in")
    assert "Outcome: They can log in again" in story
    assert "On time: claim" in story


async def test_a_customer_is_found_by_name(quick_world: World) -> None:
    world = quick_world
    await knows(world, ACME)
    await world.escalates(world.ana)
    await world.maya.types("/baton customer  aCME", channel=RANDOM)
    reply = world.maya.ephemerals[-1]
    assert "Preferences: Calls, no mails" in reply
    assert "*Never* mention &lt;!channel&gt;" in reply
    assert "ESC-1" in reply


async def test_a_customer_is_shown_only_to_people_who_may_see_one_of_their_cases(
    quick_world: World,
) -> None:
    world = quick_world
    stranger = await add_stranger(world, SUPPORT)
    await knows(world, ACME, Customer(key="beta", name="Beta"))
    await world.escalates(world.ana)
    await stranger.types("/baton customer Acme", channel=SUPPORT)
    assert stranger.ephemerals[-1].startswith(
        "I found no customer “Acme” with a case that you may see"
    )
    await stranger.presses("More", on=world.card)
    assert stranger.can_press() == ["Why these times?"]
    await world.ana.presses("More", on=world.card)
    await world.ana.presses("Customer")
    assert world.ana.modal is not None
    assert "ESC-1" in world.ana.modal.words
    await world.ana.closes()
    await world.ana.types("/baton customer Beta", channel=SUPPORT)
    assert "I found no customer “Beta”" in world.ana.ephemerals[-1]
    await world.leo.types("/baton customer Beta", channel=SUPPORT)
    assert "no case that you may see" in world.leo.ephemerals[-1]


async def test_an_agent_sees_the_name_the_tier_and_their_open_cases(world: World) -> None:
    await knows(world, ACME)
    await world.escalates(world.ana)
    await is_resolved(world)
    await world.escalates(world.ana, **{"What happened?": "Invoices are wrong"})
    await world.ana.types("/baton customer Acme", channel=SUPPORT)
    in_form = await customer_view_of(world, world.ana)
    for shown in (world.ana.ephemerals[-1], in_form):
        assert all(fact in shown for fact in ("Acme", "Enterprise", "Invoices are wrong"))
        assert "Contacts, notes and past cases are for managers. Ask one of them." in shown
        assert not any(fact in shown for fact in (*FOR_MANAGERS, "Past cases", "They can log in"))


@pytest.mark.parametrize("named", ["U0ANA", "S0ACCOUNTS"])
async def test_a_team_file_can_show_customers_to_more_people(
    quick_world: World, named: str
) -> None:
    world = quick_world
    world.slack.workspace.add_group("S0ACCOUNTS", "accounts", members=["U0ANA"])
    await knows(world, ACME)
    await world.applies(
        TEAM.replace('leads = ["U0LEO"]', f'leads = ["U0LEO"]\ncustomers_visible_to = ["{named}"]')
    )
    await world.ana.types("/baton customer Acme", channel=SUPPORT)
    assert "Calls, no mails" in world.ana.ephemerals[-1]
    await world.ana.types("/baton report", channel=SUPPORT)
    assert "Only managers of Support" in world.ana.ephemerals[-1]


async def test_a_look_at_all_facts_is_recorded_without_the_customers_name(world: World) -> None:
    await knows(world, ACME)
    await world.escalates(world.ana)
    await world.ana.types("/baton customer Acme", channel=SUPPORT)
    await world.maya.types("/baton customer  aCME", channel=RANDOM)
    await customer_view_of(world, world.leo)
    await world.leo.types("/baton customer Globex", channel=SUPPORT)
    links = await world.store.of(WORKSPACE).read(lambda tx: tx.audit.after(0))
    looks = [link.entry for link in links if link.entry.step == "see_customer"]
    assert [look.who for look in looks] == ["U0MAYA", "U0LEO"]
    assert len({look.after for look in looks}) == 1
    assert re.fullmatch(r'{"customer": "#[0-9a-f]{16}"}', looks[0].after)
    found = await world.store.of(WORKSPACE).read(looks_at, "ACME ")
    assert found == looks


async def test_restricted_cases_of_a_customer_do_not_displace_readable_ones(
    quick_world: World,
) -> None:
    await escalates_one_open_and_many_restricted(quick_world)
    await quick_world.ben.types("/baton customer Acme", channel=RANDOM)
    assert "ESC-1>" in quick_world.ben.ephemerals[-1]
    assert "ESC-2>" not in quick_world.ben.ephemerals[-1]


@pytest.mark.parametrize("name", ["x" * 10_000, "\u202eemca", "*", "<!channel> $owner", "\u200b*"])
async def test_an_unknown_name_is_quoted_literally(quick_world: World, name: str) -> None:
    await quick_world.maya.types(f"/baton customer {name}", channel=SUPPORT)
    assert quick_world.maya.ephemerals[-1].startswith("I found no customer “")
    assert "<!channel>" not in quick_world.maya.ephemerals[-1]
    await quick_world.maya.types("/baton customer", channel=SUPPORT)
    assert "Which customer?" in quick_world.maya.ephemerals[-1]
