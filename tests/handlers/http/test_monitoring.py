"""Health, status and metrics: what each says, to whom, and at what cost."""

import asyncio
import socket
from datetime import timedelta

import pytest
from aiohttp import ClientConnectionError, ClientSession
from pydantic import SecretStr

from bot.settings import BadSettings, Settings
from handlers.http.shared_result import FRESH, SharedResult
from handlers.process import running
from handlers.sandbox import Clock, Sandbox
from tests.handlers.actions import escalates
from tests.handlers.http.endpoint import Endpoint
from tests.handlers.test_process import a_slack
from tests.world import MONDAY_9AM, add_people, settings_for

SECRET = "a long token"  # noqa: S105  for the tests


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def status_of(session: ClientSession, url: str, token: str | None = None) -> int:
    headers = {"Authorization": token} if token else {}
    async with session.get(url, headers=headers) as answer:
        return answer.status


async def test_one_computation_serves_all_readers_for_five_seconds() -> None:
    now, computed = MONDAY_9AM, 0

    async def compute() -> int:
        nonlocal computed
        await asyncio.sleep(0)
        computed += 1
        return computed

    shared = SharedResult(compute, lambda: now)
    assert await asyncio.gather(*(shared.get() for _ in range(100))) == [1] * 100
    now += FRESH - timedelta(seconds=1)
    assert await shared.get() == 1
    now += timedelta(seconds=1)
    assert await shared.get() == 2
    now -= timedelta(days=1)  # the clock was set back
    assert await shared.get() == 3


async def test_a_failed_computation_is_repeated_later_and_not_for_each_reader() -> None:
    clock, tried = Clock(MONDAY_9AM), 0

    async def fail() -> int:
        nonlocal tried
        tried += 1
        raise ValueError

    shared = SharedResult(fail, clock)
    for _ in range(3):
        with pytest.raises(ValueError):  # noqa: PT011
            await shared.get()
    assert tried == 1


async def test_metrics_and_status_have_a_listener_and_a_token_of_their_own(sqlite_url: str) -> None:
    port = free_port()
    async with a_slack() as slack, ClientSession() as session:
        settings = settings_for(slack, sqlite_url, mode="http").model_copy(
            update={"metrics_bind": ("127.0.0.1", port), "metrics_token": SecretStr(SECRET)}
        )
        async with running(settings) as baton:
            for path in ("/metrics", "/status"):
                other = f"http://127.0.0.1:{port}{path}"
                assert await status_of(session, f"{baton.url}{path}") == 404
                assert await status_of(session, other) == 401
                for wrong in (
                    SECRET,
                    "Bearer",
                    "Bearer a long",
                    f"Bearer {SECRET}s",
                    "Bearer \xe9",
                ):
                    assert await status_of(session, other, wrong) == 401
                assert await status_of(session, other, f"Bearer {SECRET}") == 200
            assert await status_of(session, f"{baton.url}/readyz") == 200
            assert await status_of(session, f"http://127.0.0.1:{port}/slack/events") == 404


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("127.0.0.1:9100", ("127.0.0.1", 9100)),
        ("[::1]:0", ("::1", 0)),
        ("metrics:65535", ("metrics", 65535)),
        ("9100", None),
        ("host:", None),
        ("host:65536", None),
        ("http://host:80", None),
    ],
)
def test_the_address_for_metrics_is_a_host_and_a_port(
    monkeypatch: pytest.MonkeyPatch, value: str, address: tuple[str, int] | None
) -> None:
    monkeypatch.setenv("METRICS_BIND", value)
    if address is None:
        with pytest.raises(BadSettings, match="METRICS_BIND"):
            Settings.read()
    else:
        assert Settings.read().metrics_bind == address


async def test_a_late_worker_concerns_the_status_and_not_the_readiness_of_a_web_process(
    endpoint: Endpoint,
) -> None:
    world, url = endpoint.world, endpoint.world.baton.url
    await world.baton.heartbeat.beat()
    assert await status_of(endpoint.session, f"{url}/status") == 200
    await escalates(world)  # and nothing sends its messages
    world.clock.advance(timedelta(minutes=5))
    async with endpoint.session.get(f"{url}/status") as status:
        answer = await status.json()
    assert status.status == 503
    assert answer["problems"] == ["no worker was seen for 60 s", "the worker is late or stopped"]
    assert answer["messages"]["waiting"] == 3
    assert "case/" not in str(answer)
    assert "U0" not in str(answer)
    assert await status_of(endpoint.session, f"{url}/readyz") == 200


async def test_a_process_is_alive_before_slack_answers_and_takes_no_requests_yet(
    sqlite_url: str,
) -> None:
    slack = Sandbox(Clock(MONDAY_9AM))
    add_people(slack)
    port = free_port()
    settings = settings_for(slack, sqlite_url, mode="http").model_copy(
        update={"port": port, "slack_api_url": f"http://127.0.0.1:{free_port()}/api/"}
    )
    url = f"http://127.0.0.1:{port}"

    async def run() -> None:
        async with running(settings):
            raise AssertionError("Slack cannot have answered")

    starting = asyncio.create_task(run())
    async with ClientSession() as session:
        async with asyncio.timeout(20):
            while True:
                try:
                    assert await status_of(session, f"{url}/healthz") == 200
                    break
                except ClientConnectionError:
                    await asyncio.sleep(0)
        for path in ("/readyz", "/status", "/metrics"):
            assert await status_of(session, f"{url}{path}") == 503
        async with session.post(f"{url}/slack/events") as answer:
            assert answer.status == 503
        starting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await starting
        with pytest.raises(ClientConnectionError):
            await status_of(session, f"{url}/healthz")
