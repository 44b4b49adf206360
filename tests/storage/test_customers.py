"""Customers come back as they were kept, each workspace's own."""

from datetime import date

from bot.customers.customer import Customer
from bot.people import WorkspaceId
from storage import Store, Transaction
from storage.installations import Installation
from tests.world import WORKSPACE

ACME = Customer(
    key="acme",
    name="Acme",
    tier="enterprise",
    value="48,000 €",
    renews_on=date(2026, 4, 1),
    contacts="Jo\nEve",
    preferences="Calls only",
    notes="Loud",
    crm_link="https://crm.example/1",
)
OTHER = WorkspaceId("T0OTHER")


def keep(tx: Transaction, *customers: Customer) -> None:
    tx.customers.keep(customers)


async def test_a_customer_comes_back_by_any_spelling(store: Store) -> None:
    ours = store.of(WORKSPACE)
    await ours.run(keep, ACME)
    assert await ours.read(lambda tx: tx.customers.named(" ACME ")) == ACME
    assert await ours.read(lambda tx: tx.customers.named("Acme Inc")) is None
    assert await ours.read(lambda tx: tx.customers.known(["acme", "beta"])) == {"acme": ACME}


async def test_what_is_kept_again_takes_the_place_of_the_old(store: Store) -> None:
    ours = store.of(WORKSPACE)
    await ours.run(keep, ACME)
    newer = Customer(key="acme", name="ACME", tier="pro")
    await ours.run(keep, newer, Customer(key="beta", name="Beta"))
    assert await ours.read(lambda tx: tx.customers.named("Acme")) == newer


async def test_a_customer_of_another_workspace_is_not_ours(store: Store) -> None:
    theirs = store.of(OTHER)
    them = Installation(OTHER, "Other", "https://other.slack.com/", "B1", "U1")
    await theirs.run(lambda tx: tx.installation.keep(them))
    await store.of(WORKSPACE).run(keep, ACME)
    assert await theirs.read(lambda tx: tx.customers.named("Acme")) is None
