"""The views.* methods."""

from typing import Any

from handlers.sandbox.errors import SlackError, bad_argument
from handlers.sandbox.slack import Slack
from handlers.sandbox.web_api.arguments import Arguments
from handlers.sandbox.web_api.method import Answer, Method
from handlers.sandbox.workspace.screen import Screen, ShownView
from handlers.sandbox.workspace.views import check_external_id, find_view, new_view, replace_view

MAX_STACK_DEPTH = 3


def open_view(slack: Slack, args: Arguments) -> Answer:
    view = new_view(slack.workspace, args["view"], "modal")
    check_external_id(slack.workspace, view)
    screen = screen_of(slack, args)
    screen.stack = [ShownView(view)]
    return view_response(slack, screen.stack[-1])


def push(slack: Slack, args: Arguments) -> Answer:
    view = new_view(slack.workspace, args["view"], "modal")
    check_external_id(slack.workspace, view)
    screen = screen_of(slack, args)
    if screen.top is None:
        raise SlackError("not_found")
    if len(screen.stack) >= MAX_STACK_DEPTH:
        raise SlackError("push_limit_reached")
    push_onto(screen, view)
    return view_response(slack, screen.stack[-1])


def push_onto(screen: Screen, view: dict[str, Any]) -> None:
    if below := screen.top:
        view["previous_view_id"] = below.id
        view["root_view_id"] = below.view["root_view_id"]
    screen.stack.append(ShownView(view))


def update(slack: Slack, args: Arguments) -> Answer:
    if not args.text("view_id") and not args.text("external_id"):
        raise bad_argument("missing required field: view_id")
    view = find_view(slack.workspace, args.text("view_id"), args.text("external_id"))
    check_hash(view, args)
    replace_view(slack.workspace, view, args["view"])
    return view_response(slack, view)


def publish(slack: Slack, args: Arguments) -> Answer:
    if not slack.workspace.app.home_tab:
        raise SlackError("not_enabled")
    if (screen := slack.workspace.screens.get(args.text("user_id"))) is None:
        raise bad_argument(f"user_id is not of this workspace: {args.text('user_id')}")
    if screen.home:
        check_hash(screen.home, args)
        replace_view(slack.workspace, screen.home, args["view"])
    elif args.text("hash"):
        raise SlackError("hash_conflict")
    else:
        screen.home = ShownView(new_view(slack.workspace, args["view"], "home"))
    return view_response(slack, screen.home)


def check_hash(view: ShownView, args: Arguments) -> None:
    if (expected := args.text("hash")) and expected != view.hash:
        raise SlackError("hash_conflict")


def screen_of(slack: Slack, args: Arguments) -> Screen:
    if not (trigger := args.text("trigger_id") or args.text("interactivity_pointer")):
        raise bad_argument("missing required field: trigger_id")
    return slack.workspace.screens[slack.triggers.redeem(trigger)]


def view_response(slack: Slack, view: ShownView) -> Answer:
    slack.workspace.changes.happened()
    return {"view": view.as_slack()}


METHODS = {
    "views.open": Method(open_view, "t4", (), ("view",)),
    "views.push": Method(push, "t4", (), ("view",)),
    "views.update": Method(update, "t4", (), ("view",)),
    "views.publish": Method(publish, "t4", (), ("user_id", "view")),
}
