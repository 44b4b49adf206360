"""A replayed request has no effect and gets no answer."""

import asyncio
import json
import time
from contextlib import nullcontext
from datetime import timedelta
from threading import Event

import pytest
from pydantic import SecretStr

from bot.errors import NoSuchCase, Replayed
from handlers.http.replay_guard import ReplayGuard
from handlers.http.signature import check
from handlers.http.slack_endpoint import ANSWER_BY
from handlers.jobs.housekeeping import delete_old_nonces
from handlers.process import Part, running
from handlers.sandbox import Clock
from handlers.sandbox.interactions.signed_request import RETRY_NUM, signature
from storage import Store
from storage.requests.current_request import CurrentRequest, current_request
from storage.requests.replay import KEPT_FOR
from storage.store import wall_clock
from tests.handlers.http.endpoint import FORM, JSON, Endpoint, recorded, tracebacks
from tests.world import WORKSPACE, settings_for

SLACK_WAITS = 3  # seconds
RECORDED_FORM = recorded("escalate_form")


async def test_a_replayed_form_is_rejected_and_opens_no_case(
    endpoint: Endpoint, log: pytest.LogCaptureFixture
) -> None:
    body, kind = endpoint.body(*RECORDED_FORM)
    headers = endpoint.signed(body, kind)
    assert (await endpoint.receives(body, headers)).status == 200
    for _ in range(3):
        answer = await endpoint.receives(body, headers)
        assert (answer.status, answer.text) == (409, "replayed")
    with pytest.raises(NoSuchCase):
        await endpoint.world.case(2)
    assert "request rejected: replayed" in log.text
    assert headers["x-slack-signature"] not in log.text
    assert not tracebacks(log)


async def test_a_replayed_question_is_not_answered_again(endpoint: Endpoint) -> None:
    body, kind = endpoint.body(*recorded("baton_command"))
    headers = endpoint.signed(body, kind)
    assert "ESC-1" in (await endpoint.receives(body, headers)).text
    assert (await endpoint.receives(body, headers)).text == "replayed"


async def test_slack_may_retry_within_the_same_second(endpoint: Endpoint) -> None:
    """Such a retry differs from the first attempt only in a header that is not signed."""
    for name in ("escalate_form", "baton_command"):
        body, kind = endpoint.body(*recorded(name))
        headers = endpoint.signed(body, kind)
        assert (await endpoint.receives(body, headers)).status == 200
        again = await endpoint.receives(body, headers | {RETRY_NUM: "1"})
        assert (again.status, again.text) == (200, "")
    with pytest.raises(NoSuchCase):
        await endpoint.world.case(2)


async def test_a_request_cannot_be_replayed_to_another_process(
    endpoint: Endpoint, sqlite_url: str
) -> None:
    slack = endpoint.world.slack
    body, kind = endpoint.body(*recorded("baton_command"))
    headers = endpoint.signed(body, kind)
    assert (await endpoint.receives(body, headers)).status == 200
    settings = settings_for(slack, sqlite_url, mode="http")
    async with running(settings, Part.WEB, endpoint.world.clock) as other:
        url = f"{other.url}/slack/events"
        async with endpoint.session.post(url, data=body, headers=headers) as answer:
            assert answer.status == 409


async def test_a_failed_request_may_be_repeated(store: Store) -> None:
    def fail(_tx: object) -> None:
        raise RuntimeError("halfway")

    workspace_store = store.of(WORKSPACE)
    current_request.set(CurrentRequest("0" * 64))
    with pytest.raises(RuntimeError):
        await workspace_store.run(fail)
    await workspace_store.run(lambda tx: None)
    current_request.set(CurrentRequest("0" * 64))
    with pytest.raises(Replayed):
        await workspace_store.run(lambda tx: None)


async def test_nonces_of_expired_requests_are_deleted(store: Store, clock: Clock) -> None:
    workspace_store = store.of(WORKSPACE)
    current_request.set(CurrentRequest("0" * 64))
    await workspace_store.run(lambda tx: None)
    for passed, used in ((KEPT_FOR, True), (timedelta(seconds=1), False)):
        clock.advance(passed)
        current_request.set(None)
        await delete_old_nonces(store, WORKSPACE)
        current_request.set(CurrentRequest("0" * 64))
        with pytest.raises(Replayed) if used else nullcontext():
            await workspace_store.run(lambda tx: None)


async def test_both_secrets_are_valid_during_a_rotation(
    endpoint: Endpoint, sqlite_url: str
) -> None:
    slack, body = endpoint.world.slack, b"command=%2Fbaton&text=help"
    settings = settings_for(slack, sqlite_url, mode="http").model_copy(
        update={"slack_signing_secret": SecretStr(f"new-secret, {slack.signing_secret}")}
    )
    stamp = str(int(time.time()))
    for secret in settings.signing_secrets:
        headers = {
            "content-type": FORM,
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": signature(secret, stamp, body),
        }
        assert check(settings.signing_secrets, headers, body, at=wall_clock())


async def test_slacks_certificate_check_needs_no_signature(endpoint: Endpoint) -> None:
    answer = await endpoint.receives(b"token=x&ssl_check=1", {"content-type": FORM})
    assert (answer.status, answer.text) == (200, "")
    event = json.dumps({"type": "event_callback", "event": {"text": "a&ssl_check=1&b"}}).encode()
    assert (await endpoint.receives(event, {"content-type": JSON})).status == 401


async def test_a_stuck_database_is_reported_before_slack_gives_up(
    endpoint: Endpoint,
) -> None:
    release = Event()
    # Blocks the only writer thread.
    stuck = endpoint.world.store.writing._threads.submit(release.wait)
    try:
        body, kind = endpoint.body(*recorded("baton_command"))
        answer = await endpoint.receives_signed(body, kind)
    finally:
        release.set()
        stuck.result()
    assert answer.status == 503
    assert ANSWER_BY < SLACK_WAITS


async def test_the_nonces_of_many_questions_share_a_few_commits(store: Store) -> None:
    replay_guard, commits = ReplayGuard(store.of(WORKSPACE)), 0

    def count() -> None:
        nonlocal commits
        commits += 1

    store.on_commit = count
    nonces = [f"nonce {number % 50}" for number in range(100)]
    first = await asyncio.gather(*map(replay_guard.is_first, nonces))
    assert sum(first) == 50
    assert not await replay_guard.is_first("nonce 7")
    assert commits <= 3
