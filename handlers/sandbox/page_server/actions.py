"""Turn what the page's user does into actions of the person they play."""

from typing import Any

from handlers.sandbox.errors import SlackError, bad_argument
from handlers.sandbox.person.actions import PersonActions
from handlers.sandbox.person.fields import filled, option_named
from handlers.sandbox.person.find import Element, NoSuchElement
from handlers.sandbox.person.person import blocks_of, dispatches_action, field_action, pressed
from handlers.sandbox.workspace.field_state import FIELDS, elements
from handlers.sandbox.workspace.message import Message
from handlers.sandbox.workspace.screen import ShownView
from handlers.sandbox.workspace.workspace import Workspace

PageRequest = dict[str, Any]


class PageActions:
    """The actions that the page can request for one person."""

    def __init__(self, workspace: Workspace, actions: PersonActions, person: str) -> None:
        self._workspace, self._actions = workspace, actions
        self._person, self._screen = person, workspace.screens[person]

    async def do(self, request: PageRequest) -> None:
        """Perform the action that the page requests.

        Raises:
            SlackError: Slack would refuse it.
            NoSuchElement: there is no such action or element.
        """
        handlers = {
            "say": self.say,
            "press": self.press,
            "submit": self.submit,
            "close": self.close,
            "shortcut": self.shortcut,
            "home": self.home,
            "dismiss": self.dismiss,
        }
        handler = handlers.get(str(request.get("do")))
        if handler is None:
            raise NoSuchElement(str(request.get("do")), list(handlers))
        await handler(request)

    async def say(self, request: PageRequest) -> None:
        text, channel = text_of(request, "text"), text_of(request, "channel")
        if not text.strip():
            raise SlackError("no_text")
        if text.startswith("/"):
            await self._actions.command(channel, text)
        else:
            await self._actions.post(channel, text, text_of(request, "thread_ts") or None)

    async def press(self, request: PageRequest) -> None:
        surface = self._view(request) if request.get("view_id") else self._message(request)
        found = element(surface, text_of(request, "block_id"), text_of(request, "action_id"))
        kind, name = found.spec["type"], found.names[0]
        if kind == "overflow":
            option = option_named(found.spec, text_of(request, "option"))
            action = pressed(Element(found.block, found.spec, option))
        elif kind in FIELDS:
            state = filled(found.spec, answers(request), self._workspace)
            self._fill(surface, found, state)
            if not dispatches_action(found):
                return
            action = field_action(found, state)
        else:
            action = pressed(found)
        await self._actions.press(surface, action, name)

    async def submit(self, request: PageRequest) -> None:
        view = self._view(request)
        if not isinstance(typed := request.get("state") or {}, dict):
            raise bad_argument("state must be an object of blocks")
        for block_id, fields in typed.items():
            for action_id, value in fields.items() if isinstance(fields, dict) else ():
                found = element(view, block_id, action_id)
                view.type(block_id, action_id, checked(found, value, self._workspace))
        await self._actions.submit(view)

    async def close(self, request: PageRequest) -> None:
        await self._actions.close(self._view(request))

    async def shortcut(self, request: PageRequest) -> None:
        on = self._message(request) if request.get("ts") else None
        await self._actions.shortcut(text_of(request, "callback_id"), on)

    async def home(self, request: PageRequest) -> None:
        await self._actions.open_home()

    async def dismiss(self, request: PageRequest) -> None:
        """Dismiss a notice or an ephemeral message."""
        id = text_of(request, "id") or text_of(request, "ts")
        self._screen.notices = [notice for notice in self._screen.notices if notice[0] != id]
        for channel in self._workspace.channels_of(self._person):
            message = channel.by_ts.get(id)
            if message and message.only_for == self._person:
                channel.drop(message)
        self._workspace.changes.happened()

    def _view(self, request: PageRequest) -> ShownView:
        if (view := self._screen.find(text_of(request, "view_id"))) is None:
            raise SlackError("not_found", "That form is no longer open.")
        return view

    def _message(self, request: PageRequest) -> Message:
        channel = self._actions.channel(text_of(request, "channel"))
        message = channel.by_ts.get(text_of(request, "ts"))
        if message is None or message.only_for not in {None, self._person}:
            raise SlackError("message_not_found", "That message no longer exists.")
        return message

    def _fill(self, surface: Message | ShownView, found: Element, state: dict[str, Any]) -> None:
        block_id, action_id = found.block["block_id"], found.spec["action_id"]
        if isinstance(surface, Message):
            surface.chosen.setdefault(block_id, {})[action_id] = state
        else:
            surface.type(block_id, action_id, state)


def text_of(request: PageRequest, name: str) -> str:
    value = request.get(name)
    return value if isinstance(value, str) else ""


def answers(request: PageRequest) -> list[Any]:
    for name in ("option", "value"):
        if request.get(name) is not None:
            return [request[name]]
    values = request.get("values")
    return values if isinstance(values, list) else []


def element(surface: Message | ShownView, block_id: str, action_id: str) -> Element:
    present = []
    for block in blocks_of(surface):
        for spec in elements(block):
            if (block["block_id"], spec.get("action_id")) == (block_id, action_id):
                return Element(block, spec)
            present.append(f"{block['block_id']}/{spec.get('action_id')}")
    raise NoSuchElement(f"{block_id}/{action_id}", present)


def checked(found: Element, value: Any, workspace: Workspace) -> dict[str, Any]:
    """Return the state of a field as Slack stores it, from what the page sent.

    Raises:
        SlackError: the state is for another type of field.
    """
    kind = found.spec["type"]
    if not isinstance(value, dict) or value.get("type") != kind or kind not in FIELDS:
        raise bad_argument(f"the state of {found.spec['action_id']} is not for a {kind}")
    content = value.get(FIELDS[kind][0])
    values = content if isinstance(content, list) else [content]
    return filled(found.spec, [value_of(value) for value in values if value is not None], workspace)


def value_of(answer: Any) -> Any:
    return str(answer.get("value")) if isinstance(answer, dict) and "value" in answer else answer
