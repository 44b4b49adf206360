"""The shortest way through: a command, a form, a message."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from handlers.sandbox import Person, Sandbox
from tests.handlers.sandbox.conftest import SUPPORT

FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "Escalate a case"},
    "submit": {"type": "plain_text", "text": "Escalate"},
    "blocks": [
        {
            "type": "input",
            "block_id": "customer",
            "label": {"type": "plain_text", "text": "Customer"},
            "element": {"type": "plain_text_input", "action_id": "answer"},
        }
    ],
}


async def test_a_command_opens_a_form_and_its_answers_become_a_message(
    linked: AsyncApp, sandbox: Sandbox, maya: Person, client: AsyncWebClient
) -> None:
    @linked.command("/escalate")
    async def ask(ack: AsyncAck, body: dict[str, Any]) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)
        await ack("Thank you")

    @linked.view("form")
    async def take(ack: AsyncAck, view: dict[str, Any]) -> None:
        customer = view["state"]["values"]["customer"]["answer"]["value"]
        await client.chat_postMessage(channel=SUPPORT, text=f"{customer} is down")
        await ack()

    await maya.types("/escalate Acme is down", channel=SUPPORT)
    assert maya.modal is not None
    assert maya.told == ["Thank you"]
    await maya.fills(customer="Acme")
    await maya.submits()
    assert maya.modal is None
    assert maya.sees(SUPPORT)[-1].text == "Acme is down"
    assert [call.ok for call in sandbox.calls.to("chat.postMessage")] == [True]
