"""Where things are: a newcomer finds any behavior in a minute, and every import runs downhill.

The limits here may be lowered, never raised.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
FLOORS = ("bot", "storage", "handlers")

LOOSE_AT_MOST = 16
BASES_AT_MOST = 3
TEMPLATES_AT_MOST = 51
CODE_LINES_AT_MOST = 400
NO_LIMIT = {Path("storage/tables.py")}  # every table, to be read as one picture


def modules(*folders: str) -> list[Path]:
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path.relative_to(ROOT) for path in found if "versions" not in path.parts)


def dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    """The modules of ours that a file imports anywhere in it, under ``TYPE_CHECKING`` as well."""
    names = {dotted(it) for it in modules(*FLOORS)}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in names else str(node.module)


def circles() -> list[list[str]]:
    """Groups of modules that import one another, by Tarjan's algorithm.

    Importing a module runs the ``__init__`` of its package first, so a package's own modules
    import each other by their full names, and its ``__init__`` is left out here.
    """
    graph = {
        dotted(path): {it for it in imports(path) if it != dotted(path)}
        for path in modules(*FLOORS)
        if path.name != "__init__.py"
    }
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(graph[node] & graph.keys()):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            group = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(group) > 1:
                found.append(sorted(group))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def test_no_folder_has_more_loose_modules_than_a_newcomer_can_scan() -> None:
    files = [path for path in modules(*FLOORS, "tests") if path.name != "__init__.py"]
    crowded = {
        str(folder): count
        for folder, count in Counter(path.parent for path in files).items()
        if count > LOOSE_AT_MOST
    }
    assert crowded == {}


def test_no_modules_import_one_another_in_a_circle() -> None:
    assert circles() == []


def test_no_class_hides_its_methods_behind_many_bases() -> None:
    ours = {
        node.name
        for path in modules(*FLOORS)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
    }
    for path in modules(*FLOORS):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef):
                bases = [it.id for it in node.bases if isinstance(it, ast.Name) and it.id in ours]
                assert len(bases) <= BASES_AT_MOST, f"{path}: {node.name} has bases {bases}"


def test_the_words_of_an_event_are_read_together() -> None:
    templates = list((ROOT / "handlers/slack/templates").iterdir())
    assert len(templates) <= TEMPLATES_AT_MOST


def test_no_file_outgrows_its_subject() -> None:
    for path in modules(*FLOORS):
        if path in NO_LIMIT:
            continue
        lines = code_lines(path)
        assert lines <= CODE_LINES_AT_MOST, f"{path} has {lines} lines: split it by subject"


def code_lines(path: Path) -> int:
    text = (ROOT / path).read_text(encoding="utf-8")
    return sum(bool(line.strip()) and not line.strip().startswith("#") for line in text.split("\n"))


def test_every_test_that_the_guarantees_name_exists() -> None:
    guarantees = (ROOT / "docs/guarantees.md").read_text(encoding="utf-8")
    there = {path.name for path in modules("tests")}
    named = set(re.findall(r"test_\w+\.py", guarantees))
    assert named
    assert named - there == set()
