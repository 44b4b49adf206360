"""Forms on the page: fill in, submit, correct errors."""

from typing import Any

import pytest
from playwright.async_api import Locator, expect
from slack_bolt.async_app import AsyncAck, AsyncApp

from tests.handlers.sandbox_page.window import SUPPORT, Block, Window, field, option, plain

pytestmark = pytest.mark.asyncio(loop_scope="session")  # the same loop as the browser

OPTIONAL = {"optional": True}
FORM: Block = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("Escalate a case"),
    "submit": plain("Escalate"),
    "close": plain("Cancel"),
    "blocks": [
        field("Customer", {"type": "plain_text_input"}),
        field("What happened?", {"type": "plain_text_input", "multiline": True}),
        field("Why", {"type": "checkboxes", "options": [option("Risk"), option("Complexity")]}),
        field("Priority", {"type": "static_select", "options": [option("High"), option("Low")]}),
        field(
            "Category",
            {"type": "multi_static_select", "options": [option("Billing"), option("Delivery")]},
            **OPTIONAL,
        ),
        field("Source", {"type": "radio_buttons", "options": [option("Phone")]}, **OPTIONAL),
        field("Owner", {"type": "users_select"}, **OPTIONAL),
        field("Call back on", {"type": "datepicker"}, **OPTIONAL),
        field("Call back at", {"type": "datetimepicker"}, **OPTIONAL),
        field("Ticket link", {"type": "url_text_input"}, **OPTIONAL),
    ],
}


async def open_escalation(app: AsyncApp, window: Window) -> Locator:
    """Type ``/escalate`` and return the form that opens."""

    @app.command("/escalate")
    async def open_form(ack: AsyncAck, body: dict[str, Any]) -> None:
        await app.client.views_open(trigger_id=body["trigger_id"], view=FORM)
        await ack()

    composer = window.page.get_by_label("Message #support")
    await composer.fill("/escalate")
    await composer.press("Enter")
    form = window.page.get_by_role("dialog", name="Escalate a case")
    await form.wait_for()
    return form


async def fill_required(form: Locator) -> None:
    await form.get_by_label("Customer").fill("Acme <b>")
    await form.get_by_label("What happened?").fill("Charged twice")
    await form.get_by_label("Risk").check()
    await form.get_by_label("Priority").select_option("High")


async def test_a_submitted_form_reaches_the_app(app: AsyncApp, window: Window) -> None:
    submitted: list[dict[str, Any]] = []

    @app.view("form")
    async def on_submit(ack: AsyncAck, view: dict[str, Any]) -> None:
        submitted.append(
            {name: fields["answer"] for name, fields in view["state"]["values"].items()}
        )
        await ack()

    form = await open_escalation(app, window)
    await fill_required(form)
    await form.get_by_role("group", name="Category").get_by_role("button").click()
    await form.get_by_label("Billing").check()
    await form.get_by_label("Phone").check()
    await form.get_by_label("Owner").select_option("Ana Silva")
    await form.get_by_label("Call back on").fill("2026-03-04")
    await form.get_by_label("Call back at").fill("2026-03-04T10:00")
    await form.get_by_role("button", name="Escalate").click()
    await expect(form).to_have_count(0)
    (values,) = submitted
    assert values["customer"]["value"] == "Acme <b>"
    assert [choice["value"] for choice in values["why"]["selected_options"]] == ["risk"]
    assert values["priority"]["selected_option"]["value"] == "high"
    assert [choice["value"] for choice in values["category"]["selected_options"]] == ["billing"]
    assert values["owner"]["selected_user"] == "U0ANA"
    assert values["call_back_on"]["selected_date"] == "2026-03-04"
    assert values["call_back_at"]["selected_date_time"] == 1772614800  # ten o'clock in Berlin


async def test_a_missing_field_shows_an_error_and_nothing_is_submitted(
    app: AsyncApp, window: Window
) -> None:
    form = await open_escalation(app, window)
    await form.get_by_role("button", name="Escalate").click()
    error = form.locator('[data-block-id="customer"] [role=alert]')
    await expect(error).to_have_text("Please complete this required field.")
    await expect(form.get_by_label("Customer")).to_be_focused()
    await form.get_by_label("Customer").fill("Acme")
    await expect(error).to_be_empty()


async def test_errors_from_the_app_are_shown_and_the_input_is_kept(
    app: AsyncApp, window: Window
) -> None:
    @app.view("form")
    async def refuse(ack: AsyncAck) -> None:
        await ack(response_action="errors", errors={"customer": "Who is that?"})

    form = await open_escalation(app, window)
    await fill_required(form)
    await form.get_by_label("What happened?").press("Control+Enter")
    await expect(form.locator('[data-block-id="customer"]')).to_contain_text("Who is that?")
    await expect(form.get_by_label("What happened?")).to_have_value("Charged twice")
    await expect(form.get_by_role("button", name="Escalate")).to_be_enabled()


async def test_a_new_message_does_not_disturb_an_open_form(app: AsyncApp, window: Window) -> None:
    form = await open_escalation(app, window)
    await form.get_by_label("Customer").fill("Acme")
    await window.posted("Meanwhile", user="U0ANA")
    await expect(form.get_by_label("Customer")).to_have_value("Acme")
    await expect(form.get_by_label("Customer")).to_be_focused()


async def test_escape_closes_a_form_and_tab_stays_inside_it(app: AsyncApp, window: Window) -> None:
    form = await open_escalation(app, window)
    await form.get_by_role("button", name="Escalate").focus()
    await window.page.keyboard.press("Tab")
    await expect(form.get_by_role("button", name="Close form")).to_be_focused()
    await window.page.keyboard.press("Escape")
    await expect(form).to_have_count(0)
    assert window.sandbox.person("U0MAYA").modal is None


async def test_a_button_in_a_form_sends_what_was_typed_so_far(
    app: AsyncApp, window: Window
) -> None:
    received: list[str] = []
    look_up = {"type": "button", "action_id": "look_up", "text": plain("Look up")}
    form_with_button = FORM | {
        "blocks": [*FORM["blocks"], {"type": "actions", "elements": [look_up]}]
    }

    @app.action("look_up")
    async def on_look_up(ack: AsyncAck, body: dict[str, Any]) -> None:
        received.append(body["view"]["state"]["values"]["customer"]["answer"]["value"])
        await ack()

    @app.command("/baton")
    async def open_form(ack: AsyncAck, body: dict[str, Any]) -> None:
        await app.client.views_open(trigger_id=body["trigger_id"], view=form_with_button)
        await ack()

    await window.sandbox.person("U0MAYA").types("/baton", channel=SUPPORT)
    form = window.page.get_by_role("dialog")
    await form.get_by_label("Customer").fill("Acme")
    await form.get_by_role("button", name="Look up").click()
    await expect(form.get_by_role("button", name="Look up")).to_be_enabled()
    assert received == ["Acme"]


async def test_closing_a_pushed_form_returns_to_the_previous_one_unchanged(
    app: AsyncApp, window: Window
) -> None:
    step = {"type": "button", "action_id": "step", "text": plain("Next")}
    below = FORM | {"blocks": [*FORM["blocks"], {"type": "actions", "elements": [step]}]}
    above = FORM | {"title": plain("A second form"), "blocks": FORM["blocks"][:1]}

    @app.action("step")
    async def push(ack: AsyncAck, body: dict[str, Any]) -> None:
        await app.client.views_push(trigger_id=body["trigger_id"], view=above)
        await ack()

    @app.command("/baton")
    async def open_form(ack: AsyncAck, body: dict[str, Any]) -> None:
        await app.client.views_open(trigger_id=body["trigger_id"], view=below)
        await ack()

    await window.sandbox.person("U0MAYA").types("/baton", channel=SUPPORT)
    first = window.page.get_by_role("dialog", name="Escalate a case")
    await first.get_by_label("Customer").fill("Acme")
    await first.get_by_role("button", name="Next").click()
    second = window.page.get_by_role("dialog", name="A second form")
    await expect(second.get_by_label("Customer")).to_have_value("")
    await second.get_by_role("button", name="Back").click()
    await expect(first.get_by_label("Customer")).to_have_value("Acme")


async def test_an_open_form_survives_a_page_reload(app: AsyncApp, window: Window) -> None:
    await open_escalation(app, window)
    await window.page.reload()
    await expect(window.page.get_by_role("dialog", name="Escalate a case")).to_be_visible()
