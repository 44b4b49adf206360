"""baton sla: what an operator sees who asks how a case stands."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from handlers.cli.main import main
from tests.bot.sla.test_sla_file import GOOD, PRINTED, READ


def baton_sla(*arguments: str, given: str | bytes = "") -> Result:
    return CliRunner().invoke(main, ["sla", *arguments], input=given)


def test_a_good_file_is_answered_in_json(tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps(READ), encoding="utf-8")
    result = baton_sla(str(file))
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout)["clocks"][0] == PRINTED["clocks"][0]


def test_standard_input_is_a_file_too() -> None:
    result = baton_sla("-", given=json.dumps(GOOD))
    assert result.exit_code == 0
    assert json.loads(result.stdout)["policy"] == "Standard"


def test_words_in_any_script_are_printed_as_they_are() -> None:
    source = json.dumps(GOOD).replace("Standard", "Größe 標準")
    assert '"policy": "Größe 標準"' in baton_sla("-", given=source).stdout


def test_a_bad_file_prints_nothing_but_its_mistakes() -> None:
    bad = GOOD | {"now": "soon", "case": {"opened_at": "2026-03-06T16:50:00Z"}}
    result = baton_sla("-", given=json.dumps(bad))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        'Error: <stdin>: case.priority: this has no priority; write "urgent"',
        '<stdin>: now: "soon" is no instant; write it with its offset: "2026-03-06T16:50:00Z"',
    ]


def test_what_is_not_json_is_a_mistake_like_any_other() -> None:
    result = baton_sla("-", given=b"\x00\xff{")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "Error: <stdin>: this is not UTF-8 text; save it as that\n"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        result = baton_sla(str(path))
        assert (result.exit_code, result.stdout) == (2, "")
        assert str(path) in result.stderr
