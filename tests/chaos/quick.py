"""``python -m tests.chaos.quick worker``: Baton with a tenth of its waits, otherwise unchanged.

With the real waits, a run would take minutes to recover after its last fault.
"""

from datetime import timedelta
from types import ModuleType

from aiohttp import ClientTimeout

from bot.delivery import delivery, send_quota
from handlers import process
from handlers.cli.main import main
from handlers.slack.outgoing import deliver

SHORTER: list[tuple[ModuleType, str, object]] = [
    (delivery, "QUIESCE", timedelta(seconds=5)),
    (delivery, "LOOK_AGAIN", timedelta(seconds=2)),
    (delivery, "SWEEP_AGAIN", timedelta(seconds=10)),
    (send_quota, "INTERVAL", timedelta(milliseconds=20)),
    (send_quota, "TRY_EVERY", timedelta(seconds=1)),
    (deliver, "LEASE", timedelta(seconds=18)),
    (deliver, "SENT_BY", 4.0),
    (process, "SLACK_ANSWERS_WITHIN", ClientTimeout(total=2)),
    (process, "TRY_AGAIN_SECONDS", 1),
]

if __name__ == "__main__":
    for place, name, value in SHORTER:
        getattr(place, name)  # fails if the constant has moved
        setattr(place, name, value)
    main()
