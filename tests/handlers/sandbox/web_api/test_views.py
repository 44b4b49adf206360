"""Forms and the Home tab: triggers, hashes, stacks, and what stands in their fields."""

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
    menu,
    option,
    plain,
    question,
    section,
    text,
)
from tests.handlers.sandbox.conftest import SUPPORT
from tests.handlers.sandbox.refusals import refusal, refused

Trigger = Callable[[], Awaitable[str]]
PRIORITY = menu("static_select", option("High", "high"), option("Low", "low"))


@pytest.fixture
def trigger(linked: AsyncApp, maya: Person) -> Trigger:
    """A fresh trigger of Maya's, which nobody has used."""
    given: list[str] = []

    @linked.command("/escalate")
    async def keep(ack: AsyncAck, body: dict[str, Any]) -> None:
        given.append(body["trigger_id"])
        await ack()

    async def fresh() -> str:
        await maya.types("/escalate", channel=SUPPORT)
        return given[-1]

    return fresh


async def test_a_trigger_opens_one_form_within_three_seconds(
    client: AsyncWebClient, trigger: Trigger, clock: Clock, maya: Person
) -> None:
    used = await trigger()
    await client.views_open(trigger_id=used, view=form(section("x")))
    assert maya.modal is not None
    again = client.views_open(trigger_id=used, view=form(section("x")))
    assert await refusal(again) == "exchanged_trigger_id"
    late = await trigger()
    clock.wind(timedelta(seconds=4))
    call = client.views_open(trigger_id=late, view=form(section("x")))
    assert await refusal(call) == "expired_trigger_id"
    wrong = client.views_open(trigger_id="1.2.3", view=form(section("x")))
    assert await refusal(wrong) == "invalid_trigger_id"


async def test_a_bad_view_does_not_use_up_the_trigger(
    client: AsyncWebClient, trigger: Trigger
) -> None:
    fresh = await trigger()
    body = await refused(client.views_open(trigger_id=fresh, view=form(title=plain("x" * 25))))
    assert body["error"] == "invalid_arguments"
    assert "json-pointer:/view/title/text" in body["response_metadata"]["messages"][0]
    await client.views_open(trigger_id=fresh, view=form(section("x")))


async def test_what_was_typed_stays_while_its_field_stays(
    client: AsyncWebClient, trigger: Trigger, maya: Person
) -> None:
    opened = await client.views_open(
        trigger_id=await trigger(),
        view=form(question("Customer", text()), question("Note", text())),
    )
    await maya.fills(customer="Acme", note="urgent")
    changed = form(question("Customer", text()), question("Other", text(initial_value="?")))
    updated = await client.views_update(view_id=opened["view"]["id"], view=changed)
    values = updated["view"]["state"]["values"]
    assert values["customer"]["answer"] == {"type": "plain_text_input", "value": "Acme"}
    assert values["other"]["answer"]["value"] == "?"
    assert "note" not in values


async def test_an_update_of_a_view_that_has_changed_since_is_refused(
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


async def test_a_view_is_found_by_its_external_id_which_is_its_own(
    client: AsyncWebClient, trigger: Trigger, maya: Person
) -> None:
    view = form(section("x"), external_id="case-7")
    await client.views_open(trigger_id=await trigger(), view=view)
    twice = client.views_push(trigger_id=await trigger(), view=view)
    assert await refusal(twice) == "duplicate_external_id"
    await client.views_update(external_id="case-7", view=form(section("y"), external_id="case-7"))
    assert maya.modal is not None
    assert maya.modal.words == "y"


async def test_at_most_three_forms_lie_on_one_another(
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
    lost = client.views_publish(user_id="U0NOBODY", view=home(section("x")))
    assert await refusal(lost) == "invalid_arguments"


async def test_every_kind_of_field_comes_back_as_slack_sends_it(
    linked: AsyncApp, client: AsyncWebClient, trigger: Trigger, maya: Person
) -> None:
    taken: list[dict[str, Any]] = []

    @linked.view("form")
    async def take(ack: AsyncAck, view: dict[str, Any]) -> None:
        taken.append(view["state"]["values"])
        await ack()

    boxes = menu("checkboxes", option("A", "a"), option("B", "b"), option("C", "c"))
    view = form(
        question("Customer", text()),
        question("Priority", PRIORITY | {"initial_option": option("Low", "low")}),
        question("Why", boxes),
        question("Who", {"type": "users_select"}),
        question("Where", {"type": "conversations_select"}),
        question("Day", {"type": "datepicker"}),
        question("Hour", {"type": "timepicker"}),
        question("Count", {"type": "number_input", "is_decimal_allowed": False}),
        question("Maybe", text(), optional=True),
        question("Kept", PRIORITY | {"initial_option": option("High", "high")}),
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
    [values] = taken
    answers = {block: fields.get("answer") for block, fields in values.items()}
    assert answers["customer"]["value"] == "<Acme> & Co"
    assert answers["priority"]["selected_option"]["value"] == "high"
    assert [one["value"] for one in answers["why"]["selected_options"]] == ["a", "c"]
    assert answers["who"] == {"type": "users_select", "selected_user": "U0ANA"}
    assert answers["where"]["selected_conversation"] == SUPPORT
    assert answers["day"]["selected_date"] == "2026-03-09"
    assert answers["hour"]["selected_time"] == "14:30"
    assert answers["count"]["value"] == "3"
    assert answers["maybe"]["value"] is None
    assert answers["kept"]["selected_option"]["text"] == plain("High") | {"emoji": True}
    assert values["extra"]["side"] == {"type": "static_select", "selected_option": None}


async def test_slacks_own_client_stops_a_form_that_is_not_complete(
    linked: AsyncApp, client: AsyncWebClient, trigger: Trigger, maya: Person
) -> None:
    view = form(question("Customer", text(min_length=3)), question("Priority", PRIORITY))
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
async def test_the_answer_to_a_form_says_what_shows_next(
    linked: AsyncApp,
    client: AsyncWebClient,
    trigger: Trigger,
    maya: Person,
    answer: dict[str, Any],
    shows: str | None,
) -> None:
    @linked.view("form")
    async def take(ack: AsyncAck) -> None:
        await ack(**answer)

    await client.views_open(trigger_id=await trigger(), view=form(question("Customer", text())))
    await maya.fills(customer="Acme")
    await maya.submits()
    assert (maya.modal.words if maya.modal else None) == shows
    assert maya.ephemerals == []
    if "errors" in answer:
        assert maya.errors == {"Customer": "Unknown"}


async def test_errors_for_a_block_that_asks_nothing_are_an_error_themselves(
    linked: AsyncApp, client: AsyncWebClient, trigger: Trigger, maya: Person
) -> None:
    @linked.view("form")
    async def take(ack: AsyncAck) -> None:
        await ack(response_action="errors", errors={"elsewhere": "x"})

    await client.views_open(trigger_id=await trigger(), view=form(question("Customer", text())))
    await maya.fills(customer="Acme")
    await maya.submits()
    assert maya.modal is not None
    assert maya.ephemerals == ['Escalate a case failed with the error "invalid_arguments"']


async def test_closing_is_told_to_an_app_that_asked_for_it(
    linked: AsyncApp, client: AsyncWebClient, trigger: Trigger, maya: Person
) -> None:
    notices: list[dict[str, Any]] = []

    @linked.view_closed("form")
    async def closed(ack: AsyncAck, body: dict[str, Any]) -> None:
        notices.append(body)
        await ack()

    for asked in (False, True):
        view = form(section("x"), notify_on_close=asked)
        await client.views_open(trigger_id=await trigger(), view=view)
        await maya.closes()
    [body] = notices
    assert body["is_cleared"] is False


async def test_a_field_that_reports_is_heard_before_the_form_is_sent(
    linked: AsyncApp, client: AsyncWebClient, trigger: Trigger, maya: Person
) -> None:
    heard: list[dict[str, Any]] = []

    @linked.action("answer")
    async def hear(ack: AsyncAck, body: dict[str, Any]) -> None:
        heard.append(body)
        await ack()

    view = form(
        question("Priority", PRIORITY, dispatch_action=True),
        question("Customer", text()),
        actions(button("More", "more")),
    )
    await client.views_open(trigger_id=await trigger(), view=view)
    await maya.fills(customer="Acme")
    await maya.chooses("Priority", "High")
    [body] = heard
    assert body["actions"][0]["selected_option"]["value"] == "high"
    values = body["view"]["state"]["values"]
    assert values["customer"]["answer"]["value"] == "Acme"
    assert body["container"] == {"type": "view", "view_id": body["view"]["id"]}
