"""The control endpoints: inject faults and read the message log from another process."""

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

PAGE_SIZE = 1000  # log lines per response


class Control:
    """The endpoints under ``/control/``, protected by the control token as a bearer token.

    ``POST /control/faults`` takes ``{"next": …}``, ``{"rain": …}`` or ``{"clear": {}}`` with the
    arguments of these methods of ``Faults``. ``GET /control/log?since=0`` returns a page of the
    log.
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
        if not self._is_authorized(request):
            return error_response(401, "This endpoint requires the control token.")
        operations: dict[str, Callable[..., None]] = {
            "next": self._faults.next,
            "rain": self._faults.rain,
            "clear": self._faults.clear,
        }
        try:
            requested = read_json(await request.body())
            for name, arguments in requested.items():
                operations[name](**arguments)
        except (KeyError, TypeError, ValueError, SlackError) as error:
            return error_response(400, f"Invalid fault: {error}.")
        return JSONResponse({"ok": True})

    async def read_log(self, request: Request) -> Response:
        if not self._is_authorized(request):
            return error_response(401, "This endpoint requires the control token.")
        since = request.query_params.get("since", "0")
        if not (since.isascii() and since.isdigit() and len(since) < 16):
            return error_response(400, "since must be a line number.")
        return JSONResponse({"lines": self._log.lines(int(since), PAGE_SIZE)})

    def _is_authorized(self, request: Request) -> bool:
        header = request.headers.get("authorization", "").encode()
        return secrets.compare_digest(header, f"Bearer {self.token}".encode())


def error_response(status: int, message: str) -> Response:
    body: dict[str, Any] = {"ok": False, "error": message}
    return JSONResponse(body, status)
