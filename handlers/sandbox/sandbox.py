"""The sandbox as a whole: set it up, serve it on this machine, stop it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware

from handlers.sandbox.calls import Calls
from handlers.sandbox.clock import Clock
from handlers.sandbox.control import Control
from handlers.sandbox.endpoints import AppEndpoints
from handlers.sandbox.faults import Faults
from handlers.sandbox.interactions.dispatch import Dispatch
from handlers.sandbox.interactions.socket_mode import Sockets
from handlers.sandbox.loopback import ThisMachineOnly, listen
from handlers.sandbox.pace import RateLimiter
from handlers.sandbox.page_server.actions import PageActions
from handlers.sandbox.page_server.api import PageApi
from handlers.sandbox.person.actions import PersonActions
from handlers.sandbox.person.person import Person
from handlers.sandbox.server import Connections, Server
from handlers.sandbox.slack import Slack
from handlers.sandbox.web_api import WebApi
from handlers.sandbox.workspace.workspace import Workspace


class Sandbox:
    """A Slack workspace on this machine.

    Set it up through ``workspace``, serve it with ``serving``, act through ``person``, and
    inspect the app's Web API calls in ``calls``.
    """

    def __init__(
        self, clock: Clock, port: int = 0, paced: bool = True, *, id: str = "T0SANDBOX"
    ) -> None:
        self._port = port
        self._slack = slack = Slack(clock, id)
        self.calls, self.faults, self.pace = Calls(), Faults(), RateLimiter(clock, on=paced)
        self._connections = Connections()
        self.sockets = Sockets(slack, self.faults, self._connections)
        self.dispatch = Dispatch(slack, self.sockets, self.faults)
        self._control = Control(self.faults, slack.workspace.log)
        slack.announce = self.dispatch.announce
        api = WebApi(slack, self.pace, self.faults, self.calls)
        endpoints = AppEndpoints(slack, api, self.sockets, self._connections)
        page = PageApi(slack, self._page_actions)
        self._app = Starlette(
            routes=[*endpoints.routes(), *page.routes(), *self._control.routes()],
            middleware=[Middleware(ThisMachineOnly)],
        )

    @property
    def workspace(self) -> Workspace:
        return self._slack.workspace

    @property
    def clock(self) -> Clock:
        return self._slack.clock

    @property
    def bot_token(self) -> str:
        return self._slack.bot_token

    @property
    def app_token(self) -> str:
        return self._slack.app_token

    @property
    def signing_secret(self) -> str:
        return self._slack.signing_secret

    @property
    def control_token(self) -> str:
        return self._control.token

    @property
    def control_url(self) -> str:
        return f"http://{self._slack.address}/control/"

    @property
    def page_url(self) -> str:
        return f"http://{self._slack.address}/"

    @property
    def api_url(self) -> str:
        return f"http://{self._slack.address}/api/"

    @property
    def request_url(self) -> str | None:
        """The URL for signed HTTP requests, used while no socket is connected."""
        return self.dispatch.request_url

    @request_url.setter
    def request_url(self, url: str | None) -> None:
        self.dispatch.request_url = url

    def person(self, id: str) -> Person:
        self.workspace.member(id)
        return Person(self._slack, self.dispatch, id)

    async def sets_group(self, id: str, members: Sequence[str]) -> None:
        """Change the members of a user group and notify the app."""
        group = self.workspace.groups[id]
        before, group.members = group.members, list(members)
        self.workspace.changes.happened()
        await self.dispatch.tell(
            {
                "type": "subteam_members_changed",
                "subteam_id": id,
                "team_id": self.workspace.id,
                "added_users": [member for member in members if member not in before],
                "removed_users": [member for member in before if member not in members],
                "event_ts": self.workspace.mint.ts(),
            }
        )

    async def changes_person(self, id: str, **facts: Any) -> None:
        """Change facts about a person (guest, admin, deleted, …) and notify the app."""
        member = self.workspace.member(id)
        for name, value in facts.items():
            setattr(member, name, value)
        self.workspace.changes.happened()
        user = member.as_user(self.workspace.id, self.clock(), email=False, locale=False)
        event = {"type": "user_change", "user": user, "event_ts": self.workspace.mint.ts()}
        await self.dispatch.tell(event)

    async def shares_channel(self, id: str, *, shared: bool = True) -> None:
        """Share a channel with another company or end that, and notify the app."""
        self.workspace.channel(id).shared = shared
        self.workspace.changes.happened()
        name = "connected_team_id" if shared else "previously_connected_team_id"
        kind = "channel_shared" if shared else "channel_unshared"
        event = {"type": kind, name: "T0THEIRS", "channel": id, "is_ext_shared": shared}
        await self.dispatch.tell(event | {"event_ts": self.workspace.mint.ts()})

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Serve in the running event loop until the block ends.

        Raises:
            OSError: the port is taken.
        """
        listening = listen(self._port)
        host, port = listening.getsockname()
        self._slack.address = f"{host}:{port}"
        server = Server(self._app, self._connections)
        running = asyncio.create_task(server.serve([listening]))
        self.workspace.changes.reopen()
        await self.dispatch.start()
        try:
            await server.up.wait()
            yield
        finally:
            self.workspace.changes.close()
            await self._slack.background.stop()
            await self.dispatch.stop()
            server.stopping.set()
            await running

    def _page_actions(self, person: str) -> PageActions:
        actions = PersonActions(self._slack, self.dispatch, person)
        return PageActions(self.workspace, actions, person)
