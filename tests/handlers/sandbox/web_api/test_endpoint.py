"""Authentication, arguments and robustness of the Web API endpoint."""

import itertools
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from handlers.sandbox import Clock, Sandbox
from handlers.sandbox.web_api import METHODS
from tests.handlers.sandbox.conftest import SUPPORT
from tests.handlers.sandbox.refusals import refusal, refused


async def test_auth_test_identifies_the_app(client: AsyncWebClient) -> None:
    identity = await client.auth_test()
    assert (identity["user_id"], identity["bot_id"], identity["team"]) == (
        "U0BATON",
        "B0SANDBOX",
        "Sandbox",
    )
    assert "chat:write" in identity.headers["x-oauth-scopes"]


@pytest.mark.parametrize(
    ("token", "method", "error"),
    [
        ("", "auth.test", "not_authed"),
        ("xoxb-wrong", "auth.test", "invalid_auth"),
        ("bot", "apps.connections.open", "not_allowed_token_type"),
        ("app", "chat.postMessage", "not_allowed_token_type"),
        ("bot", "chat.shout", "unknown_method"),
    ],
)
async def test_a_call_needs_the_right_token_and_a_method_that_exists(
    sandbox: Sandbox, client: AsyncWebClient, token: str, method: str, error: str
) -> None:
    client.token = {"bot": sandbox.bot_token, "app": sandbox.app_token}.get(token, token)
    assert await refusal(client.api_call(method)) == error


async def test_a_missing_scope_is_named(clock: Clock) -> None:
    sandbox = Sandbox(clock)
    sandbox.workspace.install_app(scopes=["chat:write", "channels:read"])
    sandbox.workspace.add_channel("G0LAB", "lab", private=True, members=["U0BATON"])
    async with sandbox.serving():
        client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
        body = await refused(client.users_info(user="U0BATON"))
        assert (body["error"], body["needed"]) == ("missing_scope", "users:read")
        assert body["provided"] == "channels:read,chat:write"
        private = await refused(client.conversations_info(channel="G0LAB"))
        assert (private["error"], private["needed"]) == ("missing_scope", "groups:read")


async def test_arguments_may_be_in_the_query_a_form_or_json(
    sandbox: Sandbox, maya_sees: "VisibleTexts"
) -> None:
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    url = f"{sandbox.api_url}chat.postMessage"
    arguments = {"channel": SUPPORT, "text": "hello"}
    blocks = '[{"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}]'
    async with aiohttp.ClientSession(headers=headers) as session:
        for options in (
            {"params": arguments},
            {"data": arguments | {"blocks": blocks}},
            {"json": arguments},
            {"data": arguments | {"token": sandbox.bot_token}, "headers": {"Authorization": ""}},
        ):
            async with session.post(url, **options) as response:  # type: ignore[arg-type]  # mixed
                assert (await response.json())["ok"] is True
        async with session.get(url, params=arguments) as response:
            assert (await response.json())["ok"] is True
    assert maya_sees() == ["hello"] * 5


class VisibleTexts:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def __call__(self) -> list[str]:
        return [message.text for message in self._sandbox.person("U0MAYA").sees(SUPPORT)]


@pytest.fixture
def maya_sees(sandbox: Sandbox) -> VisibleTexts:
    return VisibleTexts(sandbox)


MALFORMED: list[Any] = [
    None,
    "",
    0,
    -1,
    1.5,
    True,
    [],
    {},
    [[]],
    ["x", 3],
    {"type": "modal"},
    {"type": {"type": []}, "blocks": [{"type": "section", "text": {"type": 1}}]},
    "x" * 5000,
    "\x00\ud800 ☃",
    "U0MAYA",
    SUPPORT,
    "1772442000.000900",
    '{"a":',
]


async def test_malformed_arguments_never_cause_a_server_error(sandbox: Sandbox) -> None:
    names = ("channel", "user", "text", "view", "blocks", "ts", "thread_ts", "limit", "cursor")
    more = ("trigger_id", "view_id", "user_id", "users", "types", "metadata", "name", "oldest")
    async with aiohttp.ClientSession() as session:
        for method, value in itertools.product(METHODS, MALFORMED):
            token = sandbox.app_token if METHODS[method].app_token else sandbox.bot_token
            headers = {"Authorization": f"Bearer {token}"}
            for options in ({}, {"channel": SUPPORT, "user": "U0MAYA"}):
                args = dict.fromkeys((*names, *more), value) | options
                async with session.post(
                    f"{sandbox.api_url}{method}", json=args, headers=headers
                ) as response:
                    assert response.status == 200, (method, value)
                    assert isinstance((await response.json())["ok"], bool)


@pytest.mark.parametrize(
    ("body", "kind", "error"),
    [
        (b"{", "application/json", "invalid_json"),
        (b"[]", "application/json", "json_not_object"),
        (b'{"view":' + b"[" * 100_000, "application/json", "invalid_json"),
        (b"\xff\xfe", "application/json", "invalid_json"),
        (b"a=\xff", "application/x-www-form-urlencoded", "invalid_form_data"),
        (b"hello", "text/plain", "invalid_post_type"),
        (b"blocks=%5B&channel=x", "application/x-www-form-urlencoded", "invalid_blocks_format"),
        (b"view=%5B&trigger_id=x", "application/x-www-form-urlencoded", "invalid_arguments"),
    ],
)
async def test_a_malformed_body_is_refused_with_slacks_error_code(
    sandbox: Sandbox, body: bytes, kind: str, error: str
) -> None:
    headers = {"Authorization": f"Bearer {sandbox.bot_token}", "Content-Type": kind}
    url = f"{sandbox.api_url}chat.postMessage"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=body, headers=headers) as response,
    ):
        assert response.status == 200
        assert (await response.json())["error"] == error


async def test_a_deeply_nested_view_is_refused(sandbox: Sandbox) -> None:
    nested = (
        '{"type":"home","blocks":[{"type":"rich_text","elements":' + "[" * 600 + "]" * 600 + "}]}"
    )
    args = {"user_id": "U0MAYA", "view": nested}
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    url = f"{sandbox.api_url}views.publish"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=args, headers=headers) as response,
    ):
        assert (await response.json())["error"] == "invalid_arguments"


@pytest.mark.parametrize(
    "headers", [{"Host": "slack.example.com"}, {"Origin": "https://evil.example.com"}]
)
async def test_requests_with_a_foreign_host_or_origin_are_refused(
    sandbox: Sandbox, headers: dict[str, str]
) -> None:
    assert sandbox.page_url.startswith("http://127.0.0.1:")
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{sandbox.page_url}sandbox/people", headers=headers) as response,
    ):
        assert response.status == 403
        assert "this machine only" in await response.text()


async def test_calls_are_recorded_in_order(sandbox: Sandbox, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel=SUPPORT, text="x")
    await refusal(client.chat_postMessage(channel="C0NOWHERE", text="x"))
    first, second = sandbox.calls
    assert (first.method, first.args["text"], first.ok) == ("chat.postMessage", "x", True)
    assert second.answer == {"ok": False, "error": "channel_not_found"}
    assert not second.ok
