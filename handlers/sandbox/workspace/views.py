"""Create, replace and find views, for views.* calls and for response_action alike."""

from typing import Any

from handlers.sandbox.errors import SlackError
from handlers.sandbox.limits import check_view
from handlers.sandbox.workspace.screen import ShownView
from handlers.sandbox.workspace.stored_blocks import fill_text_defaults, with_defaults
from handlers.sandbox.workspace.workspace import Workspace


def new_view(workspace: Workspace, source: Any, kind: str) -> dict[str, Any]:
    """Return a view as Slack stores it.

    Raises:
        SlackError: Slack would refuse the view.
    """
    check_view(source, kind)
    id = workspace.mint.id("V")
    return stored_view(workspace, source) | {
        "id": id,
        "root_view_id": id,
        "previous_view_id": None,
    }


def stored_view(workspace: Workspace, source: dict[str, Any]) -> dict[str, Any]:
    app = workspace.app
    view: dict[str, Any] = {
        "team_id": workspace.id,
        "type": source["type"],
        "blocks": with_defaults(source["blocks"], workspace.mint),
        "private_metadata": source.get("private_metadata") or "",
        "callback_id": source.get("callback_id") or "",
        "external_id": source.get("external_id") or "",
        "clear_on_close": bool(source.get("clear_on_close")),
        "notify_on_close": bool(source.get("notify_on_close")),
        "title": source.get("title"),
        "submit": source.get("submit"),
        "close": source.get("close"),
        "hash": workspace.mint.hash(),
        "app_id": app.id,
        "app_installed_team_id": workspace.id,
        "bot_id": app.bot_id,
    }
    fill_text_defaults(view)
    return view


def replace_view(workspace: Workspace, current: ShownView, source: Any) -> None:
    """Replace an open view. Fields that exist in both keep what was typed into them."""
    check_view(source, current.view["type"])
    view = stored_view(workspace, source)
    check_external_id(workspace, view, replaced=current)
    unchanged = ("id", "root_view_id", "previous_view_id")
    current.view = view | {name: current.view[name] for name in unchanged}
    current.errors = {}


def find_view(workspace: Workspace, id: str, external_id: str = "") -> ShownView:
    for view in open_views(workspace):
        if (id and view.id == id) or (external_id and view.view["external_id"] == external_id):
            return view
    raise SlackError("not_found")


def check_external_id(
    workspace: Workspace, view: dict[str, Any], replaced: ShownView | None = None
) -> None:
    external_id = view["external_id"]
    others = (other for other in open_views(workspace) if other is not replaced)
    if external_id and any(other.view["external_id"] == external_id for other in others):
        raise SlackError("duplicate_external_id")


def open_views(workspace: Workspace) -> list[ShownView]:
    return [
        view
        for screen in workspace.screens.values()
        for view in [*screen.stack, *([screen.home] if screen.home else [])]
    ]
