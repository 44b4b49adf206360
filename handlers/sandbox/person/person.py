"""A person who uses Slack and sees the results."""

from collections.abc import Mapping
from typing import Any

from handlers.sandbox.interactions.dispatch import Dispatch
from handlers.sandbox.person.actions import PersonActions
from handlers.sandbox.person.fields import filled, options_of
from handlers.sandbox.person.find import Element, NoSuchElement, fillable, pick, pressable, text_of
from handlers.sandbox.slack import Slack
from handlers.sandbox.workspace.field_state import TEXT_INPUTS
from handlers.sandbox.workspace.message import Message
from handlers.sandbox.workspace.screen import ShownView


class Person:
    """A simulated person. Elements are named by the text that a person would read."""

    def __init__(self, slack: Slack, dispatch: Dispatch, id: str) -> None:
        self.id = id
        self._workspace = slack.workspace
        self._screen = slack.workspace.screens[id]
        self._actions = PersonActions(slack, dispatch, id)
        self._dispatch = dispatch

    def __repr__(self) -> str:
        return f"Person({self.id!r})"

    # What they do.

    async def types(self, text: str, channel: str, *, times: int = 1) -> None:
        """Send a command if the text begins with a slash, else post a message."""
        if text.startswith("/"):
            await self._actions.command(channel, text, times)
        else:
            await self._actions.post(channel, text)

    async def posts(self, text: str, channel: str, thread_ts: str | None = None) -> Message:
        return await self._actions.post(channel, text, thread_ts)

    async def replies(self, text: str, to: Message) -> Message:
        return await self._actions.post(to.channel, text, to.thread_ts or to.ts)

    async def uses_shortcut(
        self, callback_id: str, on: Message | None = None, *, times: int = 1
    ) -> None:
        await self._actions.shortcut(callback_id, on, times)

    async def presses(
        self,
        label: str,
        on: Message | ShownView | None = None,
        *,
        which: int = 0,
        times: int = 1,
    ) -> None:
        """Press a button or pick an overflow option, by its text or action_id.

        Without ``on``, look in the open modal, else on the Home tab. ``which`` counts from 0
        if several have the same name.

        Raises:
            NoSuchElement: there is no such button; the message lists those that exist.
        """
        surface = on or self._current_view()
        found = pick(pressable(blocks_of(surface)), label, which)
        await self._actions.press(surface, pressed(found), label, times)

    async def chooses(
        self, label: str, *answers: Any, on: Message | ShownView | None = None, which: int = 0
    ) -> None:
        """Fill one field, found by its label. Options are given by text and people by name."""
        surface = on or self._current_view()
        found = pick(fillable(blocks_of(surface)), label, which)
        if "external" in found.spec["type"] and isinstance(surface, ShownView):
            found = await self._with_options(surface, found, str(answers[0]) if answers else "")
        state = filled(found.spec, answers, self._workspace)
        block_id, action_id = found.block["block_id"], found.spec["action_id"]
        if isinstance(surface, Message):
            surface.chosen.setdefault(block_id, {})[action_id] = state
        else:
            surface.type(block_id, action_id, state)
        self._workspace.changes.happened()
        if dispatches_action(found):
            await self._actions.press(surface, field_action(found, state), label)

    async def fills(self, fields: Mapping[str, Any] | None = None, **more: Any) -> None:
        """Fill several fields by label. Use a list for multi-selects, underscores for spaces."""
        for label, answer in {**(fields or {}), **more}.items():
            answers = answer if isinstance(answer, list | tuple) else [answer]
            await self.chooses(label, *answers)

    async def submits(self, *, times: int = 1, **fields: Any) -> None:
        """Fill in ``fields`` and submit the open modal. Problems show up in ``errors``."""
        await self.fills(fields)
        await self._actions.submit(self._open_modal(), times)

    async def closes(self) -> None:
        await self._actions.close(self._open_modal())

    async def reacts(self, name: str, on: Message) -> None:
        """Add a reaction; ``name`` is an emoji name without colons."""
        await self._actions.react(name, on)

    async def opens_home(self) -> None:
        await self._actions.open_home()

    async def joins(self, channel: str, *, inviter: str | None = None) -> None:
        await self._join(self.id, channel, inviter)

    async def invites_app(self, channel: str) -> None:
        await self._join(self._workspace.app.user, channel, self.id)

    async def _join(self, member: str, id: str, inviter: str | None) -> None:
        channel = self._workspace.channel(id)
        if member not in channel.members:
            channel.members.append(member)
            self._workspace.changes.happened()
        event = {
            "type": "member_joined_channel",
            "user": member,
            "channel": id,
            "channel_type": "G" if channel.private else "C",
            "team": self._workspace.id,
            "event_ts": self._workspace.mint.ts(),
        }
        if self._workspace.app.user in channel.members:
            await self._dispatch.tell(event | ({"inviter": inviter} if inviter else {}))

    # What they see.

    @property
    def modal(self) -> ShownView | None:
        return self._screen.top

    @property
    def home(self) -> ShownView | None:
        return self._screen.home

    @property
    def ephemerals(self) -> list[str]:
        """Ephemeral replies and error notices, newest last."""
        return list(self._screen.ephemerals)

    @property
    def errors(self) -> dict[str, str]:
        """The errors shown in the open modal, by field label."""
        if (view := self.modal) is None:
            return {}
        labels = {block["block_id"]: text_of(block, "label") for block in view.view["blocks"]}
        return {labels.get(block, block): text for block, text in view.errors.items()}

    def can_press(self, on: Message | ShownView | None = None) -> list[str]:
        """Return the text of every button and overflow option, in order."""
        return [element.names[0] for element in pressable(blocks_of(on or self._current_view()))]

    def sees(self, channel: str) -> list[Message]:
        """Return the messages in the channel view: no thread replies, ephemeral ones included."""
        seen = self._actions.channel(channel).seen_by(self.id)
        return [message for message in seen if not message.is_reply or message.broadcast]

    def thread(self, message: Message) -> list[Message]:
        """Return the root message and its replies."""
        root = message.thread_ts or message.ts
        seen = self._actions.channel(message.channel).seen_by(self.id)
        return [message for message in seen if root in {message.ts, message.thread_ts}]

    def dms(self) -> list[Message]:
        """Return all messages in their DM with the app, replies included."""
        return self._workspace.im(self.id).seen_by(self.id)

    def _open_modal(self) -> ShownView:
        if (view := self.modal) is None:
            raise NoSuchElement("open modal", [])
        return view

    def _current_view(self) -> ShownView:
        if (view := self.modal or self.home) is None:
            raise NoSuchElement("open modal or Home tab", [])
        return view

    async def _with_options(self, view: ShownView, found: Element, typed: str) -> Element:
        ids = (found.block["block_id"], found.spec["action_id"])
        response = await self._actions.suggest(view, ids, typed)
        return Element(found.block, found.spec | {"options": options_of(response)})


def blocks_of(surface: Message | ShownView) -> list[dict[str, Any]]:
    blocks = surface.blocks if isinstance(surface, Message) else surface.view["blocks"]
    return blocks or []


def dispatches_action(found: Element) -> bool:
    """Return whether a change sends block_actions. Input blocks need dispatch_action for it."""
    if found.block["type"] != "input":
        return True
    return bool(found.block.get("dispatch_action"))


def pressed(found: Element) -> dict[str, Any]:
    action = {
        "type": found.spec["type"],
        "action_id": found.spec["action_id"],
        "block_id": found.block["block_id"],
    }
    if found.option:
        return action | {"selected_option": found.option}
    copied = ("text", "value", "style", "url", "confirm", "accessibility_label")
    return action | {name: found.spec[name] for name in copied if name in found.spec}


def field_action(found: Element, state: dict[str, Any]) -> dict[str, Any]:
    action = {"action_id": found.spec["action_id"], "block_id": found.block["block_id"]}
    if found.spec["type"] in TEXT_INPUTS:
        return action | state
    copied = {name: found.spec[name] for name in ("placeholder",) if name in found.spec}
    return action | state | copied
