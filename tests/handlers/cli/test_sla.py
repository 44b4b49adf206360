"""``baton sla``: the output for valid and invalid files."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from handlers.cli.main import main
from tests.bot.sla.test_sla_file import GOOD, PRINTED, READ


def baton_sla(*arguments: str, given: str | bytes = "") -> Result:
    return CliRunner().invoke(main, ["sla", *arguments], input=given)


def test_a_valid_file_gives_json(tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps(READ), encoding="utf-8")
    result = baton_sla(str(file))
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout)["clocks"][0] == PRINTED["clocks"][0]


def test_a_dash_reads_standard_input() -> None:
    result = baton_sla("-", given=json.dumps(GOOD))
    assert result.exit_code == 0
    assert json.loads(result.stdout)["policy"] == "Standard"


def test_non_ascii_text_is_not_escaped() -> None:
    source = json.dumps(GOOD).replace("Standard", "Größe 標準")
    assert '"policy": "Größe 標準"' in baton_sla("-", given=source).stdout


def test_an_invalid_file_prints_only_its_mistakes() -> None:
    bad = GOOD | {"now": "soon", "case": {"opened_at": "2026-03-06T16:50:00Z"}}
    result = baton_sla("-", given=json.dumps(bad))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        'Error: <stdin>: case.priority: "priority" is missing; write "urgent"',
        '<stdin>: now: "soon" is not a time with an offset; write it like "2026-03-06T16:50:00Z"',
    ]


def test_a_file_that_is_not_json_is_refused() -> None:
    result = baton_sla("-", given=b"\x00\xff{")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "Error: <stdin>: this is not UTF-8 text; save it as UTF-8\n"


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        result = baton_sla(str(path))
        assert (result.exit_code, result.stdout) == (2, "")
        assert str(path) in result.stderr
