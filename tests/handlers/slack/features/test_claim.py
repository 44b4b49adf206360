"""Many people and one case: one owner, and everyone else is told who."""

import asyncio

import pytest

from bot.case.event import EventKind
from handlers.http import slack_endpoint
from handlers.jobs.members import refresh_people
from handlers.sandbox import Person
from storage.database import line
from tests.world import SUPPORT, TEAM, WORKSPACE, World, a_world

PEOPLE = 64
A_BUSY_MACHINE = 20.0  # seconds that a claim may take there
CROWD = [f"U1CROWD{number}" for number in range(PEOPLE)]
A_CROWD_CLAIMS = TEAM.replace('"U0MAYA", "S0MANAGERS"', ", ".join(f'"{id_}"' for id_ in CROWD))


async def gather_crowd(world: World) -> list[Person]:
    for id_ in CROWD:
        world.slack.workspace.add_person(id_, id_.lower(), id_)
        world.slack.workspace.channel(SUPPORT).members.append(id_)
    for _ in range(2):  # each asks Slack about fifty
        await refresh_people(world.store, world.baton.client, WORKSPACE)
    return [world.slack.person(id_) for id_ in CROWD]


async def test_of_64_who_claim_at_once_one_becomes_the_owner_and_63_are_told_who(
    database_url: str, thorough: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "IN_TIME", A_BUSY_MACHINE)
    monkeypatch.setattr(slack_endpoint, "ANSWER_BY", A_BUSY_MACHINE)
    async with a_world(database_url, mode="http", team=A_CROWD_CLAIMS) as world:
        world.slack.pace.on = False
        world.slack.dispatch.patience = A_BUSY_MACHINE
        crowd = await gather_crowd(world)
        for number in range(1, (50 if thorough else 8) + 1):
            await world.escalates(world.ana)
            card = world.cards()[-1]
            before = {person.id: len(person.ephemerals) for person in crowd}
            await asyncio.gather(*(person.presses("Claim", on=card) for person in crowd))
            await world.baton.ephemeral.drain()

            case = await world.case(number)
            claims = [event for event in case.history if event.kind is EventKind.CLAIMED]
            assert [event.by for event in claims] == [case.owner]
            told = [text for person in crowd for text in person.ephemerals[before[person.id] :]]
            others = (
                f"<@{case.owner}> already claimed ESC-{number}. Ask them or a lead if you need it."
            )
            assert told.count(others) == PEOPLE - 1
            assert len(told) == PEOPLE  # and the owner is told what comes next
            await world.later(minutes=1)  # nobody escalates so often within one
