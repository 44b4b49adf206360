"""Rules of the code base that are checked here instead of in reviews."""

import ast
import builtins
import json
import re
import sys
from dataclasses import fields
from pathlib import Path

import jsonschema
import pytest
import yaml
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from click import Group
from sqlalchemy import create_engine
from sqlalchemy.orm import configure_mappers

from bot.case.event import EventKind
from bot.case.recipients import AUDIENCES
from bot.settings import Settings
from bot.team import read_team
from handlers.cli.main import main
from handlers.slack.ids import Command, Shortcut
from handlers.slack.render import templates
from storage.database.engines import read_url
from storage.mapping import mapper
from storage.tables import metadata

ROOT = Path(__file__).parent.parent
FLOORS = ("bot", "storage", "handlers")

MAY_IMPORT = {
    "bot": {"bot", "holidays", "pydantic", "pydantic_core", "pydantic_settings", "rapidfuzz"},
    "storage": {"storage", "bot", "sqlalchemy", "alembic"},
    "handlers": {"handlers", "storage", "bot"}
    | {"aiohttp", "apscheduler", "click", "jinja2", "prometheus_client", "pydantic"}
    | {"icalendar", "recurring_ical_events"}
    | {"slack_bolt", "slack_sdk", "sqlalchemy", "starlette", "structlog", "uvicorn", "yaml"},
}
SANDBOX_MAY_IMPORT = {"handlers.sandbox", "aiohttp", "slack_sdk", "starlette", "uvicorn"}
FRONT_DOOR = ROOT / "bot" / "__main__.py"
READS_THE_CLOCK = {Path("storage/store.py"), Path("handlers/slack/plumbing/socket_mode.py")}


def sources(floor: str) -> list[Path]:
    return sorted(path for path in (ROOT / floor).rglob("*.py") if "versions" not in path.parts)


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: use an absolute import"
            names.add(str(node.module))
    return names


def standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names


@pytest.mark.parametrize("floor", FLOORS)
def test_imports_run_downhill(floor: str) -> None:
    for path in sources(floor):
        if path == FRONT_DOOR:
            continue
        outside = {name for name in imported(path) if not standard(name)}
        forbidden = {name for name in outside if name.partition(".")[0] not in MAY_IMPORT[floor]}
        assert not forbidden, f"{path.relative_to(ROOT)} imports {forbidden}"


def test_the_sandbox_knows_nothing_of_baton() -> None:
    for path in sources("handlers/sandbox"):
        for name in imported(path):
            allowed = standard(name) or any(name.startswith(it) for it in SANDBOX_MAY_IMPORT)
            assert allowed, f"{path.relative_to(ROOT)} imports {name}"


def test_only_the_store_reads_the_clock() -> None:
    pattern = re.compile(r"datetime\.now\(|utcnow\(|date\.today\(|[^.\w]time\.time\(\)")
    for floor in FLOORS:
        for path in sources(floor):
            inside = path.relative_to(ROOT)
            if inside in READS_THE_CLOCK or "sandbox" in inside.parts:
                continue
            assert not pattern.search(path.read_text(encoding="utf-8")), f"{inside} reads the clock"


def test_every_module_has_a_docstring() -> None:
    for floor in FLOORS:
        for path in sources(floor):
            docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
            assert docstring, f"{path.relative_to(ROOT)} has no docstring"


@pytest.mark.parametrize("kind", EventKind)
def test_every_event_has_a_template_for_each_audience(kind: EventKind) -> None:
    assert AUDIENCES[kind]
    for audience in AUDIENCES[kind]:
        assert audience in templates.get_template(f"{kind.name.lower()}.txt.j2").blocks


def test_every_field_is_stored() -> None:
    configure_mappers()
    for mapped in mapper.mappers:
        known = {attribute.key for attribute in mapped.attrs}
        for field in fields(mapped.class_):
            assert field.name in known, f"{mapped.class_.__name__}.{field.name} is not stored"


def test_every_table_begins_with_its_workspace() -> None:
    for table in metadata.tables.values():
        first = next(iter(table.columns))
        assert first.name == "workspace" or table.name == "workspaces"
        assert first.primary_key


def of_tables_py(name: str | None, kind: str, _parents: object) -> bool:
    """Leave out full-text search, which each database stores in its own way."""
    return not (name or "").startswith(("case_words", "case_numbers")) and (name, kind) not in (
        ("words", "column"),
        ("ix_cases_words", "index"),
    )


def test_the_migrations_create_the_tables(database_url: str) -> None:
    engine = create_engine(read_url(database_url))
    with engine.connect() as connection:
        opts = {"compare_type": True, "include_name": of_tables_py}
        context = MigrationContext.configure(connection, opts=opts)
        differences = compare_metadata(context, metadata)
    engine.dispose()
    assert differences == []


def test_the_manifest_is_valid_by_slacks_schema() -> None:
    manifest = yaml.safe_load((ROOT / "manifest.yaml").read_text(encoding="utf-8"))
    schema = json.loads(
        (ROOT / "tests" / "data" / "slack_manifest.schema.json").read_text(encoding="utf-8")
    )
    jsonschema.Draft7Validator(schema).validate(manifest)


def test_the_manifest_names_every_command_and_shortcut() -> None:
    features = yaml.safe_load((ROOT / "manifest.yaml").read_text(encoding="utf-8"))["features"]
    assert {it["command"] for it in features["slash_commands"]} == {*Command}
    assert {it["callback_id"] for it in features["shortcuts"]} == {*Shortcut}


def test_every_setting_is_documented() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    names = {name.upper() for name in Settings.model_fields}
    assert set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)) == names
    for name in names:
        assert f"`{name}`" in readme, f"{name} is not in the README"


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert isinstance(main, Group)
    for name in main.commands:
        assert f"baton {name}" in readme, f"baton {name} is not in the README"


def test_the_procfile_names_existing_commands() -> None:
    for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines():
        _, command = line.split(":")
        program, name = command.split()
        assert program == "baton"
        assert name in main.commands


def test_the_team_document_in_the_readme_is_valid() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [source] = re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)
    assert read_team(source).team.name == "Support"


def test_every_picture_in_the_readme_exists() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for picture in re.findall(r"docs/pictures/\w+\.png", readme):
        assert (ROOT / picture).is_file(), picture


def test_docstrings_name_exceptions_that_exist() -> None:
    known, named = set(dir(builtins)), set[str]()
    for path in [path for floor in FLOORS for path in sources(floor)]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                known.add(node.name)
            elif isinstance(node, ast.ImportFrom):
                known.update(alias.name for alias in node.names)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                _, _, raises = (ast.get_docstring(node) or "").partition("Raises:\n")
                named.update(re.findall(r"^ {4}(\w+):", raises, re.MULTILINE))
    assert named - known == set()
