"""A Baton process that is killed at a chosen step: at a commit, a Slack call or a response.

Baton itself has no hooks for this. All effects of a process go through its database engine, its
HTTP session to Slack and its responses to requests, and the test watches these three.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event

from handlers.process import Baton, Part, running
from tests.world import World, settings_for


class Killed(BaseException):
    """Stands for SIGKILL: not an ``Exception``, so no handler in Baton catches it."""


class Life:
    """Counts the steps of a process, or those of one kind, and kills it at number ``until``.

    Once it is over, every further step raises ``Killed``.
    """

    def __init__(self, until: int, what: str | None = None) -> None:
        self._left, self._what, self.steps = until, what, list[str]()

    @property
    def over(self) -> bool:
        return self._left <= 0

    def end(self) -> None:
        self._left = 0

    def step(self, what: str) -> None:
        if not self.over:
            self._left -= self._what in (None, what)
            self.steps.append(what)
        if self.over:
            raise Killed(what)

    def watch(self, baton: Baton) -> None:
        writing = baton.store.database.writing
        event.listen(writing, "commit", lambda _connection: self.step("commit"))
        session: Any = baton.client.session
        session._request = self._around(session._request, "call", "answer of a call")
        app: Any = baton.app
        app.async_dispatch = self._around(app.async_dispatch, "request", "answer to a request")

    def _around(
        self, original: Callable[..., Awaitable[Any]], before: str, after: str
    ) -> Callable[..., Awaitable[Any]]:
        async def watched(*args: Any, **kwargs: Any) -> Any:
            self.step(before)
            result = await original(*args, **kwargs)
            self.step(after)
            return result

        return watched


@asynccontextmanager
async def crashing_process(
    world: World, database_url: str, *, until: int, what: str | None = None
) -> AsyncIterator[tuple[World, Life]]:
    """Start a second process that receives Slack's requests and is killed at step ``until``."""
    settings = settings_for(world.slack, database_url, mode="http")
    life = Life(until, what)
    try:
        async with running(settings, Part.ALL, world.host, ticking=False) as baton:
            world.slack.request_url = f"{baton.url}/slack/events"
            life.watch(baton)
            yield World(world.clock, world.host, world.slack, baton), life
    except Killed:
        pass
    finally:
        world.slack.request_url = f"{world.baton.url}/slack/events"
