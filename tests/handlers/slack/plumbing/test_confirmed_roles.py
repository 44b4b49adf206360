"""Roles end with their reason in Slack, also if that happened while Baton was not listening."""

from datetime import timedelta

import pytest

from bot.people import CaseId, GroupId, Person, Standing, UserId
from handlers.jobs.groups import refresh_groups
from handlers.jobs.members import PAGE, PAGES_PER_RUN, refresh_people
from handlers.process import Part, running
from handlers.sandbox import Clock, Sandbox
from handlers.sandbox import Person as SlackPerson
from storage import Store, Transaction
from storage.store import wall_clock
from tests.builders import a_member
from tests.world import (
    MANIFEST,
    MONDAY_9AM,
    SUPPORT,
    TEAM,
    WORKSPACE,
    World,
    a_world,
    add_people,
    apply_team_to,
    settings_for,
)

NOT_CONFIRMED = "Slack has not confirmed your account yet. Try again in a moment."
GROUPS_NOT_CONFIRMED = "Slack has not confirmed your user groups for an hour"
MANAGERS_ONLY = "Only managers of Support can claim cases. One of them will."
ASKED = ("users.list", "users.info", "usergroups.users.list")
MAYA, BEN, LEO = UserId("U0MAYA"), UserId("U0BEN"), UserId("U0LEO")


async def claims(world: World, person: SlackPerson) -> str:
    """Let a person press Claim, and return the reply that only they see."""
    before = len(person.ephemerals)
    await person.presses("Claim", on=world.cards()[0])
    await world.baton.ephemeral.drain()
    return "\n".join(person.ephemerals[before:])


def people_called(tx: Transaction, *users: UserId) -> list[Person]:
    return [tx.person(user) for user in users]


async def confirmed(world: World, user: UserId) -> Person:
    return await world.store.of(WORKSPACE).read(lambda tx: tx.person(user))


async def test_a_role_ends_when_its_user_group_is_deleted_in_slack(world: World) -> None:
    await world.escalates(world.ana)
    del world.slack.workspace.groups["S0MANAGERS"]
    await world.later(minutes=2)
    assert await claims(world, world.ben) == MANAGERS_ONLY
    assert (await world.case()).owner is None


async def test_a_role_ends_for_a_guest_of_whom_no_event_told(world: World) -> None:
    await world.escalates(world.ana)
    world.slack.workspace.member("U0MAYA").guest = True
    await world.later(minutes=21)
    assert "you are a guest here" in await claims(world, world.maya)


async def test_a_worker_reads_what_changed_before_it_listens_again(database_url: str) -> None:
    slack = Sandbox(Clock(MONDAY_9AM, running=True))
    add_people(slack)
    slack.pace.on = False
    async with slack.serving():
        settings = settings_for(slack, database_url, mode="socket")
        await apply_team_to(slack, database_url, TEAM)
        slack.workspace.member("U0MAYA").guest = True
        slack.workspace.member("U0LEO").deleted = True
        del slack.workspace.groups["S0MANAGERS"]
        async with running(settings, Part.WORKER) as baton:
            people = await baton.store.of(WORKSPACE).read(people_called, MAYA, LEO, BEN)
    assert [it.standing for it in people] == [Standing.GUEST, Standing.DEACTIVATED, Standing.MEMBER]
    assert people[-1].groups == people[-1].unconfirmed_groups == frozenset()


async def test_what_slack_says_at_the_start_replaces_answers_from_a_clock_that_was_ahead(
    database_url: str,
) -> None:
    slack = Sandbox(Clock(MONDAY_9AM, running=True))
    add_people(slack)
    slack.pace.on = False
    async with slack.serving():
        settings = settings_for(slack, database_url, mode="socket")
        async with running(settings, Part.WORKER, lambda: wall_clock() + timedelta(days=3)):
            pass
        slack.workspace.member("U0MAYA").guest = True
        async with running(settings, Part.WORKER) as baton:
            [maya] = await baton.store.of(WORKSPACE).read(people_called, MAYA)
    assert maya.standing is Standing.GUEST


async def test_an_agent_escalates_at_once_after_the_installation(database_url: str) -> None:
    async with a_world(database_url, mode="http") as world:
        asked = len(world.slack.calls.to("users.info"))
        await world.escalates(world.ana)
        assert (await world.case()).reporter == "U0ANA"
        assert len(world.slack.calls.to("users.info")) == asked


async def test_after_an_hour_a_person_is_refused_once_and_then_confirmed(world: World) -> None:
    await world.escalates(world.ana)
    world.clock.advance(timedelta(minutes=61))
    assert await claims(world, world.maya) == NOT_CONFIRMED
    await world.baton.refresher.drain()
    assert "You now own ESC-1" in await claims(world, world.maya)


async def test_after_an_hour_a_role_through_a_user_group_says_that_it_is_not_confirmed(
    world: World,
) -> None:
    await world.escalates(world.ana)
    world.clock.advance(timedelta(minutes=61))
    await world.ben.types("/baton", channel=SUPPORT)
    await world.baton.refresher.drain()
    assert GROUPS_NOT_CONFIRMED in await claims(world, world.ben)
    await world.settle()
    assert "You now own ESC-1" in await claims(world, world.ben)


@pytest.mark.parametrize("kind", ["server_error", "reset_before", "error:internal_error"])
async def test_while_slack_is_away_the_last_known_roles_hold_for_a_day(
    quick_world: World, kind: str
) -> None:
    world = quick_world
    await world.escalates(world.ana)
    for method in ASKED:
        world.slack.faults.rain(method, [kind], share=1.0, seed=1)
    await world.later(hours=23)
    for user in (MAYA, BEN):
        known = await confirmed(world, user)
        assert (known.standing, known.unconfirmed_groups) == (Standing.MEMBER, frozenset())
    await world.later(hours=2)
    for user in (MAYA, BEN):
        assert (await confirmed(world, user)).standing is Standing.UNKNOWN
    world.slack.faults.clear()
    await world.later(minutes=2)
    assert "You now own ESC-1" in await claims(world, world.ben)


async def test_a_refused_call_does_not_show_that_slack_is_away(world: World) -> None:
    """Without the scope for user groups, roles through them end, and all others work."""
    await world.escalates(world.ana)
    scopes = [it for it in MANIFEST["oauth_config"]["scopes"]["bot"] if it != "usergroups:read"]
    manifest = {**MANIFEST, "oauth_config": {"scopes": {"bot": scopes}}}
    world.slack.workspace.install_manifest(manifest)
    await world.later(minutes=62)
    assert GROUPS_NOT_CONFIRMED in await claims(world, world.ben)
    assert "You now own ESC-1" in await claims(world, world.maya)


async def test_no_answer_waits_for_slack(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    world.clock.advance(timedelta(minutes=61))
    for method in ASKED:
        world.slack.faults.rain(method, ["slow"], share=1.0, seed=1)
    calls = len(world.slack.calls)
    await world.maya.types("/baton", channel=SUPPORT)
    assert world.maya.ephemerals[-1] == NOT_CONFIRMED
    assert {call.method for call in list(world.slack.calls)[calls:]} <= set(ASKED)


def add_crowd(world: World, count: int) -> None:
    for number in range(count):
        world.slack.workspace.add_person(f"U0CROWD{number}", f"crowd{number}")


async def test_a_large_workspace_is_read_in_runs_that_keep_within_the_rate_limit(
    quick_world: World,
) -> None:
    world = quick_world
    workspace, client = world.store.of(WORKSPACE), world.baton.client
    add_crowd(world, PAGE * (PAGES_PER_RUN + 2))
    world.clock.advance(timedelta(hours=1))
    before = len(world.slack.calls.to("users.list"))
    await refresh_people(world.store, client, WORKSPACE)
    assert len(world.slack.calls.to("users.list")) - before == PAGES_PER_RUN
    world.clock.advance(timedelta(minutes=1))
    world.slack.faults.next("users.list", "ratelimited")
    for _ in range(2):
        await refresh_people(world.store, client, WORKSPACE)  # the second is not due yet
    world.clock.advance(timedelta(minutes=1))
    await refresh_people(world.store, client, WORKSPACE)
    last = UserId(f"U0CROWD{PAGE * (PAGES_PER_RUN + 2) - 1}")
    person = await workspace.read(lambda tx: tx.person(last))
    assert person.standing is Standing.MEMBER
    assert len(world.slack.calls.to("users.list")) - before == PAGES_PER_RUN + 1 + 3


async def test_an_expired_cursor_begins_the_list_again(quick_world: World) -> None:
    world = quick_world
    add_crowd(world, PAGE * (PAGES_PER_RUN + 1))
    world.clock.advance(timedelta(hours=1))
    await refresh_people(world.store, world.baton.client, WORKSPACE)
    world.clock.advance(timedelta(minutes=1))
    world.slack.faults.next("users.list", "error:invalid_cursor")
    await refresh_people(world.store, world.baton.client, WORKSPACE)
    first = world.slack.calls.to("users.list")[-PAGES_PER_RUN + 1]
    assert not first.args.get("cursor")
    assert (await confirmed(world, MAYA)).standing is Standing.MEMBER


async def test_two_workers_read_the_workspace_once(world: World) -> None:
    world.clock.advance(timedelta(minutes=30))
    before = len(world.slack.calls.to("users.list"))
    for _ in range(2):
        await refresh_people(world.store, world.baton.client, WORKSPACE)
        await refresh_groups(world.store, world.baton.client, WORKSPACE)
    assert len(world.slack.calls.to("users.list")) == before + 1


async def test_what_slack_said_later_stays(store: Store) -> None:
    """An event may arrive between the question and its answer."""
    workspace, group = store.of(WORKSPACE), GroupId("S0MANAGERS")
    now, before = MONDAY_9AM, MONDAY_9AM - timedelta(seconds=5)
    guest = Person(MAYA, standing=Standing.GUEST)
    await workspace.run(lambda tx: tx.people.keep(guest, asked_at=now))
    await workspace.run(lambda tx: tx.people.keep(a_member(MAYA), asked_at=before))
    await workspace.run(lambda tx: tx.groups.replace(group, [], asked_at=now))
    await workspace.run(lambda tx: tx.groups.replace(group, [MAYA], asked_at=before))
    assert await workspace.read(lambda tx: tx.person(MAYA)) == guest


async def test_a_person_who_left_unnoticed_keeps_no_case(world: World) -> None:
    await world.escalates(world.ana)
    await world.maya.presses("Claim", on=world.card)
    world.slack.workspace.member("U0MAYA").deleted = True
    await world.later(minutes=21)
    assert (await world.case()).owner is None


async def test_a_message_does_not_wait_for_slack_to_confirm_its_recipient(
    quick_world: World,
) -> None:
    world = quick_world
    await world.escalates(world.ana)
    world.slack.faults.rain("users.list", ["ratelimited"], share=1.0, seed=1)
    await world.later(hours=2)
    await world.store.of(WORKSPACE).run(restrict_and_claim)
    await world.settle()
    assert "claimed your case *ESC-1* (Acme)" in world.ana.dms()[-1].text


def restrict_and_claim(tx: Transaction) -> None:
    case = tx.cases.get(CaseId(1))
    case.restricted = True
    case.claim(by=a_member(MAYA), at=tx.now)
