"""The audit of locked packages fails on a vulnerability and never for want of a network."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

VULNERABLE = {
    "name": "jinja2",
    "version": "3.1.0",
    "vulns": [{"id": "CVE-2025-27516", "fix_versions": ["3.1.6"]}],
}
WELL = {"name": "click", "version": "8.2.0", "vulns": []}
UNKNOWN = {"name": "uvicorn", "skip_reason": "Dependency not found on PyPI"}


def audited(folder: Path, output: str) -> tuple[int, list[str]]:
    """Run the script with a tool that prints ``output`` as pip-audit does."""
    tool = folder / "pip-audit"
    tool.write_text(f"#!/bin/sh\ncat <<'END'\n{output}\nEND\nexit 1\n", encoding="utf-8")
    tool.chmod(0o700)
    command = [sys.executable, ".ci/audit.py", str(tool)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert ran.stderr == ""
    return ran.returncode, ran.stdout.splitlines()


def test_a_vulnerable_package_fails_the_audit_and_is_named_with_its_fix(tmp_path: Path) -> None:
    report = json.dumps({"dependencies": [WELL, VULNERABLE, UNKNOWN]})
    assert audited(tmp_path, report) == (
        1,
        [
            "    jinja2 3.1.0: CVE-2025-27516, fixed in: 3.1.6",
            "    2 of 3 packages checked, 1 vulnerable",
        ],
    )


def test_packages_without_vulnerabilities_pass(tmp_path: Path) -> None:
    report = json.dumps({"dependencies": [WELL, WELL]})
    assert audited(tmp_path, report) == (0, ["    2 of 2 packages checked, 0 vulnerable"])


@pytest.mark.parametrize("output", ["", json.dumps({"dependencies": [UNKNOWN]})])
def test_an_unreachable_database_is_reported_in_one_line(tmp_path: Path, output: str) -> None:
    status, [line] = audited(tmp_path, output)
    assert status == 0
    assert "cannot be reached" in line
