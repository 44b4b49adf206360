"""The workspace: people, channels, user groups, the app and all messages."""

from collections.abc import Sequence
from typing import Any

from handlers.sandbox.clock import Clock
from handlers.sandbox.errors import SlackError
from handlers.sandbox.workspace.app import App, Command, Shortcut, as_commands, as_shortcuts
from handlers.sandbox.workspace.changes import Changes
from handlers.sandbox.workspace.channel import Channel
from handlers.sandbox.workspace.ids import Mint
from handlers.sandbox.workspace.log import Log
from handlers.sandbox.workspace.member import COLORS, Group, Member
from handlers.sandbox.workspace.message import Message
from handlers.sandbox.workspace.screen import Screen


class Workspace:
    """A Slack workspace with one app."""

    enterprise: None = None

    def __init__(
        self, clock: Clock, *, id: str = "T0SANDBOX", name: str = "Sandbox", domain: str = "sandbox"
    ) -> None:
        self.id, self.name, self.domain, self.clock = id, name, domain, clock
        self.mint, self.changes, self.log = Mint(clock), Changes(), Log(self.channel)
        self.people: dict[str, Member] = {}
        self.groups: dict[str, Group] = {}
        self.channels: dict[str, Channel] = {}
        self.screens: dict[str, Screen] = {}
        self._ims: dict[str, str] = {}
        self._app: App | None = None

    # Setting it up.

    def add_person(self, id: str, name: str, real_name: str | None = None, **more: Any) -> Member:
        """Add a person; ``more`` are further fields of Member, such as title, tz or guest."""
        color = COLORS[len(self.people) % len(COLORS)]
        member = Member(id=id, name=name, real_name=real_name or name, **({"color": color} | more))
        self.people[id] = member
        self.screens[id] = Screen(id)
        self.changes.happened()
        return member

    def add_channel(
        self,
        id: str,
        name: str,
        *,
        private: bool = False,
        members: Sequence[str] = (),
        topic: str = "",
    ) -> Channel:
        channel = Channel(
            id=id,
            name=name.lstrip("#"),
            private=private,
            members=list(members),
            topic=topic,
            created=int(self.clock().timestamp()),
        )
        self.channels[id] = channel
        self.changes.happened()
        return channel

    def add_group(
        self, id: str, handle: str, members: Sequence[str] = (), name: str | None = None
    ) -> Group:
        group = Group(id=id, handle=handle, name=name or handle, members=list(members))
        self.groups[id] = group
        self.changes.happened()
        return group

    def install_app(
        self,
        name: str = "Baton",
        user: str = "U0BATON",
        scopes: Sequence[str] = (),
        commands: Sequence[Command | str | dict[str, Any]] = (),
        shortcuts: Sequence[Shortcut | dict[str, Any]] = (),
        events: Sequence[str] | None = None,
    ) -> App:
        """Install the app with its bot user. ``events=None`` subscribes it to every event."""
        return self.install(
            App(
                name=name,
                user=user,
                scopes=frozenset(scopes),
                commands=as_commands(commands),
                shortcuts=as_shortcuts(shortcuts),
                events=None if events is None else frozenset(events),
            )
        )

    def install_manifest(self, manifest: dict[str, Any], user: str = "U0BATON") -> App:
        """Install the app that a manifest describes."""
        return self.install(App.from_manifest(manifest, user))

    def install(self, app: App) -> App:
        self.add_person(app.user, app.name.lower(), app.name, bot=True, bot_id=app.bot_id)
        self._app = app
        return app

    # Reading it.

    @property
    def app(self) -> App:
        if self._app is None:
            raise SlackError("invalid_auth")
        return self._app

    @property
    def has_app(self) -> bool:
        return self._app is not None

    def member(self, id: str) -> Member:
        if (found := self.people.get(id)) is None:
            raise SlackError("user_not_found")
        return found

    def channel(self, id: str) -> Channel:
        if (found := self.channels.get(id)) is None:
            raise SlackError("channel_not_found")
        return found

    def im(self, person: str) -> Channel:
        """Return the DM between a person and the app, created on first use."""
        if person not in self._ims:
            id = self.mint.id("D")
            self._ims[person] = id
            self.channels[id] = Channel(
                id=id,
                name="directmessage",
                peer=person,
                members=[person, self.app.user],
                created=int(self.clock().timestamp()),
            )
        return self.channels[self._ims[person]]

    def channels_of(self, person: str) -> list[Channel]:
        return [channel for channel in self.channels.values() if person in channel.members]

    # Posting.

    def post(self, channel: Channel, message: Message) -> Message:
        channel.keep(message)
        self.log.keep(message)
        if (
            message.is_reply
            and not message.only_for
            and (root := channel.by_ts.get(message.thread_ts or ""))
        ):
            root.thread_ts = root.ts
        self.changes.happened()
        return message

    def show_only_to(self, person: str, message: Message) -> Message:
        """Post an ephemeral message and record its text on the recipient's screen."""
        self.screens[person].ephemerals.append(message.text or message.words)
        return self.post(self.channel(message.channel), message)

    def notify(self, person: str, text: str) -> None:
        """Show an error notice to one person."""
        self.screens[person].notice(self.mint.id("N"), text)
        self.changes.happened()
