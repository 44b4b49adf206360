"""What a person can do in Slack. Each action waits for the app's response."""

import asyncio
import uuid
from typing import Any

from handlers.sandbox.errors import SlackError
from handlers.sandbox.interactions import app_replies, payloads
from handlers.sandbox.interactions.dispatch import Dispatch
from handlers.sandbox.person.checks import errors_in
from handlers.sandbox.person.typed import as_sent
from handlers.sandbox.slack import Slack
from handlers.sandbox.workspace.channel import Channel
from handlers.sandbox.workspace.message import Message
from handlers.sandbox.workspace.screen import ShownView

SUBSCRIPTION = {"public": "message.channels", "private": "message.groups", "im": "message.im"}
KIND = {"public": "channel", "private": "group", "im": "im"}


class PersonActions:
    """The actions of one person, with channels, messages and views given by id or object."""

    def __init__(self, slack: Slack, dispatch: Dispatch, person: str) -> None:
        self._slack, self._dispatch, self._person = slack, dispatch, person
        self._workspace = slack.workspace
        self._screen = slack.workspace.screens[person]

    def channel(self, id: str) -> Channel:
        """Return a channel that the person is a member of.

        Raises:
            SlackError: they are not a member, or the channel does not exist.
        """
        channel = self._workspace.channel(id)
        if self._person not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    async def command(self, channel_id: str, text: str, times: int = 1) -> None:
        channel = self.channel(channel_id)
        name = text.split(maxsplit=1)[0]
        if self._workspace.app.command(name) is None:
            self._workspace.notify(self._person, f"{name} is not a valid command.")
            return
        payload = payloads.command(self._slack, self._person, channel, text)
        for reply in await self._send("slash_commands", payload, times):
            app_replies.apply_command_reply(self._slack, payload, reply)

    async def post(self, channel_id: str, text: str, thread_ts: str | None = None) -> Message:
        channel = self.channel(channel_id)
        if channel.archived:
            raise SlackError("is_archived")
        root = channel.find(thread_ts) if thread_ts else None
        if thread_ts and root is None:
            raise SlackError("thread_not_found")
        message = self._workspace.post(
            channel,
            Message(
                channel=channel.id,
                ts=self._workspace.mint.ts(),
                user=self._person,
                text=as_sent(self._workspace, text),
                thread_ts=(root.thread_ts or root.ts) if root else None,
                client_msg_id=str(uuid.uuid4()),
            ),
        )
        await self._send_message_event(channel, message)
        return message

    async def _send_message_event(self, channel: Channel, message: Message) -> None:
        app = self._workspace.app
        if app.user not in channel.members:
            return
        event = message.as_slack(self._workspace.id) | {
            "channel": channel.id,
            "event_ts": message.ts,
        }
        kind = {"channel_type": KIND[channel.kind]}
        await self._dispatch.tell(event | kind, SUBSCRIPTION[channel.kind])
        if f"<@{app.user}>" in message.text and not channel.is_im:
            await self._dispatch.tell(event | {"type": "app_mention"})

    async def shortcut(self, callback_id: str, on: Message | None, times: int = 1) -> None:
        shortcut = self._workspace.app.shortcut(callback_id)
        if shortcut is None or (shortcut.type == "message") is not (on is not None):
            raise SlackError("no_such_shortcut")
        if on is None:
            payload = payloads.shortcut(self._slack, self._person, callback_id)
        else:
            self.channel(on.channel)
            payload = payloads.message_action(self._slack, self._person, callback_id, on)
        for reply in await self._send("interactive", payload, times):
            app_replies.apply_interaction_reply(self._slack, self._person, shortcut.name, reply)

    async def press(
        self, on: Message | ShownView, action: dict[str, Any], name: str, times: int = 1
    ) -> None:
        """Use an element of a message or view; ``action`` is its entry in the payload."""
        action = action | {"action_ts": self._workspace.mint.ts()}
        if isinstance(on, Message):
            payload = payloads.actions_on_message(self._slack, self._person, on, action)
        else:
            payload = payloads.actions_in_view(self._slack, self._person, on, action)
        for reply in await self._send("interactive", payload, times):
            app_replies.apply_interaction_reply(self._slack, self._person, name, reply)

    async def submit(self, view: ShownView, times: int = 1) -> None:
        """Submit a form, unless Slack's client would refuse it first."""
        view.errors = errors_in(view)
        if view.errors:
            self._workspace.changes.happened()
            return
        payload = payloads.submission(self._slack, self._person, view)
        for reply in await self._send("interactive", payload, times):
            app_replies.apply_submission_reply(self._slack, self._person, view, reply)

    async def close(self, view: ShownView) -> None:
        if view not in self._screen.stack:
            raise SlackError("not_found")
        cleared = bool(view.view["clear_on_close"])
        closed_views = list(self._screen.stack) if cleared else [view]
        app_replies.close(self._screen, closed_views[0])
        self._workspace.changes.happened()
        for closed_view in reversed(closed_views):
            if closed_view.view["notify_on_close"]:
                payload = payloads.closing(self._slack, self._person, closed_view, cleared=cleared)
                await self._dispatch.ask("interactive", payload)

    async def suggest(self, view: ShownView, element: tuple[str, str], typed: str) -> Any:
        """Ask the app for the options of an external select menu."""
        block_id, action_id = element
        payload = payloads.suggestion(self._slack, self._person, view, block_id, action_id, typed)
        return (await self._dispatch.ask("interactive", payload)).body

    async def react(self, name: str, on: Message) -> None:
        self.channel(on.channel)
        users = on.reactions.setdefault(name, [])
        if self._person in users:
            raise SlackError("already_reacted")
        users.append(self._person)
        self._workspace.changes.happened()
        await self._dispatch.tell(
            {
                "type": "reaction_added",
                "user": self._person,
                "reaction": name,
                "item": {"type": "message", "channel": on.channel, "ts": on.ts},
                "item_user": on.user,
                "event_ts": self._workspace.mint.ts(),
            }
        )

    async def open_home(self) -> None:
        event: dict[str, Any] = {
            "type": "app_home_opened",
            "user": self._person,
            "channel": self._workspace.im(self._person).id,
            "tab": "home",
            "event_ts": self._workspace.mint.ts(),
        }
        if self._screen.home:
            event["view"] = self._screen.home.as_slack()
        await self._dispatch.tell(event)

    async def _send(self, kind: str, payload: dict[str, Any], times: int) -> list[Any]:
        """Send the same payload ``times`` times at once, as a double click does."""
        self._workspace.changes.happened()
        return await asyncio.gather(*(self._dispatch.ask(kind, payload) for _ in range(times)))
