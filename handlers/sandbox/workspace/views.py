"""Making, changing and finding views, the same for a call and for an answer to a form."""

from typing import Any

from handlers.sandbox.errors import SlackError
from handlers.sandbox.limits import check_view
from handlers.sandbox.workspace.screen import ShownView
from handlers.sandbox.workspace.stored_blocks import fill_texts, normal_blocks
from handlers.sandbox.workspace.workspace import Workspace


def new_view(workspace: Workspace, given: Any, kind: str) -> dict[str, Any]:
    """A view as Slack keeps it; raises SlackError if Slack would refuse it."""
    check_view(given, kind)
    id = workspace.mint.id("V")
    return filled(workspace, given) | {
        "id": id,
        "root_view_id": id,
        "previous_view_id": None,
    }


def filled(workspace: Workspace, given: dict[str, Any]) -> dict[str, Any]:
    app = workspace.app
    view: dict[str, Any] = {
        "team_id": workspace.id,
        "type": given["type"],
        "blocks": normal_blocks(given["blocks"], workspace.mint),
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
    fill_texts(view)
    return view


def changed_view(workspace: Workspace, shown: ShownView, given: Any) -> None:
    """Put another view in a view's place; what was typed stays where its fields stay."""
    check_view(given, shown.view["type"])
    view = filled(workspace, given)
    check_external_id(workspace, view, but=shown)
    kept = ("id", "root_view_id", "previous_view_id")
    shown.view = view | {name: shown.view[name] for name in kept}
    shown.errors = {}


def find_view(workspace: Workspace, id: str, external_id: str = "") -> ShownView:
    for view in open_views(workspace):
        if (id and view.id == id) or (external_id and view.view["external_id"] == external_id):
            return view
    raise SlackError("not_found")


def check_external_id(
    workspace: Workspace, view: dict[str, Any], but: ShownView | None = None
) -> None:
    wanted = view["external_id"]
    others = (one for one in open_views(workspace) if one is not but)
    if wanted and any(one.view["external_id"] == wanted for one in others):
        raise SlackError("duplicate_external_id")


def open_views(workspace: Workspace) -> list[ShownView]:
    return [
        view
        for screen in workspace.screens.values()
        for view in [*screen.stack, *([screen.home] if screen.home else [])]
    ]
