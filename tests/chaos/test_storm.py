"""The short form of ``make chaos``: whole processes, killed, and nothing lost or doubled."""

from pathlib import Path

from tests.chaos.plan import SHORT, SHORT_OF_ONE, Plan
from tests.chaos.storm import ALL_PARTS, WEB_PARTS, Storm, Verdict, postgresql, sqlite


async def test_many_processes_on_postgresql_lose_and_double_nothing(tmp_path: Path) -> None:
    with postgresql() as database:
        verdict = await Storm(SHORT, database, tmp_path, print).run(WEB_PARTS)
    check(verdict, SHORT)
    assert verdict.happened["database restarted"] == SHORT.restarts


async def test_one_process_on_sqlite_loses_and_doubles_nothing(tmp_path: Path) -> None:
    storm = Storm(SHORT_OF_ONE, sqlite(tmp_path), tmp_path, print)
    check(await storm.run(ALL_PARTS), SHORT_OF_ONE)


def check(verdict: Verdict, plan: Plan) -> None:
    assert verdict.problems == []
    assert verdict.cases >= plan.cases
    assert verdict.happened["killed"] >= plan.kills
