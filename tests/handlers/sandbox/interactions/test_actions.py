"""What a person can do, and what they see of it."""

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
    menu,
    option,
    overflow,
    question,
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
    """Every press that the app heard of."""
    heard: list[dict[str, Any]] = []

    @linked.block_action({"action_id": "claim"})
    @linked.block_action({"action_id": "more"})
    @linked.block_action({"action_id": "priority"})
    async def hear(ack: AsyncAck, body: dict[str, Any]) -> None:
        heard.append(body)
        await ack()

    return heard


@pytest.fixture
def events(linked: AsyncApp) -> list[dict[str, Any]]:
    """Every event that the app heard of."""
    heard: list[dict[str, Any]] = []

    async def hear(event: dict[str, Any]) -> None:
        heard.append(event)

    for kind in ("message", "app_mention", "app_home_opened", "member_joined_channel"):
        linked.event(kind)(hear)
    return heard


async def test_a_button_is_pressed_by_its_words_or_its_action_id(
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


async def test_an_option_of_a_menu_is_picked_by_its_words(
    pressed: list[dict[str, Any]], client: AsyncWebClient, maya: Person
) -> None:
    await client.chat_postMessage(channel=SUPPORT, text="A case", blocks=CARD)
    [card] = maya.sees(SUPPORT)
    await maya.presses("Release", on=card)
    await maya.chooses("priority", "Low", on=card)
    assert [one["actions"][0]["selected_option"]["value"] for one in pressed] == ["release", "low"]
    [values] = pressed[1]["state"]["values"].values()
    assert values["priority"]["selected_option"]["value"] == "low"


async def test_what_is_not_there_cannot_be_pressed(
    linked: AsyncApp, client: AsyncWebClient, maya: Person
) -> None:
    await client.chat_postMessage(channel=SUPPORT, text="A case", blocks=CARD)
    [card] = maya.sees(SUPPORT)
    with pytest.raises(NoSuchElement, match="there is 'Open', 'Claim', 'Merge', 'Release'"):
        await maya.presses("Resolve", on=card)
    with pytest.raises(NoSuchElement, match="there is 'High', 'Low'"):
        await maya.chooses("priority", "Odd", on=card)
    with pytest.raises(NoSuchElement, match="open form"):
        await maya.submits()


async def test_a_press_can_arrive_twice(
    pressed: list[dict[str, Any]], client: AsyncWebClient, maya: Person
) -> None:
    await client.chat_postMessage(channel=SUPPORT, text="A case", blocks=CARD)
    await maya.presses("Claim", on=maya.sees(SUPPORT)[0], times=2)
    first, second = pressed
    assert first == second


async def test_home_buttons_are_pressed_where_no_form_is_open(
    pressed: list[dict[str, Any]], events: list[dict[str, Any]], linked: AsyncApp,
    client: AsyncWebClient, maya: Person,
) -> None:  # fmt: skip
    await maya.opens_home()
    view = home(*(actions(button("Claim", "claim", value=case)) for case in ("1", "2")))
    await client.views_publish(user_id="U0MAYA", view=view)
    await maya.presses("Claim", which=1)
    assert pressed[0]["actions"][0]["value"] == "2"
    assert pressed[0]["view"]["type"] == "home"
    assert [one["tab"] for one in events] == ["home"]


async def test_shortcuts_start_from_anywhere_or_from_a_message(
    linked: AsyncApp, events: list[dict[str, Any]], client: AsyncWebClient, maya: Person
) -> None:
    heard: list[dict[str, Any]] = []

    @linked.shortcut("escalate")
    @linked.shortcut("escalate_message")
    async def start(ack: AsyncAck, body: dict[str, Any]) -> None:
        heard.append(body)
        await client.views_open(trigger_id=body["trigger_id"], view=form(question("Note", text())))
        await ack()

    said = await maya.posts("Acme & Co are angry", channel=SUPPORT)
    await maya.uses_shortcut("escalate")
    await maya.uses_shortcut("escalate_message", on=said)
    assert maya.modal is not None
    assert heard[0]["type"] == "shortcut"
    assert heard[1]["message"]["text"] == "Acme &amp; Co are angry"
    assert heard[1]["channel"] == {"id": SUPPORT, "name": "support"}
    with pytest.raises(SlackError, match="no_such_shortcut"):
        await maya.uses_shortcut("escalate", on=said)


async def test_an_app_hears_what_is_said_where_it_is(
    events: list[dict[str, Any]], maya: Person, sandbox: Sandbox
) -> None:
    root = await maya.posts("<!channel> a < b @ana", channel=SUPPORT)
    await maya.replies("and more", to=root)
    await maya.posts("not for the app", channel=QUIET)
    await maya.posts("help", channel=sandbox.workspace.im("U0MAYA").id)
    await maya.posts("@baton please", channel=SUPPORT)
    said = [(one["type"], one["text"], one.get("channel_type")) for one in events]
    assert said == [
        ("message", "&lt;!channel&gt; a &lt; b <@U0ANA>", "channel"),
        ("message", "and more", "channel"),
        ("message", "help", "im"),
        ("message", "<@U0BATON> please", "channel"),
        ("app_mention", "<@U0BATON> please", None),
    ]
    assert events[1]["thread_ts"] == root.ts


async def test_an_app_hears_who_joins(events: list[dict[str, Any]], ana: Person) -> None:
    await ana.joins(QUIET)
    await ana.invites_app(QUIET)
    assert [(one["user"], one.get("inviter")) for one in events] == [("U0BATON", "U0ANA")]


async def test_only_what_the_app_subscribed_to_is_sent(
    events: list[dict[str, Any]], sandbox: Sandbox, maya: Person
) -> None:
    there = sandbox.workspace
    there.install_app(scopes=there.app.scopes, events=["message.im"])  # type: ignore[arg-type]  # a set
    await maya.posts("not heard", channel=SUPPORT)
    await maya.posts("heard", channel=there.im("U0MAYA").id)
    assert [one["text"] for one in events] == ["heard"]


async def test_a_group_that_changes_is_an_event(linked: AsyncApp, sandbox: Sandbox) -> None:
    heard: list[dict[str, Any]] = []

    @linked.event("subteam_members_changed")
    async def hear(event: dict[str, Any]) -> None:
        heard.append(event)

    await sandbox.sets_group("S0MANAGERS", ["U0ANA"])
    [event] = heard
    assert event["added_users"] == ["U0ANA"]
    assert event["removed_users"] == ["U0MAYA"]
    assert sandbox.workspace.groups["S0MANAGERS"].members == ["U0ANA"]


async def test_an_unknown_command_is_not_sent(
    linked: AsyncApp, sandbox: Sandbox, maya: Person
) -> None:
    await maya.types("/nonsense", channel=SUPPORT)
    assert maya.ephemerals == ["/nonsense is not a valid command."]


async def test_nobody_writes_where_they_are_not(sandbox: Sandbox, ana: Person) -> None:
    with pytest.raises(SlackError, match="not_in_channel"):
        await ana.posts("hello?", channel=QUIET)


async def test_many_people_press_at_once(
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
    async def ask(ack: AsyncAck, body: dict[str, Any]) -> None:
        element = {"type": "external_select", "min_query_length": 0}
        view = form(question("Customer", element))
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
