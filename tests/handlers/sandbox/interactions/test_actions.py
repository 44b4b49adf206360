"""What a person can do, and what the app and the person see of it."""

import asyncio
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from handlers.sandbox import NoSuchElement, Person, Sandbox
from handlers.sandbox.errors import SlackError
from tests.handlers.sandbox.blocks import (
    actions,
    button,
    form,
    home,
    input_block,
    menu,
    option,
    overflow,
    section,
    text,
)
from tests.handlers.sandbox.conftest import QUIET, SUPPORT

CARD = [
    section("A case", accessory=button("Open", "open")),
    actions(
        button("Claim", "claim", value="7", style="primary"),
        overflow("more", option("Merge", "merge"), option("Release", "release")),
        menu("static_select", option("High", "high"), option("Low", "low"), action_id="priority"),
    ),
]


@pytest.fixture
def pressed(linked: AsyncApp) -> list[dict[str, Any]]:
    """The block_actions payloads that the app received."""
    received: list[dict[str, Any]] = []

    @linked.block_action({"action_id": "claim"})
    @linked.block_action({"action_id": "more"})
    @linked.block_action({"action_id": "priority"})
    async def on_action(ack: AsyncAck, body: dict[str, Any]) -> None:
        received.append(body)
        await ack()

    return received


@pytest.fixture
def events(linked: AsyncApp) -> list[dict[str, Any]]:
    """The events that the app received."""
    received: list[dict[str, Any]] = []

    async def on_event(event: dict[str, Any]) -> None:
        received.append(event)

    for kind in ("message", "app_mention", "app_home_opened", "member_joined_channel"):
        linked.event(kind)(on_event)
    return received


async def test_a_button_is_pressed_by_its_text_or_its_action_id(
    pressed: list[dict[str, Any]], client: AsyncWebClient, maya: Person
) -> None:
    await client.chat_postMessage(channel=SUPPORT, text="A case", blocks=CARD)
    [card] = maya.sees(SUPPORT)
    assert maya.can_press(on=card) == ["Open", "Claim", "Merge", "Release"]
    await maya.presses("Claim", on=card)
    await maya.presses("claim", on=card)
    first, second = pressed
    assert first["actions"][0]["value"] == second["actions"][0]["value"] == "7"
    assert first["trigger_id"] != second["trigger_id"]
    assert first["container"]["message_ts"] == card.ts
    assert first["message"]["blocks"] == card.blocks
    assert first["user"]["id"] == "U0MAYA"


async def test_a_menu_option_is_picked_by_its_text(
    pressed: list[dict[str, Any]], client: AsyncWebClient, maya: Person
) -> None:
    await client.chat_postMessage(channel=SUPPORT, text="A case", blocks=CARD)
    [card] = maya.sees(SUPPORT)
    await maya.presses("Release", on=card)
    await maya.chooses("priority", "Low", on=card)
    assert [body["actions"][0]["selected_option"]["value"] for body in pressed] == [
        "release",
        "low",
    ]
    [values] = pressed[1]["state"]["values"].values()
    assert values["priority"]["selected_option"]["value"] == "low"


async def test_a_missing_button_or_option_cannot_be_used(
    linked: AsyncApp, client: AsyncWebClient, maya: Person
) -> None:
    await client.chat_postMessage(channel=SUPPORT, text="A case", blocks=CARD)
    [card] = maya.sees(SUPPORT)
    with pytest.raises(NoSuchElement, match="found: 'Open', 'Claim', 'Merge', 'Release'"):
        await maya.presses("Resolve", on=card)
    with pytest.raises(NoSuchElement, match="found: 'High', 'Low'"):
        await maya.chooses("priority", "Odd", on=card)
    with pytest.raises(NoSuchElement, match="open modal"):
        await maya.submits()


async def test_a_button_press_can_arrive_twice(
    pressed: list[dict[str, Any]], client: AsyncWebClient, maya: Person
) -> None:
    await client.chat_postMessage(channel=SUPPORT, text="A case", blocks=CARD)
    await maya.presses("Claim", on=maya.sees(SUPPORT)[0], times=2)
    first, second = pressed
    assert first == second


async def test_home_tab_buttons_are_pressed_when_no_form_is_open(
    pressed: list[dict[str, Any]], events: list[dict[str, Any]], linked: AsyncApp,
    client: AsyncWebClient, maya: Person,
) -> None:  # fmt: skip
    await maya.opens_home()
    view = home(*(actions(button("Claim", "claim", value=case)) for case in ("1", "2")))
    await client.views_publish(user_id="U0MAYA", view=view)
    await maya.presses("Claim", which=1)
    assert pressed[0]["actions"][0]["value"] == "2"
    assert pressed[0]["view"]["type"] == "home"
    assert [event["tab"] for event in events] == ["home"]


async def test_shortcuts_are_global_or_belong_to_a_message(
    linked: AsyncApp, events: list[dict[str, Any]], client: AsyncWebClient, maya: Person
) -> None:
    received: list[dict[str, Any]] = []

    @linked.shortcut("escalate")
    @linked.shortcut("escalate_message")
    async def start(ack: AsyncAck, body: dict[str, Any]) -> None:
        received.append(body)
        await client.views_open(
            trigger_id=body["trigger_id"], view=form(input_block("Note", text()))
        )
        await ack()

    posted = await maya.posts("Acme & Co are angry", channel=SUPPORT)
    await maya.uses_shortcut("escalate")
    await maya.uses_shortcut("escalate_message", on=posted)
    assert maya.modal is not None
    assert received[0]["type"] == "shortcut"
    assert received[1]["message"]["text"] == "Acme &amp; Co are angry"
    assert received[1]["channel"] == {"id": SUPPORT, "name": "support"}
    with pytest.raises(SlackError, match="no_such_shortcut"):
        await maya.uses_shortcut("escalate", on=posted)


async def test_an_app_receives_the_messages_of_its_channels(
    events: list[dict[str, Any]], maya: Person, sandbox: Sandbox
) -> None:
    root = await maya.posts("<!channel> a < b @ana", channel=SUPPORT)
    await maya.replies("and more", to=root)
    await maya.posts("not for the app", channel=QUIET)
    await maya.posts("help", channel=sandbox.workspace.im("U0MAYA").id)
    await maya.posts("@baton please", channel=SUPPORT)
    received = [(event["type"], event["text"], event.get("channel_type")) for event in events]
    assert received == [
        ("message", "&lt;!channel&gt; a &lt; b <@U0ANA>", "channel"),
        ("message", "and more", "channel"),
        ("message", "help", "im"),
        ("message", "<@U0BATON> please", "channel"),
        ("app_mention", "<@U0BATON> please", None),
    ]
    assert events[1]["thread_ts"] == root.ts


async def test_an_app_receives_joins_and_invitations(
    events: list[dict[str, Any]], ana: Person
) -> None:
    await ana.joins(QUIET)
    await ana.invites_app(QUIET)
    assert [(event["user"], event.get("inviter")) for event in events] == [("U0BATON", "U0ANA")]


async def test_an_app_receives_only_the_events_it_subscribes_to(
    events: list[dict[str, Any]], sandbox: Sandbox, maya: Person
) -> None:
    workspace = sandbox.workspace
    workspace.install_app(scopes=workspace.app.scopes, events=["message.im"])  # type: ignore[arg-type]  # a set
    await maya.posts("not sent", channel=SUPPORT)
    await maya.posts("sent", channel=workspace.im("U0MAYA").id)
    assert [event["text"] for event in events] == ["sent"]


async def test_a_user_group_change_is_sent_as_an_event(linked: AsyncApp, sandbox: Sandbox) -> None:
    received: list[dict[str, Any]] = []

    @linked.event("subteam_members_changed")
    async def on_event(event: dict[str, Any]) -> None:
        received.append(event)

    await sandbox.sets_group("S0MANAGERS", ["U0ANA"])
    [event] = received
    assert event["added_users"] == ["U0ANA"]
    assert event["removed_users"] == ["U0MAYA"]
    assert sandbox.workspace.groups["S0MANAGERS"].members == ["U0ANA"]


async def test_an_unknown_command_is_not_sent_to_the_app(
    linked: AsyncApp, sandbox: Sandbox, maya: Person
) -> None:
    await maya.types("/nonsense", channel=SUPPORT)
    assert maya.ephemerals == ["/nonsense is not a valid command."]


async def test_a_person_cannot_post_in_a_channel_without_being_a_member(
    sandbox: Sandbox, ana: Person
) -> None:
    with pytest.raises(SlackError, match="not_in_channel"):
        await ana.posts("hello?", channel=QUIET)


async def test_many_people_can_press_a_button_at_once(
    linked: AsyncApp, sandbox: Sandbox, client: AsyncWebClient, maya: Person
) -> None:
    @linked.action("claim")
    async def claim(ack: AsyncAck, body: dict[str, Any]) -> None:
        await client.chat_postEphemeral(channel=SUPPORT, user=body["user"]["id"], text="No")
        await ack()

    await client.chat_postMessage(channel=SUPPORT, text="A case", blocks=CARD)
    [card] = maya.sees(SUPPORT)
    people = [sandbox.workspace.add_person(f"U0P{n}", f"p{n}").id for n in range(16)]
    sandbox.workspace.channels[SUPPORT].members += people
    await asyncio.gather(*(sandbox.person(id).presses("Claim", on=card) for id in people))
    assert [sandbox.person(id).ephemerals for id in people] == [["No"]] * 16


async def test_an_external_menu_asks_the_app_for_its_options(
    linked: AsyncApp, client: AsyncWebClient, maya: Person
) -> None:
    @linked.command("/escalate")
    async def open_form(ack: AsyncAck, body: dict[str, Any]) -> None:
        element = {"type": "external_select", "min_query_length": 0}
        view = form(input_block("Customer", element))
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    @linked.options("answer")
    async def offer(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack(options=[option(body["value"], "c1"), option("Other", "c2")])

    await maya.types("/escalate", channel=SUPPORT)
    await maya.chooses("Customer", "Acme GmbH")
    assert maya.modal is not None
    chosen = maya.modal.values()["customer"]["answer"]["selected_option"]
    assert chosen["value"] == "c1"
