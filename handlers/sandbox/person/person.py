"""A person using Slack: they type, press, fill in, submit, and see what comes of it."""

from collections.abc import Mapping
from typing import Any

from handlers.sandbox.interactions.dispatch import Dispatch
from handlers.sandbox.person.actions import Gestures
from handlers.sandbox.person.fields import filled, options_of
from handlers.sandbox.person.find import Element, NoSuchElement, fillable, pick, pressable, text_of
from handlers.sandbox.slack import Slack
from handlers.sandbox.workspace.field_state import TEXTS
from handlers.sandbox.workspace.message import Message
from handlers.sandbox.workspace.screen import ShownView


class Person:
    def __init__(self, slack: Slack, dispatch: Dispatch, id: str) -> None:
        self.id = id
        self._workspace = slack.workspace
        self._screen = slack.workspace.screens[id]
        self._hands = Gestures(slack, dispatch, id)
        self._dispatch = dispatch

    def __repr__(self) -> str:
        return f"Person({self.id!r})"

    # What they do.

    async def types(self, text: str, channel: str, *, times: int = 1) -> None:
        """A command if it begins with a slash, else a message."""
        if text.startswith("/"):
            await self._hands.command(channel, text, times)
        else:
            await self._hands.post(channel, text)

    async def posts(self, text: str, channel: str, thread_ts: str | None = None) -> Message:
        return await self._hands.post(channel, text, thread_ts)

    async def replies(self, text: str, to: Message) -> Message:
        return await self._hands.post(to.channel, text, to.thread_ts or to.ts)

    async def uses_shortcut(
        self, callback_id: str, on: Message | None = None, *, times: int = 1
    ) -> None:
        await self._hands.shortcut(callback_id, on, times)

    async def presses(
        self,
        label: str,
        on: Message | ShownView | None = None,
        *,
        which: int = 0,
        times: int = 1,
    ) -> None:
        """Press a button, or pick an option of an overflow menu, by its words or action_id.

        Without ``on``: in the open form, else on the Home tab. Of several alike, the first,
        or the one counted by ``which``.

        Raises:
            NoSuchElement: there is none; it says what there is.
        """
        place = on or self._before_me()
        found = pick(pressable(blocks_of(place)), label, which)
        await self._hands.press(place, pressed(found), label, times)

    async def chooses(
        self, label: str, *answers: Any, on: Message | ShownView | None = None, which: int = 0
    ) -> None:
        """Fill a field by its label: options by their words, people by name, else as typed."""
        place = on or self._before_me()
        found = pick(fillable(blocks_of(place)), label, which)
        if "external" in found.spec["type"] and isinstance(place, ShownView):
            found = await self._with_options(place, found, str(answers[0]) if answers else "")
        state = filled(found.spec, answers, self._workspace)
        block_id, action_id = found.block["block_id"], found.spec["action_id"]
        if isinstance(place, Message):
            place.chosen.setdefault(block_id, {})[action_id] = state
        else:
            place.type(block_id, action_id, state)
        self._workspace.changes.happened()
        if reports_at_once(found):
            await self._hands.press(place, acted(found, state), label)

    async def fills(self, fields: Mapping[str, Any] | None = None, **more: Any) -> None:
        """Several fields; a list answers one that takes several. Underscores are spaces."""
        for label, answer in {**(fields or {}), **more}.items():
            answers = answer if isinstance(answer, list | tuple) else [answer]
            await self.chooses(label, *answers)

    async def submits(self, *, times: int = 1, **fields: Any) -> None:
        """Fill in ``fields``, if any, and send the open form; what is wrong is in ``errors``."""
        await self.fills(fields)
        await self._hands.submit(self._top(), times)

    async def closes(self) -> None:
        await self._hands.close(self._top())

    async def reacts(self, name: str, on: Message) -> None:
        """Put an emoji on a message; ``name`` is without its colons."""
        await self._hands.react(name, on)

    async def opens_home(self) -> None:
        await self._hands.open_home()

    async def joins(self, channel: str, *, inviter: str | None = None) -> None:
        await self._comes(self.id, channel, inviter)

    async def invites_app(self, channel: str) -> None:
        await self._comes(self._workspace.app.user, channel, self.id)

    async def _comes(self, who: str, id: str, inviter: str | None) -> None:
        channel = self._workspace.channel(id)
        if who not in channel.members:
            channel.members.append(who)
            self._workspace.changes.happened()
        event = {
            "type": "member_joined_channel",
            "user": who,
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
        """What the open form says is wrong, by label."""
        if (view := self.modal) is None:
            return {}
        labels = {one["block_id"]: text_of(one, "label") for one in view.view["blocks"]}
        return {labels.get(block, block): text for block, text in view.errors.items()}

    def can_press(self, on: Message | ShownView | None = None) -> list[str]:
        """The words on every button and overflow option there, in order."""
        return [one.names[0] for one in pressable(blocks_of(on or self._before_me()))]

    def sees(self, channel: str) -> list[Message]:
        """What the channel shows them: not replies in threads, but ephemeral messages."""
        seen = self._hands.channel(channel).seen_by(self.id)
        return [one for one in seen if not one.is_reply or one.broadcast]

    def thread(self, message: Message) -> list[Message]:
        """The root, and then its replies."""
        root = message.thread_ts or message.ts
        seen = self._hands.channel(message.channel).seen_by(self.id)
        return [one for one in seen if root in {one.ts, one.thread_ts}]

    def dms(self) -> list[Message]:
        """Everything in their DM with the app, replies too."""
        return self._workspace.im(self.id).seen_by(self.id)

    def _top(self) -> ShownView:
        if (view := self.modal) is None:
            raise NoSuchElement("open form", [])
        return view

    def _before_me(self) -> ShownView:
        if (view := self.modal or self.home) is None:
            raise NoSuchElement("open form or Home tab", [])
        return view

    async def _with_options(self, view: ShownView, found: Element, typed: str) -> Element:
        ids = (found.block["block_id"], found.spec["action_id"])
        offered = await self._hands.suggest(view, ids, typed)
        return Element(found.block, found.spec | {"options": options_of(offered)})


def blocks_of(place: Message | ShownView) -> list[dict[str, Any]]:
    blocks = place.blocks if isinstance(place, Message) else place.view["blocks"]
    return blocks or []


def reports_at_once(found: Element) -> bool:
    """Outside input blocks every choice is sent; in them only if they ask for it."""
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
    kept = ("text", "value", "style", "url", "confirm", "accessibility_label")
    return action | {name: found.spec[name] for name in kept if name in found.spec}


def acted(found: Element, state: dict[str, Any]) -> dict[str, Any]:
    action = {"action_id": found.spec["action_id"], "block_id": found.block["block_id"]}
    if found.spec["type"] in TEXTS:
        return action | state
    kept = {name: found.spec[name] for name in ("placeholder",) if name in found.spec}
    return action | state | kept
