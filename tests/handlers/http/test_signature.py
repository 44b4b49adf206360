"""Only requests signed by Slack are accepted, and malformed ones are rejected cleanly."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from handlers.http.signature import MOST_BYTES, Refused, check
from handlers.sandbox.interactions.signed_request import signature
from tests.handlers.http.endpoint import FORM, JSON, Endpoint, now, tracebacks
from tests.world import SUPPORT, WORKSPACE

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # noqa: S105  Slack's own example
AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
STAMP = str(int(AT.timestamp()))
BODY = b"command=%2Fbaton&team_id=T0SANDBOX&text=help"
FORGED = "forged-7f3a"
"""Part of every forged request; it must never reach the log."""


def checked(
    body: bytes = BODY,
    *,
    stamp: str = STAMP,
    signed: str | None = None,
    content_type: str = FORM,
) -> dict[str, Any]:
    headers = {
        "content-type": content_type,
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": signature(SECRET, stamp, body) if signed is None else signed,
    }
    return check([SECRET], headers, body, at=AT)


def refusal(body: bytes = BODY, **how: str) -> int:
    with pytest.raises(Refused) as refused:
        checked(body, **how)
    return refused.value.status


def test_a_signed_request_is_accepted() -> None:
    assert checked()["text"] == "help"
    assert checked(b'{"type": "event_callback"}', content_type=JSON) == {"type": "event_callback"}
    assert checked(b"{}", content_type="application/json; charset=utf-8") == {}
    assert checked(urlencode({"payload": '{"type": "shortcut"}'}).encode()) == {"type": "shortcut"}


def test_a_command_may_contain_the_word_payload() -> None:
    fields = checked(urlencode({"command": "/escalate", "text": "the payload is lost"}).encode())
    assert fields == {"command": "/escalate", "text": "the payload is lost"}


def test_slacks_documented_example_is_accepted() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
        b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
        b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
        b"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    headers = {
        "content-type": FORM,
        "x-slack-request-timestamp": "1531420618",
        "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    }
    at = datetime.fromtimestamp(1531420618, UTC)
    assert check([SECRET], headers, body, at=at)["team_domain"] == "testteamnow"


@pytest.mark.parametrize(
    "stamp",
    ["", "now", "1e9", "-1", "+1", " 1", "1.5", "9" * 5000, "9" * 13, "٣" * 10, "²", "\x00", "ÿ"],
    ids=lambda stamp: stamp[:12] if stamp.isprintable() else "NUL",
)
def test_an_invalid_timestamp_is_rejected(stamp: str) -> None:
    assert refusal(stamp=stamp, signed="v0=" + "0" * 64) == 401


@pytest.mark.parametrize(("seconds", "passes"), [(300, True), (301, False)])
@pytest.mark.parametrize("sign", [-1, 1], ids=["in the past", "in the future"])
def test_a_request_is_valid_for_five_minutes(seconds: int, sign: int, passes: bool) -> None:
    stamp = str(int(STAMP) + sign * seconds)
    if passes:
        assert checked(stamp=stamp)
    else:
        assert refusal(stamp=stamp) == 401


@pytest.mark.parametrize(
    "signed",
    [
        "",
        "v0=",
        "v0=é",
        "v0=\udcff",
        "v0=\x00",
        "v1=" + signature(SECRET, STAMP, BODY)[3:],
        signature(SECRET, STAMP, BODY)[:-1],
        signature(SECRET, STAMP, BODY) + "0",
        signature(SECRET, STAMP, BODY).upper(),
        signature(SECRET, STAMP, BODY[:-1]),
        signature("another secret", STAMP, BODY),
        signature(SECRET, str(int(STAMP) - 1), BODY),
    ],
)
def test_any_other_signature_is_rejected(signed: str) -> None:
    assert refusal(signed=signed) == 401


@pytest.mark.parametrize("missing", ["x-slack-request-timestamp", "x-slack-signature"])
def test_a_request_without_a_signature_or_timestamp_is_rejected(missing: str) -> None:
    headers = {
        "content-type": FORM,
        "x-slack-request-timestamp": STAMP,
        "x-slack-signature": signature(SECRET, STAMP, BODY),
    }
    del headers[missing]
    with pytest.raises(Refused, match=r"invalid timestamp|bad signature"):
        check([SECRET], headers, BODY, at=AT)


DEEP = 100_000
MALFORMED = {
    "invalid UTF-8": (b"text=\xff\xfe", FORM),
    "invalid UTF-8 in JSON": (b'{"text": "\xff"}', JSON),
    "broken JSON": (b'{"type": ', JSON),
    "an empty body declared as JSON": (b"", JSON),
    "a list": (b"[1, 2]", JSON),
    "a number": (b"7", JSON),
    "deeply nested JSON": (b"[" * DEEP + b"]" * DEEP, JSON),
    "a deeply nested object": (b'{"a":' * DEEP + b"1" + b"}" * DEEP, JSON),
    "a broken payload": (b"payload=%7B", FORM),
    "an empty payload": (b"payload=", FORM),
    "a payload that is a list": (b"payload=%5B%5D", FORM),
    "a payload that is a number": (b"payload=7", FORM),
    "a payload that is null": (b"payload=null", FORM),
    "a deeply nested payload": (b"payload=" + b"%5B" * DEEP, FORM),
    "a good payload before a broken one": (b"payload=%7B%7D&payload=%7B", FORM),
    "a number of 5,000 digits": (b'{"a":' + b"9" * 5000 + b"}", JSON),
    "a thousand fields": (b"a=1&" * 1000, FORM),
    "JSON declared as text": (b'{"type": "event_callback"}', "text/plain"),
    "a form declared as multipart": (BODY, "multipart/form-data"),
    "a body without a content type": (BODY, ""),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_body_is_rejected_even_if_signed(name: str) -> None:
    body, content_type = MALFORMED[name]
    assert refusal(body, content_type=content_type) == 400


# Over HTTP, against the running bot.


async def test_a_forged_request_is_rejected_and_leaves_no_text_in_the_log(
    endpoint: Endpoint, log: pytest.LogCaptureFixture
) -> None:
    body = urlencode({"command": "/baton", "text": FORGED, "team_id": WORKSPACE}).encode()
    good = endpoint.signed(body)
    stamp, name = "x-slack-request-timestamp", "x-slack-signature"
    forgeries = [
        {"content-type": FORM},
        good | {name: "v0=" + FORGED},
        good | {name: good[name][:-1]},
        good | {stamp: FORGED},
        good | {stamp: "9" * 5000},
        good | {stamp: ""},
        good | {stamp: str(int(now()) - 3600)},
    ]
    for headers in forgeries:
        assert (await endpoint.receives(body, headers)).status == 401
    assert FORGED not in log.text
    assert not tracebacks(log)


async def test_headers_that_are_not_text_are_rejected(endpoint: Endpoint) -> None:
    request = (
        b"POST /slack/events HTTP/1.1\r\nHost: baton\r\nContent-Length: 0\r\n"
        b"X-Slack-Request-Timestamp: " + now().encode() + b"\r\n"
        b"X-Slack-Signature: v0=\xff\xfe\xc3\r\n\r\n"
    )
    assert b" 401 " in await endpoint.reads_bytes(request)
    assert b" 400 " in await endpoint.reads_bytes(b"\x16\x03\x01 this is not HTTP\r\n\r\n")


async def test_malformed_requests_over_http_are_rejected_without_a_traceback(
    endpoint: Endpoint, log: pytest.LogCaptureFixture
) -> None:
    for name, (body, content_type) in MALFORMED.items():
        answer = await endpoint.receives_signed(body, content_type or "x-none/at-all")
        assert answer.status == 400, name
    assert not tracebacks(log)


async def test_a_body_larger_than_slack_sends_is_rejected(endpoint: Endpoint) -> None:
    body = b"a" * (MOST_BYTES + 1)
    assert (await endpoint.receives(body, endpoint.signed(body))).status == 413
    assert (await endpoint.receives(body, endpoint.signed(body), chunked=True)).status == 413
    largest = b"text=" + b"a" * (MOST_BYTES - 5)
    assert (await endpoint.receives(largest, endpoint.signed(largest), chunked=True)).status == 200


async def test_slack_events_is_the_only_endpoint_for_slack(endpoint: Endpoint) -> None:
    for method in ("GET", "PUT", "DELETE", "OPTIONS"):
        assert (await endpoint.receives(b"", endpoint.signed(b""), method=method)).status == 405
    root = str(endpoint.world.baton.url)
    for path in ("/", "/slack", "/slack/events/", "/slack/events/../../etc/passwd", "/hooks"):
        async with endpoint.session.post(root + path, allow_redirects=False) as response:
            assert response.status in (307, 404, 405)


async def test_slacks_url_verification_is_answered(endpoint: Endpoint) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB"}).encode()
    answer = await endpoint.receives_signed(body, JSON)
    assert (answer.status, json.loads(answer.text)) == (200, {"challenge": "3eZbrw1aB"})
    assert (await endpoint.receives(body, {"content-type": JSON})).status == 401


async def test_a_signed_certificate_check_is_answered(
    endpoint: Endpoint, log: pytest.LogCaptureFixture
) -> None:
    assert (await endpoint.receives_signed(b"ssl_check=1&token=x")).status == 200
    assert not tracebacks(log)


async def test_a_command_with_the_word_payload_is_answered(endpoint: Endpoint) -> None:
    ana = endpoint.world.ana
    await ana.types("/escalate The payload is lost", channel=SUPPORT)
    assert ana.modal is not None
    assert "The payload is lost" in str(ana.modal.values())
