"""Plain English, in the code as well as in messages.

The limits here may be lowered, never raised.
"""

import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

STILTED = {
    *("somebody", "nobody", "whoever", "whom", "whatever"),
    *("told", "owed", "anew", "beside"),
}  # fmt: skip
"""Words that native engineers hardly use: they hide who does what."""

PER_THOUSAND = 0.5

READ_BY_PEOPLE = (
    "*.py",
    "*.md",
    "*.j2",
    "*.toml",
    "*.yaml",
    "*.html",
    "*.js",
    "Makefile",
    ".env.example",
)
WORD = re.compile(r"[A-Za-z]+")

SINCE = "d15d5ec"
"""Commits after this one keep to CONTRIBUTING."""
SUBJECT = re.compile(r"[a-z][a-z0-9 _-]*: [a-z0-9`\"].*[^.]")
SUBJECT_AT_MOST = 60


def files() -> list[Path]:
    skipped = {".venv", ".git", "node_modules"}
    found = (path for pattern in READ_BY_PEOPLE for path in ROOT.rglob(pattern))
    return [path for path in found if skipped.isdisjoint(path.relative_to(ROOT).parts)]


def test_the_language_is_plain() -> None:
    words: Counter[str] = Counter()
    for path in files():
        words.update(word.lower() for word in WORD.findall(path.read_text(encoding="utf-8")))
    rate = 1000 * sum(words[word] for word in STILTED) / words.total()
    assert rate <= PER_THOUSAND, {word: words[word] for word in sorted(STILTED)}


def test_commit_subjects_are_short_and_say_the_effect() -> None:
    for subject in subjects():
        assert len(subject) <= SUBJECT_AT_MOST, subject
        assert SUBJECT.fullmatch(subject), subject


def subjects() -> list[str]:
    """The subjects of the commits since ``SINCE``; of all that there are, in a shallow clone."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is not a checkout")
    git = ("git", "-C", str(ROOT))
    known = subprocess.run([*git, "cat-file", "-e", SINCE], capture_output=True, check=False)  # noqa: S603
    wanted = [f"{SINCE}..HEAD"] if known.returncode == 0 else ["-1", "HEAD"]
    log = [*git, "log", "--no-merges", "--format=%s", *wanted]
    return subprocess.run(log, capture_output=True, check=True, text=True).stdout.splitlines()  # noqa: S603
