"""For monitoring: ``/metrics`` and ``/status``, about the whole installation and without ids."""

import hmac
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.errors import Busy
from bot.people import WorkspaceId
from bot.processes import SEEN_WITHIN, Process, count_workers
from bot.self_check import LATE, Invariant
from handlers import metrics
from handlers.http.shared_result import SharedResult
from handlers.jobs.heartbeat import NO_ANSWER, STARTING
from storage import Store
from storage.due import Backlog, Due, Lateness


@dataclass(frozen=True)
class Situation:
    """What ``/status`` judges."""

    processes: Sequence[Process]
    late: Lateness
    backlog: Backlog
    findings: dict[Invariant, int]


class Monitoring:
    """Answers monitoring systems. Until ``workspace`` is known, it says that Baton is starting."""

    def __init__(self, store: Store, token: str | None) -> None:
        self.workspace: WorkspaceId | None = None
        self._store, self._token = store, token
        self._metrics = SharedResult(self._export, store.clock)
        self._status = SharedResult(self._judge, store.clock)

    def routes(self) -> list[Route]:
        return [
            Route("/metrics", self._answer(self._read_metrics)),
            Route("/status", self._answer(self._read_status)),
        ]

    def _answer(
        self, read: Callable[[], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            if not self._may_read(request):
                challenge = {"WWW-Authenticate": "Bearer"}
                return PlainTextResponse("Send METRICS_TOKEN as a bearer token.", 401, challenge)
            if self.workspace is None:
                return JSONResponse({"problems": [STARTING]}, 503)
            try:
                return await read()
            except (Busy, SQLAlchemyError):
                return JSONResponse({"problems": [NO_ANSWER]}, 503)

        return answer

    def _may_read(self, request: Request) -> bool:
        if self._token is None:
            return True
        given = request.headers.get("authorization", "").encode("utf-8", "surrogateescape")
        return hmac.compare_digest(f"Bearer {self._token}".encode(), given)

    async def _read_metrics(self) -> Response:
        return Response(await self._metrics.get(), media_type=CONTENT_TYPE_LATEST)

    async def _read_status(self) -> Response:
        status = await self._status.get()
        return JSONResponse(status, 503 if status["problems"] else 200)

    async def _export(self) -> bytes:
        await self._store.query_all(metrics.refresh)
        metrics.show_processes(await self._processes(), at=self._store.clock())
        return generate_latest()

    async def _judge(self) -> dict[str, Any]:
        situation = Situation(
            processes=await self._processes(),
            late=await self._store.query_all(Due.lateness),
            backlog=await self._store.query_all(Due.backlog),
            findings=await self._store.query_all(Due.findings_by_invariant),
        )
        return describe(situation, at=self._store.clock())

    async def _processes(self) -> list[Process]:
        if self.workspace is None:
            return []
        return await self._store.of(self.workspace).read(lambda tx: tx.processes.all())


def describe(situation: Situation, *, at: datetime) -> dict[str, Any]:
    """Return what ``/status`` answers. Without ``problems``, all is well."""
    late, backlog = situation.late, situation.backlog
    return {
        "problems": problems_of(situation, at=at),
        "late_seconds": {
            "cases": late.case.total_seconds(),
            "messages": late.delivery.total_seconds(),
        },
        "messages": {"waiting": backlog.messages, "in_doubt": backlog.in_doubt},
        "findings": situation.findings,
        "processes": [
            {
                "host": it.host,
                "parts": list(it.parts),
                "version": it.version,
                "started_at": it.started_at.isoformat(timespec="seconds"),
                "seen_seconds_ago": (at - it.seen_at).total_seconds(),
            }
            for it in situation.processes
        ],
    }


def problems_of(situation: Situation, *, at: datetime) -> list[str]:
    problems = []
    if count_workers(situation.processes, at=at) == 0:
        problems.append(f"no worker was seen for {SEEN_WITHIN.total_seconds():.0f} s")
    if max(situation.late.case, situation.late.delivery) > LATE:
        problems.append("the worker is late or stopped")
    if situation.findings:
        problems.append("the self-check found problems")
    return problems
