"""Prometheus metrics: delivery times, backlog, and messages in doubt or in trouble."""

from datetime import timedelta

from prometheus_client import REGISTRY
from sqlalchemy import update

from bot.delivery import State
from handlers.http.shared_result import FRESH
from storage.tables import deliveries
from tests.handlers.actions import escalates
from tests.handlers.http.endpoint import Endpoint
from tests.handlers.jobs.test_self_check import alter_database
from tests.world import MONDAY_9AM


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def gauges(endpoint: Endpoint) -> dict[str, float]:
    async with endpoint.session.get(f"{endpoint.world.baton.url}/metrics") as answer:
        lines = [line for line in (await answer.text()).splitlines() if line[0] != "#"]
    endpoint.world.clock.advance(FRESH)  # the next reader gets new values
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


async def test_the_backlog_is_reported_with_its_lanes_and_oldest_age(
    endpoint: Endpoint,
) -> None:
    await escalates(endpoint.world)
    endpoint.world.clock.advance(timedelta(seconds=40))
    values = await gauges(endpoint)
    assert (
        values["baton_deliveries_waiting"] == 3
    )  # the card, the summary in its thread and the receipt
    assert values["baton_lanes_waiting"] == 2  # the channel's and Ana's
    assert values["baton_oldest_owed_seconds"] == 40
    await endpoint.world.settle()
    values = await gauges(endpoint)
    assert values["baton_deliveries_waiting"] == values["baton_oldest_owed_seconds"] == 0


async def test_delivery_time_is_measured_by_kind(endpoint: Endpoint) -> None:
    name, fast = "baton_delivered_seconds", "baton_delivered_seconds_bucket"
    before = counted(f"{name}_count", kind="card"), counted(fast, kind="card", le="5.0")
    await escalates(endpoint.world)
    endpoint.world.clock.advance(timedelta(seconds=7))
    await endpoint.world.settle()
    assert counted(f"{name}_count", kind="card") == before[0] + 1
    assert counted(fast, kind="card", le="5.0") == before[1]
    assert counted(fast, kind="card", le="10.0") >= before[1] + 1


async def test_messages_in_doubt_are_reported_with_the_oldest_age(endpoint: Endpoint) -> None:
    endpoint.world.slack.faults.next("chat.postMessage", "reset_after", times=2)
    await escalates(endpoint.world)
    await endpoint.world.baton.catch_up()
    endpoint.world.clock.advance(timedelta(seconds=20))
    values = await gauges(endpoint)
    assert (values["baton_deliveries_in_doubt"], values["baton_doubt_seconds"]) == (2, 20)


async def test_undelivered_messages_and_refusing_workspaces_are_reported(
    endpoint: Endpoint,
) -> None:
    await endpoint.world.escalates(endpoint.world.ana)
    lost = update(deliveries).where(deliveries.c.key == "case/1/card")
    await alter_database(endpoint.world, lost.values(state=State.UNREACHABLE))
    assert (await gauges(endpoint))['baton_deliveries_in_trouble{state="unreachable"}'] == 1
    assert (await gauges(endpoint))["baton_workspaces_shut"] == 0
    endpoint.world.slack.faults.next("chat.update", "error:token_revoked")
    await endpoint.world.maya.presses("Claim", on=endpoint.world.card)
    await endpoint.world.baton.catch_up()
    assert (await gauges(endpoint))["baton_workspaces_shut"] == 1


async def test_combined_nudges_and_late_checks_are_counted(
    endpoint: Endpoint,
) -> None:
    world = endpoint.world
    gathered, late = counted("baton_gathered_total"), counted("baton_tick_late_seconds_sum")
    for number in range(6):
        await world.escalates(world.ana, **{"Customer": f"Firm {number}"})
    world.clock.advance_to(MONDAY_9AM + timedelta(minutes=30))  # as after an outage
    await world.settle()
    assert counted("baton_gathered_total") - gathered >= 6
    assert counted("baton_tick_late_seconds_sum") - late >= 6 * 10 * 60


async def test_processes_are_reported_with_their_age_until_they_stop(endpoint: Endpoint) -> None:
    world = endpoint.world
    assert (await gauges(endpoint))["baton_workers"] == 0
    await world.baton.heartbeat.beat()
    world.clock.advance(timedelta(seconds=55))
    values = await gauges(endpoint)
    assert values["baton_workers"] == 1
    [(name, seconds)] = [it for it in values.items() if it[0].startswith("baton_process_seen")]
    assert 'parts="web,worker"' in name
    assert seconds == 55
    world.clock.advance(timedelta(seconds=1))
    assert (await gauges(endpoint))["baton_workers"] == 0
    await world.baton.heartbeat.end()
    assert not [it for it in await gauges(endpoint) if it.startswith("baton_process_seen")]
