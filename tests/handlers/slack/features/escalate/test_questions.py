"""The questions that a team asks before a case of a category opens."""

import pytest

from tests.world import SUPPORT, TEAM, World, a_world

WITH_QUESTIONS = (
    TEAM
    + """
[[questions]]
category = "Outage"
ask = "Is it missing on the status page?"
or = "Send them its address"

[[questions]]
category = "outage"
ask = "Did you try it yourself?"
"""
)
ANSWERS = {"Is it missing on the status page?": "Yes", "Did you try it yourself?": "No"}


async def submits_case(world: World, category: str, customer: str = "Acme") -> None:
    await world.ben.types("/escalate Nobody can log in", channel=SUPPORT)
    answers = {"Customer": customer, "Why does it need a manager?": ["Risk"], "Category": category}
    await world.ben.fills(answers)
    await world.ben.submits()


async def test_the_questions_of_a_category_are_asked_and_the_answers_stored(
    database_url: str,
) -> None:
    async with a_world(database_url, mode="socket", team=WITH_QUESTIONS) as world:
        await submits_case(world, "OUTAGE")
        assert world.ben.modal is not None
        assert "If not: Send them its address" in world.ben.modal.words
        await world.ben.submits()
        assert set(world.ben.errors) == set(ANSWERS)
        await world.ben.fills(ANSWERS)
        await world.ben.submits(times=2)
        await world.settle()
        assert world.ben.modal is None
        story = world.maya.thread(world.card)[1].text
        assert "Is it missing on the status page? Yes\nDid you try it yourself? No" in story


@pytest.mark.parametrize("category", ["", "Billing"])
async def test_other_categories_are_not_asked(sqlite_url: str, category: str) -> None:
    async with a_world(sqlite_url, mode="socket", team=WITH_QUESTIONS) as world:
        await submits_case(world, category)
        assert world.ben.modal is None
        assert (await world.case()).answers == ""


async def test_after_the_questions_a_likely_duplicate_is_offered_too(sqlite_url: str) -> None:
    async with a_world(sqlite_url, mode="socket", team=WITH_QUESTIONS) as world:
        await world.escalates(world.ana)
        await submits_case(world, "Outage")
        await world.ben.fills(ANSWERS)
        await world.ben.submits()
        assert world.ben.modal is not None
        assert world.ben.modal.title == "Is it one of these?"
        await world.ben.submits()
        await world.settle()
        assert (await world.case(2)).answers.endswith("Did you try it yourself? No")


async def test_a_repetition_is_reported_under_the_questions(sqlite_url: str) -> None:
    async with a_world(sqlite_url, mode="socket", team=WITH_QUESTIONS) as world:
        for _ in range(2):
            await submits_case(world, "Outage")
            await world.ben.fills(ANSWERS)
            await world.ben.submits()
            await world.settle()
        assert any("the same problem as" in error for error in world.ben.errors.values())
        await world.ben.submits()
        await world.settle()
        assert world.ben.modal is None
        assert len(world.cards()) == 2
