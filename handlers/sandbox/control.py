"""A door for whoever set the sandbox up, from another process: faults, and the log."""

import secrets
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from handlers.sandbox.errors import SlackError
from handlers.sandbox.faults import Faults
from handlers.sandbox.web_api.arguments import read_json
from handlers.sandbox.workspace.log import Log

PAGE = 1000  # lines of the log at once


class Control:
    """``POST /control/faults`` takes ``{"next": …}``, ``{"rain": …}`` or ``{"clear": {}}``, with
    the arguments of those functions; ``GET /control/log?since=0`` is a page of the log. Both
    ask for the control token as a bearer.
    """

    def __init__(self, faults: Faults, log: Log) -> None:
        self._faults, self._log = faults, log
        self.token = f"control-{secrets.token_hex(16)}"

    def routes(self) -> list[Route]:
        return [
            Route("/control/faults", self.set_faults, methods=["POST"]),
            Route("/control/log", self.read_log, methods=["GET"]),
        ]

    async def set_faults(self, request: Request) -> Response:
        if not self._is_ours(request):
            return refused(401, "This door takes the control token alone.")
        acts: dict[str, Callable[..., None]] = {
            "next": self._faults.next,
            "rain": self._faults.rain,
            "clear": self._faults.clear,
        }
        try:
            wanted = read_json(await request.body())
            for name, arguments in wanted.items():
                acts[name](**arguments)
        except (KeyError, TypeError, ValueError, SlackError) as error:
            return refused(400, f"Not a fault: {error}.")
        return JSONResponse({"ok": True})

    async def read_log(self, request: Request) -> Response:
        if not self._is_ours(request):
            return refused(401, "This door takes the control token alone.")
        since = request.query_params.get("since", "0")
        if not (since.isascii() and since.isdigit() and len(since) < 16):
            return refused(400, "since is the number of a line.")
        return JSONResponse({"lines": self._log.lines(int(since), PAGE)})

    def _is_ours(self, request: Request) -> bool:
        given = request.headers.get("authorization", "").encode()
        return secrets.compare_digest(given, f"Bearer {self.token}".encode())


def refused(status: int, words: str) -> Response:
    body: dict[str, Any] = {"ok": False, "error": words}
    return JSONResponse(body, status)
