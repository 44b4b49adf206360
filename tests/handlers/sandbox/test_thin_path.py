"""The shortest complete flow: a command, a form, a message."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from handlers.sandbox import Person, Sandbox
from tests.handlers.sandbox.blocks import form, input_block, text
from tests.handlers.sandbox.conftest import SUPPORT


async def test_a_command_opens_a_form_and_its_submission_posts_a_message(
    linked: AsyncApp, sandbox: Sandbox, maya: Person, client: AsyncWebClient
) -> None:
    @linked.command("/escalate")
    async def open_form(ack: AsyncAck, body: dict[str, Any]) -> None:
        view = form(input_block("Customer", text(initial_value=body["text"])))
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack("Thank you")

    @linked.view("form")
    async def on_submit(ack: AsyncAck, view: dict[str, Any]) -> None:
        customer = view["state"]["values"]["customer"]["answer"]["value"]
        await client.chat_postMessage(channel=SUPPORT, text=f"{customer} is down")
        await ack()

    await maya.types("/escalate Acme", channel=SUPPORT)
    assert maya.modal is not None
    assert maya.modal.title == "Escalate a case"
    assert maya.ephemerals == ["Thank you"]
    await maya.submits()
    assert maya.modal is None
    assert maya.sees(SUPPORT)[-1].text == "Acme is down"
    assert [call.ok for call in sandbox.calls.to("chat.postMessage")] == [True]
