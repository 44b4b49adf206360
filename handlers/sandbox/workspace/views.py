"""Create, replace and find views, for views.* calls and for response_action alike."""

from typing import Any

from handlers.sandbox.errors import SlackError
from handlers.sandbox.limits import check_view
from handlers.sandbox.workspace.screen import ShownView
from handlers.sandbox.workspace.stored_blocks import fill_text_defaults, with_defaults
from handlers.sandbox.workspace.workspace import Workspace


def new_view(workspace: Workspace, given: Any, kind: str) -> dict[str, Any]:
    """Return a view as Slack stores it.

    Raises:
        SlackError: Slack would refuse the view.
    """
    check_view(given, kind)
    id = workspace.mint.id("V")
    return stored_view(workspace, given) | {
        "id": id,
        "root_view_id": id,
        "previous_view_id": None,
    }


def stored_view(workspace: Workspace, given: dict[str, Any]) -> dict[str, Any]:
    app = workspace.app
    view: dict[str, Any] = {
        "team_id": workspace.id,
        "type": given["type"],
        "blocks": with_defaults(given["blocks"], workspace.mint),
        "private_metadata": given.get("private_metadata") or "",
        "callback_id": given.get("callback_id") or "",
        "external_id": given.get("external_id") or "",
        "clear_on_close": bool(given.get("clear_on_close")),
        "notify_on_close": bool(given.get("notify_on_close")),
        "title": given.get("title"),
        "submit": given.get("submit"),
        "close": given.get("close"),
        "hash": workspace.mint.hash(),
        "app_id": app.id,
        "app_installed_team_id": workspace.id,
        "bot_id": app.bot_id,
    }
    fill_text_defaults(view)
    return view


def replace_view(workspace: Workspace, shown: ShownView, given: Any) -> None:
    """Replace an open view. Fields that exist in both keep what was typed into them."""
    check_view(given, shown.view["type"])
    view = stored_view(workspace, given)
    check_external_id(workspace, view, replaced=shown)
    unchanged = ("id", "root_view_id", "previous_view_id")
    shown.view = view | {name: shown.view[name] for name in unchanged}
    shown.errors = {}


def find_view(workspace: Workspace, id: str, external_id: str = "") -> ShownView:
    for view in open_views(workspace):
        if (id and view.id == id) or (external_id and view.view["external_id"] == external_id):
            return view
    raise SlackError("not_found")


def check_external_id(
    workspace: Workspace, view: dict[str, Any], replaced: ShownView | None = None
) -> None:
    external_id = view["external_id"]
    others = (one for one in open_views(workspace) if one is not replaced)
    if external_id and any(one.view["external_id"] == external_id for one in others):
        raise SlackError("duplicate_external_id")


def open_views(workspace: Workspace) -> list[ShownView]:
    return [
        view
        for screen in workspace.screens.values()
        for view in [*screen.stack, *([screen.home] if screen.home else [])]
    ]
