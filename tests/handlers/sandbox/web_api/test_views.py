"""Modals and the Home tab: trigger ids, hashes, stacks and field state."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from handlers.sandbox import Clock, Person
from tests.handlers.sandbox.blocks import (
    actions,
    button,
    form,
    home,
    input_block,
    menu,
    option,
    plain,
    section,
    text,
)
from tests.handlers.sandbox.conftest import SUPPORT
from tests.handlers.sandbox.refusals import refusal, refused

Trigger = Callable[[], Awaitable[str]]
PRIORITY = menu("static_select", option("High", "high"), option("Low", "low"))


@pytest.fixture
def trigger(linked: AsyncApp, maya: Person) -> Trigger:
    """Return a function that gets a new trigger id for Maya."""
    received: list[str] = []

    @linked.command("/escalate")
    async def on_command(ack: AsyncAck, body: dict[str, Any]) -> None:
        received.append(body["trigger_id"])
        await ack()

    async def fresh() -> str:
        await maya.types("/escalate", channel=SUPPORT)
        return received[-1]

    return fresh


async def test_a_trigger_id_opens_one_view_within_three_seconds(
    client: AsyncWebClient, trigger: Trigger, clock: Clock, maya: Person
) -> None:
    used = await trigger()
    await client.views_open(trigger_id=used, view=form(section("x")))
    assert maya.modal is not None
    again = client.views_open(trigger_id=used, view=form(section("x")))
    assert await refusal(again) == "exchanged_trigger_id"
    late = await trigger()
    clock.advance(timedelta(seconds=4))
    call = client.views_open(trigger_id=late, view=form(section("x")))
    assert await refusal(call) == "expired_trigger_id"
    unknown = client.views_open(trigger_id="1.2.3", view=form(section("x")))
    assert await refusal(unknown) == "invalid_trigger_id"


async def test_an_invalid_view_does_not_use_up_the_trigger_id(
    client: AsyncWebClient, trigger: Trigger
) -> None:
    fresh = await trigger()
    body = await refused(client.views_open(trigger_id=fresh, view=form(title=plain("x" * 25))))
    assert body["error"] == "invalid_arguments"
    assert "json-pointer:/view/title/text" in body["response_metadata"]["messages"][0]
    await client.views_open(trigger_id=fresh, view=form(section("x")))


async def test_an_update_keeps_what_was_typed_into_fields_that_remain(
    client: AsyncWebClient, trigger: Trigger, maya: Person
) -> None:
    opened = await client.views_open(
        trigger_id=await trigger(),
        view=form(input_block("Customer", text()), input_block("Note", text())),
    )
    await maya.fills(customer="Acme", note="urgent")
    changed = form(input_block("Customer", text()), input_block("Other", text(initial_value="?")))
    updated = await client.views_update(view_id=opened["view"]["id"], view=changed)
    values = updated["view"]["state"]["values"]
    assert values["customer"]["answer"] == {"type": "plain_text_input", "value": "Acme"}
    assert values["other"]["answer"]["value"] == "?"
    assert "note" not in values


async def test_an_update_with_an_old_hash_is_refused(
    client: AsyncWebClient, trigger: Trigger
) -> None:
    opened = (await client.views_open(trigger_id=await trigger(), view=form(section("1"))))["view"]
    old = {"view_id": opened["id"], "hash": opened["hash"]}
    await client.views_update(view=form(section("2")), **old)
    late = client.views_update(view=form(section("3")), **old)
    assert await refusal(late) == "hash_conflict"
    await client.views_update(view_id=opened["id"], view=form(section("4")))


async def test_a_closed_view_cannot_be_updated(
    client: AsyncWebClient, trigger: Trigger, maya: Person
) -> None:
    opened = await client.views_open(trigger_id=await trigger(), view=form(section("x")))
    await maya.closes()
    late = client.views_update(view_id=opened["view"]["id"], view=form(section("x")))
    assert await refusal(late) == "not_found"


async def test_a_view_is_found_by_its_unique_external_id(
    client: AsyncWebClient, trigger: Trigger, maya: Person
) -> None:
    view = form(section("x"), external_id="case-7")
    await client.views_open(trigger_id=await trigger(), view=view)
    twice = client.views_push(trigger_id=await trigger(), view=view)
    assert await refusal(twice) == "duplicate_external_id"
    await client.views_update(external_id="case-7", view=form(section("y"), external_id="case-7"))
    assert maya.modal is not None
    assert maya.modal.words == "y"


async def test_at_most_three_views_can_be_stacked(
    client: AsyncWebClient, trigger: Trigger, maya: Person
) -> None:
    early = client.views_push(trigger_id=await trigger(), view=form(section("x")))
    assert await refusal(early) == "not_found"
    first = await client.views_open(trigger_id=await trigger(), view=form(section("1")))
    for word in ("2", "3"):
        pushed = await client.views_push(trigger_id=await trigger(), view=form(section(word)))
    assert pushed["view"]["root_view_id"] == first["view"]["id"]
    fourth = client.views_push(trigger_id=await trigger(), view=form(section("4")))
    assert await refusal(fourth) == "push_limit_reached"
    await maya.closes()
    assert maya.modal is not None
    assert maya.modal.words == "2"


async def test_the_home_tab_is_published_and_replaced(
    client: AsyncWebClient, maya: Person, ana: Person
) -> None:
    first = await client.views_publish(user_id="U0MAYA", view=home(section("1")))
    second = await client.views_publish(
        user_id="U0MAYA", view=home(section("2")), hash=first["view"]["hash"]
    )
    assert first["view"]["id"] == second["view"]["id"]
    assert maya.home is not None
    assert maya.home.words == "2"
    assert ana.home is None
    late = client.views_publish(
        user_id="U0MAYA", view=home(section("3")), hash=first["view"]["hash"]
    )
    assert await refusal(late) == "hash_conflict"
    unknown = client.views_publish(user_id="U0UNKNOWN", view=home(section("x")))
    assert await refusal(unknown) == "invalid_arguments"


async def test_every_field_type_is_submitted_in_slacks_format(
    linked: AsyncApp, client: AsyncWebClient, trigger: Trigger, maya: Person
) -> None:
    submitted: list[dict[str, Any]] = []

    @linked.view("form")
    async def on_submit(ack: AsyncAck, view: dict[str, Any]) -> None:
        submitted.append(view["state"]["values"])
        await ack()

    boxes = menu("checkboxes", option("A", "a"), option("B", "b"), option("C", "c"))
    view = form(
        input_block("Customer", text()),
        input_block("Priority", PRIORITY | {"initial_option": option("Low", "low")}),
        input_block("Why", boxes),
        input_block("Who", {"type": "users_select"}),
        input_block("Where", {"type": "conversations_select"}),
        input_block("Day", {"type": "datepicker"}),
        input_block("Hour", {"type": "timepicker"}),
        input_block("Count", {"type": "number_input", "is_decimal_allowed": False}),
        input_block("Maybe", text(), optional=True),
        input_block("Kept", PRIORITY | {"initial_option": option("High", "high")}),
        section("Pick", accessory=PRIORITY | {"action_id": "side"}, block_id="extra"),
    )
    await client.views_open(trigger_id=await trigger(), view=view)
    await maya.fills(
        {"Customer": "<Acme> & Co", "Priority": "High", "Why": ["A", "C"], "Who": "ana"},
        where="#support",
        day="2026-03-09",
        hour="14:30",
        count=3,
    )
    await maya.submits()
    [values] = submitted
    answers = {block: fields.get("answer") for block, fields in values.items()}
    assert answers["customer"]["value"] == "<Acme> & Co"
    assert answers["priority"]["selected_option"]["value"] == "high"
    assert [choice["value"] for choice in answers["why"]["selected_options"]] == ["a", "c"]
    assert answers["who"] == {"type": "users_select", "selected_user": "U0ANA"}
    assert answers["where"]["selected_conversation"] == SUPPORT
    assert answers["day"]["selected_date"] == "2026-03-09"
    assert answers["hour"]["selected_time"] == "14:30"
    assert answers["count"]["value"] == "3"
    assert answers["maybe"]["value"] is None
    assert answers["kept"]["selected_option"]["text"] == plain("High") | {"emoji": True}
    assert values["extra"]["side"] == {"type": "static_select", "selected_option": None}


async def test_an_incomplete_form_is_not_submitted(
    linked: AsyncApp, client: AsyncWebClient, trigger: Trigger, maya: Person
) -> None:
    view = form(input_block("Customer", text(min_length=3)), input_block("Priority", PRIORITY))
    await client.views_open(trigger_id=await trigger(), view=view)
    await maya.submits(customer="A")
    assert maya.errors == {
        "Customer": "Please enter at least 3 characters.",
        "Priority": "Please complete this required field.",
    }


@pytest.mark.parametrize(
    ("answer", "shows"),
    [
        ({}, None),
        ({"response_action": "clear"}, None),
        ({"response_action": "update", "view": form(section("new"))}, "new"),
        ({"response_action": "push", "view": form(section("above"))}, "above"),
        ({"response_action": "errors", "errors": {"customer": "Unknown"}}, "Customer"),
    ],
)
async def test_the_response_action_decides_what_is_shown_next(
    linked: AsyncApp,
    client: AsyncWebClient,
    trigger: Trigger,
    maya: Person,
    answer: dict[str, Any],
    shows: str | None,
) -> None:
    @linked.view("form")
    async def on_submit(ack: AsyncAck) -> None:
        await ack(**answer)

    await client.views_open(trigger_id=await trigger(), view=form(input_block("Customer", text())))
    await maya.fills(customer="Acme")
    await maya.submits()
    assert (maya.modal.words if maya.modal else None) == shows
    assert maya.ephemerals == []
    if "errors" in answer:
        assert maya.errors == {"Customer": "Unknown"}


async def test_errors_for_an_unknown_block_are_refused(
    linked: AsyncApp, client: AsyncWebClient, trigger: Trigger, maya: Person
) -> None:
    @linked.view("form")
    async def on_submit(ack: AsyncAck) -> None:
        await ack(response_action="errors", errors={"elsewhere": "x"})

    await client.views_open(trigger_id=await trigger(), view=form(input_block("Customer", text())))
    await maya.fills(customer="Acme")
    await maya.submits()
    assert maya.modal is not None
    assert maya.ephemerals == ['Escalate a case failed with the error "invalid_arguments"']


async def test_view_closed_is_sent_only_if_the_view_asks_for_it(
    linked: AsyncApp, client: AsyncWebClient, trigger: Trigger, maya: Person
) -> None:
    received: list[dict[str, Any]] = []

    @linked.view_closed("form")
    async def closed(ack: AsyncAck, body: dict[str, Any]) -> None:
        received.append(body)
        await ack()

    for notify in (False, True):
        view = form(section("x"), notify_on_close=notify)
        await client.views_open(trigger_id=await trigger(), view=view)
        await maya.closes()
    [body] = received
    assert body["is_cleared"] is False


async def test_a_field_with_dispatch_action_is_reported_before_the_form_is_submitted(
    linked: AsyncApp, client: AsyncWebClient, trigger: Trigger, maya: Person
) -> None:
    received: list[dict[str, Any]] = []

    @linked.action("answer")
    async def on_action(ack: AsyncAck, body: dict[str, Any]) -> None:
        received.append(body)
        await ack()

    view = form(
        input_block("Priority", PRIORITY, dispatch_action=True),
        input_block("Customer", text()),
        actions(button("More", "more")),
    )
    await client.views_open(trigger_id=await trigger(), view=view)
    await maya.fills(customer="Acme")
    await maya.chooses("Priority", "High")
    [body] = received
    assert body["actions"][0]["selected_option"]["value"] == "high"
    values = body["view"]["state"]["values"]
    assert values["customer"]["answer"]["value"] == "Acme"
    assert body["container"] == {"type": "view", "view_id": body["view"]["id"]}
