"""What one person's Slack client shows: open modals, the Home tab and notices."""

from dataclasses import dataclass, field
from typing import Any

from handlers.sandbox.workspace.field_state import initial_state
from handlers.sandbox.workspace.message import words_of


@dataclass(eq=False)
class ShownView:
    """An open view, with what the person has typed into it."""

    view: dict[str, Any]
    typed: dict[str, dict[str, Any]] = field(default_factory=dict)  # by block_id, action_id
    errors: dict[str, str] = field(default_factory=dict)  # by block_id

    @property
    def id(self) -> str:
        return str(self.view["id"])

    @property
    def hash(self) -> str:
        return str(self.view["hash"])

    @property
    def title(self) -> str:
        title = self.view["title"]
        return str(title["text"]) if title else ""

    @property
    def words(self) -> str:
        """The visible text of its blocks."""
        return words_of(self.view["blocks"])

    def __getitem__(self, name: str) -> Any:
        return self.view[name]

    def values(self) -> dict[str, dict[str, Any]]:
        """Return ``state.values``: what was typed into each field, else its initial value."""
        values = initial_state(self.view["blocks"])
        for block_id, fields in values.items():
            for action_id, value in fields.items():
                typed = self.typed.get(block_id, {}).get(action_id)
                if typed and typed["type"] == value["type"]:
                    fields[action_id] = typed
        return values

    def type(self, block_id: str, action_id: str, value: dict[str, Any]) -> None:
        self.typed.setdefault(block_id, {})[action_id] = value
        self.errors.pop(block_id, None)

    def as_slack(self) -> dict[str, Any]:
        return self.view | {"state": {"values": self.values()}}


@dataclass(eq=False)
class Screen:
    """The client of one person."""

    person: str
    stack: list[ShownView] = field(default_factory=list)  # the top view is last
    home: ShownView | None = None
    notices: list[tuple[str, str]] = field(default_factory=list)  # id, text
    ephemerals: list[str] = field(default_factory=list)

    @property
    def top(self) -> ShownView | None:
        return self.stack[-1] if self.stack else None

    def notice(self, id: str, text: str) -> None:
        self.notices.append((id, text))
        self.ephemerals.append(text)

    def find(self, view_id: str) -> ShownView | None:
        views = [*self.stack, *([self.home] if self.home else [])]
        return next((view for view in views if view.id == view_id), None)
