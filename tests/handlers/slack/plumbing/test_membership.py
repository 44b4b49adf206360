"""Who may use Baton: members, but not guests, bots or people of another workspace."""

from typing import Any

import pytest

from bot.audit import Decision
from bot.people import Standing, WorkspaceId
from handlers.sandbox import Person
from handlers.slack.plumbing.membership import standing_of
from tests.handlers.http.endpoint import Endpoint, recorded
from tests.world import SUPPORT, WORKSPACE, World

NOT_MEMBERS = {"guest": "you are a guest here", "bot": "not from bots"}


def newcomer(world: World, **more: Any) -> Person:
    world.slack.workspace.add_person("U0NEW", "new", "New Colleague", **more)
    world.slack.workspace.channel(SUPPORT).members.append("U0NEW")
    return world.slack.person("U0NEW")


async def denials(world: World) -> list[tuple[str | None, str]]:
    links = await world.store.of(WORKSPACE).read(lambda tx: tx.audit.after(0))
    denied = [link.entry for link in links if link.entry.decision is Decision.DENIED]
    return [(it.who, it.step) for it in denied]


async def test_an_unknown_person_is_looked_up_once_after_their_first_request(
    quick_world: World,
) -> None:
    person = newcomer(quick_world)
    for _ in range(3):
        await person.types("/baton", channel=SUPPORT)
        await quick_world.baton.refresher.drain()
    first, *others = person.ephemerals
    assert first == "Slack has not confirmed your account yet. Try again in a moment."
    assert all("No open cases in *Support*." in it for it in others)
    lookups = [call.args["user"] for call in quick_world.slack.calls.to("users.info")]
    assert lookups.count("U0NEW") == 1


@pytest.mark.parametrize("kind", ["guest", "bot"])
async def test_a_guest_or_a_bot_is_refused_with_a_reason_and_the_denial_is_recorded(
    quick_world: World, kind: str
) -> None:
    world = quick_world
    await world.escalates(world.ana)
    person = newcomer(world, **{kind: True})
    await world.reads_people()
    await person.types("/escalate It is broken", channel=SUPPORT)
    assert NOT_MEMBERS[kind] in person.ephemerals[-1]
    await person.presses("Claim", on=world.card)
    await world.settle()
    assert NOT_MEMBERS[kind] in person.ephemerals[-1]
    assert (await world.case()).owner is None
    assert await denials(world) == [("U0NEW", "escalate"), ("U0NEW", "claim")]


async def test_a_manager_who_becomes_a_guest_may_no_longer_claim(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.slack.changes_person("U0MAYA", guest=True)
    await world.maya.presses("Claim", on=world.card)
    await world.settle()
    assert "you are a guest here" in world.maya.ephemerals[-1]


async def test_a_person_is_asked_to_try_again_while_slack_cannot_confirm_them(
    quick_world: World,
) -> None:
    person = newcomer(quick_world)
    quick_world.slack.faults.next("users.info", "error:internal_error")
    await person.types("/escalate", channel=SUPPORT)
    assert (
        person.ephemerals[-1] == "Slack has not confirmed your account yet. Try again in a moment."
    )
    assert person.modal is None


@pytest.mark.parametrize("name", ["baton_command", "claim_button", "escalate_form"])
async def test_no_request_of_a_person_from_another_workspace_has_an_effect(
    endpoint: Endpoint, name: str
) -> None:
    kind, payload = recorded(name)
    if isinstance(payload.get("user"), dict):
        payload["user"]["team_id"] = "T0THEIRS"
    else:
        payload["user"] = {"id": payload["user_id"], "team_id": "T0THEIRS"}
    answer = await endpoint.receives_request(kind, payload)
    assert answer.status == 200
    await endpoint.world.settle()
    assert endpoint.world.cards() == []


@pytest.mark.parametrize(
    ("fields", "standing"),
    [
        ({}, Standing.MEMBER),
        ({"deleted": True, "is_bot": True}, Standing.DEACTIVATED),
        ({"is_bot": True}, Standing.BOT),
        ({"id": "USLACKBOT"}, Standing.BOT),
        ({"is_restricted": True}, Standing.GUEST),
        ({"is_restricted": True, "is_ultra_restricted": True}, Standing.GUEST),
        ({"team_id": "T0THEIRS"}, Standing.OUTSIDER),
        ({"is_stranger": True}, Standing.OUTSIDER),
        ({"team_id": "E0", "enterprise_user": {"teams": ["T0OURS"]}}, Standing.MEMBER),
    ],
)
def test_the_fields_of_a_slack_user_decide_their_standing(
    fields: dict[str, Any], standing: Standing
) -> None:
    user = {"id": "U0ANA", "team_id": "T0OURS"} | fields
    assert standing_of(user, WorkspaceId("T0OURS")) is standing
