"""A process killed at any step of an action: the next process completes it, without help."""

import shutil
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from handlers.sandbox import Person
from storage.due import Due
from tests.chaos import checker
from tests.crashing import Life, crashing_process
from tests.handlers.actions import SOLVED, settles_slowly
from tests.world import SUPPORT, World, a_world

Action = Callable[[World], Awaitable[bool]]
"""One attempt; returns whether the person would consider it done."""

ANSWERS = {
    "Customer": "Acme",
    "What happened?": "Users cannot log in",
    "Why does it need a manager?": ["Risk"],
}
NEWS = "They have called again"
MORE_STEPS_THAN_ANY = 60
ONE_IN = 4  # every fourth step is tried, except for the actions in AT_EACH_STEP
TRIES = 5
PATIENCE = 20.0  # seconds that the sandbox waits for a response, for busy machines
SECONDS = 12  # seconds that the doomed process gets to empty its outbox


async def escalates(world: World) -> bool:
    if world.ana.modal is None:
        await world.ana.types("/escalate", channel=SUPPORT)
        if world.ana.modal is None:
            return False
        await world.ana.fills(ANSWERS)
    await world.ana.submits()
    return world.ana.modal is None


async def claims(world: World) -> bool:
    replies = len(world.maya.ephemerals)
    await world.maya.presses("Claim", on=world.card)
    await world.baton.ephemeral.drain()
    return len(world.maya.ephemerals) > replies and "failed with" not in world.maya.ephemerals[-1]


async def updates(world: World) -> bool:
    return await sends(world, world.maya, "Update", {"Details": NEWS})


async def waits(world: World) -> bool:
    return await sends(world, world.maya, "Wait", {"What has to happen?": "They answer"})


async def resumes(world: World) -> bool:
    if "Resume" in world.maya.can_press(on=world.card):
        await world.maya.presses("Resume", on=world.card)
        await world.settle()
    return "Resume" not in world.maya.can_press(on=world.card)


async def resolves(world: World) -> bool:
    return await sends(world, world.maya, "Resolve", SOLVED)


async def reopens(world: World) -> bool:
    return await sends(world, world.ana, "Reopen", {"Why does it need more work?": "It is back"})


async def sends(world: World, who: Person, label: str, answers: dict[str, str]) -> bool:
    if who.modal is None:
        await who.presses(label, on=world.card)
        if who.modal is None:
            return False
        await who.fills(answers)
    await who.submits()
    return who.modal is None


JOURNEY: list[Action] = [escalates, claims, updates, waits, resumes, resolves, reopens]
AT_EACH_STEP = (escalates, claims)


@pytest.mark.parametrize("action", JOURNEY, ids=lambda action: str(action.__name__))
async def test_the_next_process_completes_an_action_killed_at_any_step(
    migrated_file: Path, tmp_path: Path, action: Action, thorough: bool
) -> None:
    for step in count(1) if thorough or action in AT_EACH_STEP else some_steps_of(action):
        url = fresh(migrated_file, tmp_path / f"{step}.db")
        async with a_world(url, mode="http") as world:
            world.slack.dispatch.patience = PATIENCE
            for before in JOURNEY[: JOURNEY.index(action)]:
                await until_done(before, world)
                await world.settle()
            life = await lives(world, url, action, until=step)
            assert found(world, url, action) == [], f"killed at step {step}: {life.steps}"
        if not life.over:
            break
        assert step < MORE_STEPS_THAN_ANY
    assert "commit" in life.steps
    assert "answer of a call" in life.steps


async def restricts(world: World) -> bool:
    if world.maya.modal is None:
        await world.maya.presses("More", on=world.card)
    if world.maya.modal is not None and "Edit" in world.maya.can_press():
        await world.maya.presses("Edit")
    if world.maya.modal is None or "Edit" in world.maya.can_press():
        return False
    await world.maya.submits(Who_may_read_it=["Restricted to owner, reporter and leads"])
    return world.maya.modal is None


async def test_a_case_is_hidden_although_the_process_that_restricted_it_was_killed(
    migrated_file: Path, tmp_path: Path, thorough: bool
) -> None:
    for step in count(1, 1 if thorough else ONE_IN):
        url = fresh(migrated_file, tmp_path / f"{step}.db")
        async with a_world(url, mode="http") as world:
            world.slack.dispatch.patience = PATIENCE
            for before in (escalates, claims, updates):
                await until_done(before, world)
                await world.settle()
            life = await lives(world, url, restricts, until=step)
            channel = world.slack.workspace.channel(SUPPORT)
            shown = str([(it.text, it.blocks) for it in channel.messages])
            assert "restricted" in shown
            assert not [it for it in ("Acme", "log in", NEWS) if it in shown], life.steps
        if not life.over:
            break
        assert step < 2 * MORE_STEPS_THAN_ANY


def some_steps_of(action: Action) -> Iterator[int]:
    """Return every fourth step, with an offset per action: many share the same code path."""
    return count(1 + JOURNEY.index(action) % ONE_IN, ONE_IN)


async def lives(world: World, url: str, action: Action, *, until: int) -> Life:
    """Run the action in a process that dies at step ``until``, then retry it in another one."""
    done = False
    async with crashing_process(world, url, until=until) as (doomed, life):
        done = await action(doomed)
        for _ in range(SECONDS):
            if life.over or await world.store.query_all(Due.waiting) == 0:
                break
            await doomed.baton.catch_up()
            world.clock.advance(timedelta(seconds=1))
    if not done:
        await until_done(action, world)
    await settles_slowly(world)
    return life


async def until_done(action: Action, world: World) -> None:
    for _ in range(TRIES):
        if await action(world):
            return
    raise AssertionError(f"{action.__name__} was not done in {TRIES} attempts")


def found(world: World, url: str, action: Action) -> list[str]:
    """Return the problems that the chaos checker finds."""
    done = {it.__name__ for it in JOURNEY[: JOURNEY.index(action) + 1]}
    actions = [{"action": "escalated", "customer": "Acme", "text": "Users cannot log in"}]
    if "claims" in done:
        actions.append({"action": "claimed", "customer": "Acme", "by": "U0MAYA"})
    if "updates" in done:
        actions.append({"action": "updated", "customer": "Acme", "text": NEWS})
    if action is resolves:
        text = SOLVED["What was the outcome?"]
        actions.append({"action": "resolved", "customer": "Acme", "by": "U0MAYA", "text": text})
    log = world.slack.workspace.log.lines(0, 10_000)
    return checker.problems(checker.look(url, log, actions))


def fresh(migrated: Path, file: Path) -> str:
    shutil.copy(migrated, file)
    return f"sqlite:///{file}"
