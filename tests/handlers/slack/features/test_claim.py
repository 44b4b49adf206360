"""Many people claim one case at once: one becomes the owner, the others learn who."""

import asyncio

import pytest

from bot.case.event import EventKind
from handlers.http import slack_endpoint
from handlers.sandbox import Person
from storage.database import engines, line
from tests.world import SUPPORT, TEAM, World, a_world

PEOPLE = 64
PATIENCE = 20.0
"""Seconds until a claim times out; the usual limits are too short for 64 at once."""
CROWD = [f"U1CROWD{number}" for number in range(PEOPLE)]
CROWD_MAY_CLAIM = TEAM.replace('"U0MAYA", "S0MANAGERS"', ", ".join(f'"{id_}"' for id_ in CROWD))


async def gather_crowd(world: World) -> list[Person]:
    for id_ in CROWD:
        world.slack.workspace.add_person(id_, id_.lower(), id_)
        world.slack.workspace.channel(SUPPORT).members.append(id_)
    await world.reads_people()
    return [world.slack.person(id_) for id_ in CROWD]


async def test_of_64_who_claim_at_once_one_becomes_the_owner_and_63_learn_who(
    database_url: str, thorough: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "IN_TIME", PATIENCE)
    monkeypatch.setattr(slack_endpoint, "ANSWER_BY", PATIENCE)
    patient = f"-c lock_timeout={PATIENCE:.0f}s -c timezone=UTC"
    monkeypatch.setattr(engines, "POSTGRES_OPTIONS", patient)
    async with a_world(database_url, mode="http", team=CROWD_MAY_CLAIM) as world:
        world.slack.pace.on = False
        world.slack.dispatch.patience = PATIENCE
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
            replies = [text for person in crowd for text in person.ephemerals[before[person.id] :]]
            refusal = (
                f"<@{case.owner}> already claimed ESC-{number}. To take over, ask them or a lead."
            )
            assert replies.count(refusal) == PEOPLE - 1
            assert len(replies) == PEOPLE  # the owner got the next step
            await world.later(minutes=1)  # stay below the rate limit for new cases
