"""The server processes of a run, stopped at its end even if it fails."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

ENDS_WITHIN = 25  # seconds: Baton drains for at most 15
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Server:
    pid: int
    port: int
    printed: dict[str, str]

    def cpu_seconds(self) -> float:
        """Return the processor time used so far; NaN on systems without ``/proc``."""
        stat = Path(f"/proc/{self.pid}/stat")
        if not stat.exists():
            return float("nan")
        fields = stat.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ports(servers: Sequence[Server]) -> Iterator[int]:
    """Return the ports of the servers in turn, forever."""
    return cycle([server.port for server in servers])


@contextmanager
def started(*arguments: str) -> Iterator[Server]:
    """Run a role of ``tests.bench.requests.serve`` until the block ends."""
    command = [sys.executable, "-m", "tests.bench.requests.serve", *arguments]
    process = subprocess.Popen(  # noqa: S603  fixed arguments
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        if not (line := process.stdout.readline()):
            raise RuntimeError(f"{arguments[0]} did not start")
        printed = json.loads(line)
        yield Server(process.pid, int(printed["port"]), printed)
    finally:
        process.stdin.close()
        try:
            process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
