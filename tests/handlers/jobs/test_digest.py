"""The morning digest: exactly one per working day, even across restarts."""

from datetime import timedelta

from handlers.jobs.digests import make_due_digests
from tests.builders import berlin
from tests.world import SUPPORT, TEAM, World, a_world, second_process


def digests(world: World) -> list[str]:
    return [card.text for card in world.cards() if "ESC-" not in card.text.split("\n")[0]]


async def test_the_digest_of_an_empty_day_is_one_line(quick_world: World) -> None:
    await quick_world.until(berlin("2026-03-03 09:00"))
    [digest] = digests(quick_world)
    assert "\n" not in digest
    assert "no news and no open cases" in digest


async def test_each_working_day_has_one_digest_and_the_weekend_none(
    quick_world: World,
) -> None:
    for day in range(3, 11):  # Tuesday the 3rd to Tuesday the 10th
        await quick_world.until(berlin(f"2026-03-{day:02} 09:00"))
    text = " ".join(digests(quick_world))
    days = ("Tuesday, 3", "Wednesday, 4", "Thursday, 5", "Friday, 6", "Monday, 9", "Tuesday, 10")
    assert [day for day in days if day in text] == list(days)
    assert len(digests(quick_world)) == len(days)


async def test_a_restart_does_not_repeat_the_digest(database_url: str) -> None:
    async with a_world(database_url, mode="socket") as world:
        world.clock.advance_to(berlin("2026-03-03 09:00"))
        await make_due_digests(world.store)
        async with second_process(world, database_url) as again:
            await again.settle()
            await make_due_digests(again.store)
            await again.settle()
            assert len(digests(again)) == 1


async def test_after_an_outage_of_days_one_digest_covers_everything(
    quick_world: World,
) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.until(berlin("2026-03-11 08:00"))
    [digest] = digests(world)
    assert "Tuesday, 10 March" in digest
    assert "*Opened:* 1 (ESC-1)" in digest
    assert "Overdue:* 1 (ESC-1)" in digest
    await world.until(berlin("2026-03-11 09:00"))
    assert "No news since the last digest" in digests(world)[-1]


async def test_the_digest_comes_in_the_morning_of_the_teams_time_zone(sqlite_url: str) -> None:
    team = TEAM.replace("Europe/Berlin", "America/New_York")
    async with a_world(sqlite_url, mode="socket", team=team) as world:
        await world.until(berlin("2026-03-02 14:59"))
        assert digests(world) == []
        await world.until(berlin("2026-03-02 15:00"))
        assert len(digests(world)) == 1


async def test_a_long_list_of_open_cases_is_cut_off_with_a_count_of_the_rest(
    quick_world: World,
) -> None:
    world = quick_world
    world.slack.pace.on = False
    for number in range(25):
        await world.escalates(world.ana, Customer=f"Customer {number}", Priority="Low")
        world.clock.advance(timedelta(seconds=6))  # one person may open at most ten a minute
    await world.until(berlin("2026-03-03 09:00"))
    [board] = [it for it in digests(world) if "Open now: 25 cases" in it]
    assert "5 more, less urgent" in board
    await world.later(seconds=int(timedelta(hours=1).total_seconds()))
    assert all(call.ok for call in world.slack.calls.to("chat.postMessage"))
    assert world.slack.workspace.channel(SUPPORT)
