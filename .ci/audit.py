"""Check the locked packages for known vulnerabilities: ``audit.py PIP-AUDIT``.

Fails if there is one. If the database cannot be reached, it says so in one line and succeeds: a
change must not wait for another server.
"""

import json
import subprocess
import sys

LOCKS = ("requirements.lock", "requirements-dev.lock")
UNREACHABLE = "    not checked: the database of vulnerabilities cannot be reached from here"


def main(pip_audit: str) -> int:
    requirements = [it for lock in LOCKS for it in ("--requirement", lock)]
    options = ["--format", "json", "--progress-spinner", "off", "--disable-pip", "--require-hashes"]
    try:
        ran = subprocess.run(  # noqa: S603
            [pip_audit, *options, *requirements], capture_output=True, text=True, check=False
        )
        packages = json.loads(ran.stdout)["dependencies"]
    except (OSError, ValueError):  # not installed, or no connection
        print(UNREACHABLE)
        return 0
    checked = [it for it in packages if "vulns" in it]
    if not checked:  # a mirror of the package index answers, but knows no vulnerabilities
        print(UNREACHABLE)
        return 0
    vulnerable = [(it, found) for it in checked for found in it["vulns"]]
    for package, found in vulnerable:
        fixed = ", ".join(found["fix_versions"]) or "no release yet"
        print(f"    {package['name']} {package['version']}: {found['id']}, fixed in: {fixed}")
    print(f"    {len(checked)} of {len(packages)} packages checked, {len(vulnerable)} vulnerable")
    return 1 if vulnerable else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
