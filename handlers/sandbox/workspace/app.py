"""The app that is installed in the workspace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self


@dataclass(frozen=True)
class Command:
    """A slash command, with the fields of an app manifest."""

    command: str  # with its slash
    usage_hint: str = ""
    description: str = ""
    should_escape: bool = False  # send @names as mentions and escape markup


@dataclass(frozen=True)
class Shortcut:
    """A global shortcut or a message shortcut."""

    name: str
    callback_id: str
    type: Literal["global", "message"] = "global"
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class App:
    """An app and its bot user, as its manifest describes them."""

    name: str
    user: str  # the bot user's id
    scopes: frozenset[str]
    commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    events: frozenset[str] | None = None  # None: subscribed to every event
    home_tab: bool = True
    messages_tab: bool = True
    id: str = "A0SANDBOX"
    bot_id: str = "B0SANDBOX"
    token: str = field(repr=False, default="")  # the deprecated verification token of each payload

    def command(self, text: str) -> Command | None:
        return next((command for command in self.commands if command.command == text), None)

    def shortcut(self, callback_id: str) -> Shortcut | None:
        return next(
            (shortcut for shortcut in self.shortcuts if shortcut.callback_id == callback_id), None
        )

    def subscribes_to(self, event: str) -> bool:
        return self.events is None or event in self.events

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Any], user: str) -> Self:
        features, settings = manifest.get("features", {}), manifest.get("settings", {})
        home = features.get("app_home", {})
        events = settings.get("event_subscriptions", {}).get("bot_events", [])
        return cls(
            name=features.get("bot_user", {}).get("display_name", "App"),
            user=user,
            scopes=frozenset(manifest["oauth_config"]["scopes"]["bot"]),
            commands=as_commands(features.get("slash_commands", [])),
            shortcuts=as_shortcuts(features.get("shortcuts", [])),
            events=frozenset(events),
            home_tab=home.get("home_tab_enabled", False),
            messages_tab=home.get("messages_tab_enabled", False),
        )


def as_commands(commands: Sequence[Command | str | Mapping[str, Any]]) -> tuple[Command, ...]:
    return tuple(as_command(command) for command in commands)


def as_command(command: Command | str | Mapping[str, Any]) -> Command:
    if isinstance(command, Command):
        return command
    if isinstance(command, str):
        return Command(command)
    names = ("command", "usage_hint", "description", "should_escape")
    return Command(**{name: command[name] for name in names if name in command})


def as_shortcuts(shortcuts: Sequence[Shortcut | Mapping[str, Any]]) -> tuple[Shortcut, ...]:
    return tuple(as_shortcut(shortcut) for shortcut in shortcuts)


def as_shortcut(shortcut: Shortcut | Mapping[str, Any]) -> Shortcut:
    if isinstance(shortcut, Shortcut):
        return shortcut
    return Shortcut(
        shortcut["name"],
        shortcut["callback_id"],
        shortcut.get("type", "global"),
        shortcut.get("description", ""),
    )
