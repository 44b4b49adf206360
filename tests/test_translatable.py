"""Every sentence for a reader can be translated: it is in a template, or marked in the code.

``N_``, ``_`` and ``ngettext`` mark a whole sentence. These tests find unmarked sentences, and
marked ones that are put together from fragments.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

MARKERS = {"N_", "_", "ngettext"}
NOT_FOR_READERS = {
    *("debug", "info", "warning", "error", "exception"),  # logs: operators search them in English
    *("Counter", "Gauge", "Histogram"),  # metric descriptions, as Prometheus shows them
    *("ValueError", "RuntimeError", "TypeError", "AssertionError", "PydanticCustomError"),  # bugs
    *("option", "argument", "version_option", "command"),  # click's own help
    *("compile", "text", "exec_driver_sql"),  # patterns and SQL
    *("SendResult", "log"),  # reasons for the operator's log
}
ENGLISH = {
    Path("handlers/cli/demo/sample.py"),  # what sample people write
    Path("handlers/http/health.py"),  # other programs read these answers
    Path("handlers/http/monitoring.py"),
    Path("handlers/http/signature.py"),
    Path("handlers/http/slack_endpoint.py"),
    Path("handlers/jobs/heartbeat.py"),
    Path("handlers/logs.py"),
}
CODE = re.compile(r"/baton |\w+ = ")  # an example to type
SENTENCE = re.compile(r"[A-Za-z']{2,}(?:,? [A-Za-z']+){2,}")


def sources() -> list[Path]:
    found = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "handlers").rglob("*.py")]
    inside = sorted(path.relative_to(ROOT) for path in found)
    return [path for path in inside if "sandbox" not in path.parts and path not in ENGLISH]


def name_of(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def texts(node: ast.AST) -> Iterator[ast.expr]:
    """The strings below a node, except docstrings, marked messages and texts for no reader."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue  # a docstring
        if isinstance(child, ast.Call) and name_of(child.func) in MARKERS | NOT_FOR_READERS:
            continue
        if isinstance(child, ast.keyword) and child.arg == "reason":
            continue
        is_text = isinstance(child, ast.Constant) and isinstance(child.value, str)
        if isinstance(child, ast.expr) and (is_text or isinstance(child, ast.JoinedStr)):
            yield child
        else:
            yield from texts(child)


def words_in(text: ast.expr) -> str:
    if isinstance(text, ast.Constant):
        return str(text.value)
    assert isinstance(text, ast.JoinedStr)
    return "".join(str(it.value) for it in text.values if isinstance(it, ast.Constant))


@pytest.mark.parametrize("path", sources(), ids=str)
def test_every_sentence_is_marked_for_translation(path: Path) -> None:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    unmarked = [
        f"{path}:{text.lineno}: {words_in(text)}"
        for text in texts(tree)
        if SENTENCE.search(words_in(text)) and not CODE.match(words_in(text))
    ]
    assert unmarked == []


@pytest.mark.parametrize("path", sources(), ids=str)
def test_a_marked_message_is_a_whole_literal(path: Path) -> None:
    """xgettext reads the source: it cannot see what a format or a sum would make of it."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node.func) in MARKERS:
            for argument in node.args[: 2 if name_of(node.func) == "ngettext" else 1]:
                assert not isinstance(argument, ast.JoinedStr | ast.BinOp), f"{path}:{node.lineno}"
