"""What somebody at the page does, turned into the gestures that a person has."""

from typing import Any

from handlers.sandbox.errors import SlackError, bad_argument
from handlers.sandbox.person.actions import Gestures
from handlers.sandbox.person.fields import filled, option_named
from handlers.sandbox.person.find import Element, NoSuchElement
from handlers.sandbox.person.person import acted, blocks_of, pressed, reports_at_once
from handlers.sandbox.workspace.field_state import FIELDS, elements
from handlers.sandbox.workspace.message import Message
from handlers.sandbox.workspace.screen import ShownView
from handlers.sandbox.workspace.workspace import Workspace

Wanted = dict[str, Any]


class PageActs:
    def __init__(self, workspace: Workspace, gestures: Gestures, person: str) -> None:
        self._workspace, self._hands = workspace, gestures
        self._person, self._screen = person, workspace.screens[person]

    async def do(self, wanted: Wanted) -> None:
        """Raises SlackError or NoSuchElement if it cannot be done."""
        acts = {
            "say": self.say,
            "press": self.press,
            "submit": self.submit,
            "close": self.close,
            "shortcut": self.shortcut,
            "home": self.home,
            "dismiss": self.dismiss,
        }
        act = acts.get(str(wanted.get("do")))
        if act is None:
            raise NoSuchElement(str(wanted.get("do")), list(acts))
        await act(wanted)

    async def say(self, wanted: Wanted) -> None:
        text, channel = word(wanted, "text"), word(wanted, "channel")
        if not text.strip():
            raise SlackError("no_text")
        if text.startswith("/"):
            await self._hands.command(channel, text)
        else:
            await self._hands.post(channel, text, word(wanted, "thread_ts") or None)

    async def press(self, wanted: Wanted) -> None:
        place = self._view(wanted) if wanted.get("view_id") else self._message(wanted)
        found = element(place, word(wanted, "block_id"), word(wanted, "action_id"))
        kind, name = found.spec["type"], found.names[0]
        if kind == "overflow":
            option = option_named(found.spec, word(wanted, "option"))
            action = pressed(Element(found.block, found.spec, option))
        elif kind in FIELDS:
            state = filled(found.spec, answers(wanted), self._workspace)
            self._fill(place, found, state)
            if not reports_at_once(found):
                return
            action = acted(found, state)
        else:
            action = pressed(found)
        await self._hands.press(place, action, name)

    async def submit(self, wanted: Wanted) -> None:
        view = self._view(wanted)
        if not isinstance(typed := wanted.get("state") or {}, dict):
            raise bad_argument("state is an object of blocks")
        for block_id, fields in typed.items():
            for action_id, value in fields.items() if isinstance(fields, dict) else ():
                found = element(view, block_id, action_id)
                view.type(block_id, action_id, checked(found, value, self._workspace))
        await self._hands.submit(view)

    async def close(self, wanted: Wanted) -> None:
        await self._hands.close(self._view(wanted))

    async def shortcut(self, wanted: Wanted) -> None:
        on = self._message(wanted) if wanted.get("ts") else None
        await self._hands.shortcut(word(wanted, "callback_id"), on)

    async def home(self, wanted: Wanted) -> None:
        await self._hands.open_home()

    async def dismiss(self, wanted: Wanted) -> None:
        """Put away a banner, or an ephemeral message."""
        id = word(wanted, "id") or word(wanted, "ts")
        self._screen.notices = [one for one in self._screen.notices if one[0] != id]
        for channel in self._workspace.channels_of(self._person):
            message = channel.by_ts.get(id)
            if message and message.only_for == self._person:
                channel.drop(message)
        self._workspace.changes.happened()

    def _view(self, wanted: Wanted) -> ShownView:
        if (view := self._screen.find(word(wanted, "view_id"))) is None:
            raise SlackError("not_found", "That form is no longer open.")
        return view

    def _message(self, wanted: Wanted) -> Message:
        channel = self._hands.channel(word(wanted, "channel"))
        message = channel.by_ts.get(word(wanted, "ts"))
        if message is None or message.only_for not in {None, self._person}:
            raise SlackError("message_not_found", "That message is no longer there.")
        return message

    def _fill(self, place: Message | ShownView, found: Element, state: Wanted) -> None:
        block_id, action_id = found.block["block_id"], found.spec["action_id"]
        if isinstance(place, Message):
            place.chosen.setdefault(block_id, {})[action_id] = state
        else:
            place.type(block_id, action_id, state)


def word(wanted: Wanted, name: str) -> str:
    value = wanted.get(name)
    return value if isinstance(value, str) else ""


def answers(wanted: Wanted) -> list[Any]:
    for name in ("option", "value"):
        if wanted.get(name) is not None:
            return [wanted[name]]
    values = wanted.get("values")
    return values if isinstance(values, list) else []


def element(place: Message | ShownView, block_id: str, action_id: str) -> Element:
    there = []
    for block in blocks_of(place):
        for spec in elements(block):
            if (block["block_id"], spec.get("action_id")) == (block_id, action_id):
                return Element(block, spec)
            there.append(f"{block['block_id']}/{spec.get('action_id')}")
    raise NoSuchElement(f"{block_id}/{action_id}", there)


def checked(found: Element, value: Any, workspace: Workspace) -> Wanted:
    """The state of a field that the page sent; it must be of the field's own kind."""
    kind = found.spec["type"]
    if not isinstance(value, dict) or value.get("type") != kind or kind not in FIELDS:
        raise bad_argument(f"the state of {found.spec['action_id']} is not that of a {kind}")
    given = value.get(FIELDS[kind][0])
    several = given if isinstance(given, list) else [given]
    return filled(found.spec, [value_of(one) for one in several if one is not None], workspace)


def value_of(answer: Any) -> Any:
    return str(answer.get("value")) if isinstance(answer, dict) and "value" in answer else answer
