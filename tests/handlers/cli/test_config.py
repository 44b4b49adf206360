"""``baton config``: check, apply and show."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handlers.cli.main import main
from tests.handlers.test_process import a_slack, environment
from tests.world import SUPPORT, TEAM


@pytest.fixture
def document(tmp_path: Path) -> Path:
    file = tmp_path / "support.toml"
    file.write_text(TEAM, encoding="utf-8")
    return file


async def in_thread(command: Callable[..., Result], *words: str | Path) -> Result:
    """Run a command in a thread, so that the sandbox can answer it."""
    return await asyncio.to_thread(command, *words)


async def write(document: Path, source: str) -> None:
    await asyncio.to_thread(document.write_text, source, encoding="utf-8")


def baton(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_a_valid_document_passes_the_check(document: Path) -> None:
    answer = baton("config", "check", document)
    assert answer.exit_code == 0
    assert "support.toml is valid. It describes the team Support." in answer.output


@pytest.mark.parametrize(
    ("valid", "invalid", "line", "fix"),
    [
        ("Europe/Berlin", "Europe/Berlim", 5, "Europe/Berlin"),
        ('calendar = "office"', 'calendar = "ofice"', 18, "office"),
        ('"15m"', '"15 minutes"', 19, "15m"),
        ('mon = ["09:00-18:00"]', 'mon = ["18:00-09:60"]', 10, ""),
        ('at = "09:00"', 'at = "9 o\'clock"', 25, "09:00"),
        ("managers =", "mangers =", 6, "managers"),
    ],
)
def test_a_document_with_a_mistake_is_refused_with_the_line_and_a_fix(
    document: Path, valid: str, invalid: str, line: int, fix: str
) -> None:
    document.write_text(TEAM.replace(valid, invalid), encoding="utf-8")
    answer = baton("config", "check", document)
    assert answer.exit_code == 2
    assert f"line {line}:" in answer.output
    assert fix in answer.output


def test_all_mistakes_are_reported_at_once(document: Path) -> None:
    document.write_text(TEAM.replace("15m", "x").replace("Europe/Berlin", "Mars"), "utf-8")
    answer = baton("config", "check", document)
    assert answer.output.count("line ") >= 2


def test_a_file_that_is_not_toml_is_refused(document: Path) -> None:
    document.write_bytes(b"\xff\xfe")
    assert "not UTF-8" in baton("config", "check", document).output
    document.write_text("[team\n", encoding="utf-8")
    answer = baton("config", "check", document)
    assert answer.exit_code == 2
    assert "line 1" in answer.output


def test_a_setting_without_effect_is_noted(document: Path) -> None:
    level = '[[escalation]]\nwhen = "unresolved"\nafter = "60m"\nnotify = ["U0LEO", "backup"]\n'
    document.write_text(TEAM + level, encoding="utf-8")
    answer = baton("config", "check", document)
    assert answer.exit_code == 0
    assert "note: escalation: backups are not supported yet" in answer.output


async def test_a_document_is_applied_and_shown_as_it_was_written(
    document: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = TEAM.replace(SUPPORT, "#support")
    await write(document, source)
    async with a_slack() as slack:
        for name, value in environment(slack, database_url, mode="socket").items():
            monkeypatch.setenv(name, value)
        applied = await in_thread(baton, "config", "apply", document)
        assert "Support: revision 1 applied in channel C0SUPPORT." in applied.output
        shown = await in_thread(baton, "config", "show")
        assert shown.output.strip() == source.strip()
        again = await in_thread(baton, "config", "apply", document)
        assert "revision 2" in again.output
        unknown = await in_thread(baton, "config", "show", "Sales")
        assert unknown.exit_code == 2
        assert "There is Support." in unknown.output


async def test_an_unknown_channel_is_refused(
    document: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(document, TEAM.replace(SUPPORT, "#suport"))
    async with a_slack() as slack:
        for name, value in environment(slack, sqlite_url, mode="socket").items():
            monkeypatch.setenv(name, value)
        answer = await in_thread(baton, "config", "apply", document)
        assert answer.exit_code == 2
        assert "Slack has no channel #suport. Create it" in answer.output


async def test_a_channel_without_baton_is_refused_with_advice(
    document: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(document, TEAM.replace(SUPPORT, "C0QUIET"))
    async with a_slack() as slack:
        slack.workspace.add_channel("C0QUIET", "quiet", members=["U0MAYA"])
        for name, value in environment(slack, sqlite_url, mode="socket").items():
            monkeypatch.setenv(name, value)
        refused = await in_thread(baton, "config", "apply", document)
        assert refused.exit_code == 2
        assert "Baton is not a member of #quiet. Type there: /invite @Baton" in refused.output
        await slack.person("U0MAYA").invites_app("C0QUIET")
        assert "revision 1 applied" in (await in_thread(baton, "config", "apply", document)).output


async def test_a_rejected_token_is_reported(
    document: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_slack() as slack:
        for name, value in environment(slack, sqlite_url, mode="socket").items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-wrong")
        answer = await in_thread(baton, "config", "apply", document)
        assert answer.exit_code == 2
        assert "Slack refuses SLACK_BOT_TOKEN (invalid_auth)" in answer.output


async def test_a_database_that_does_not_open_is_reported(
    document: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_slack() as slack:
        nowhere = "sqlite:////no/such/folder/baton.db"
        for name, value in environment(slack, nowhere, mode="socket").items():
            monkeypatch.setenv(name, value)
        answer = await in_thread(baton, "config", "apply", document)
        assert answer.exit_code == 2
        assert "The database of DATABASE_URL does not open" in answer.output
