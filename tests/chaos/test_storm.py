"""A short chaos run: processes are killed, and nothing is lost or duplicated."""

from pathlib import Path

from tests.chaos.plan import SHORT, SHORT_OF_ONE, Plan
from tests.chaos.storm import ALL_PARTS, WEB_PARTS, Storm, Verdict, postgresql, sqlite


async def test_several_processes_on_postgresql_lose_and_duplicate_nothing(tmp_path: Path) -> None:
    with postgresql() as database:
        verdict = await Storm(SHORT, database, tmp_path, print).run(WEB_PARTS)
    check(verdict, SHORT)
    assert verdict.happened["database restarted"] == SHORT.restarts


async def test_one_process_on_sqlite_loses_and_duplicates_nothing(tmp_path: Path) -> None:
    storm = Storm(SHORT_OF_ONE, sqlite(tmp_path), tmp_path, print)
    check(await storm.run(ALL_PARTS), SHORT_OF_ONE)


def check(verdict: Verdict, plan: Plan) -> None:
    assert verdict.problems == []
    assert verdict.cases >= plan.cases
    assert verdict.happened["killed"] >= plan.kills
