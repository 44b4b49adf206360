"""Customers are stored completely and separately for each workspace."""

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


async def test_a_customer_is_found_by_any_spelling(store: Store) -> None:
    workspace = store.of(WORKSPACE)
    await workspace.run(keep, ACME)
    assert await workspace.read(lambda tx: tx.customers.named(" ACME ")) == ACME
    assert await workspace.read(lambda tx: tx.customers.named("Acme Inc")) is None
    assert await workspace.read(lambda tx: tx.customers.known(["acme", "beta"])) == {"acme": ACME}


async def test_storing_a_customer_again_replaces_all_fields(store: Store) -> None:
    workspace = store.of(WORKSPACE)
    await workspace.run(keep, ACME)
    newer = Customer(key="acme", name="ACME", tier="pro")
    await workspace.run(keep, newer, Customer(key="beta", name="Beta"))
    assert await workspace.read(lambda tx: tx.customers.named("Acme")) == newer


async def test_a_workspace_does_not_see_customers_of_another(store: Store) -> None:
    other = store.of(OTHER)
    installation = Installation(OTHER, "Other", "https://other.slack.com/", "B1", "U1")
    await other.run(lambda tx: tx.installation.keep(installation))
    await store.of(WORKSPACE).run(keep, ACME)
    assert await other.read(lambda tx: tx.customers.named("Acme")) is None
