"""Apply the app's response to a request: show a reply, or change the open modals."""

from typing import Any

from handlers.sandbox.errors import SlackError, bad_argument
from handlers.sandbox.interactions.dispatch import Reply
from handlers.sandbox.slack import Slack
from handlers.sandbox.web_api.views import MAX_STACK_DEPTH, push_onto
from handlers.sandbox.workspace.screen import Screen, ShownView
from handlers.sandbox.workspace.views import check_external_id, new_view, replace_view


def notify_failure(slack: Slack, person: str, what: str, error: str) -> None:
    slack.workspace.notify(person, f'{what} failed with the error "{error}"')


def apply_command_reply(slack: Slack, payload: dict[str, Any], reply: Reply) -> None:
    person, response_id = payload["user_id"], payload["response_url"].rpartition("/")[2]
    error = reply.error
    try:
        if not error and reply.body:
            slack.responses.reply_to_command(response_id, reply.body)
    except SlackError as refused:
        error = refused.code
    if error:
        notify_failure(slack, person, payload["command"], error)


def apply_interaction_reply(slack: Slack, person: str, what: str, reply: Reply) -> None:
    """Show an error if the interaction failed. On success the app changes things through calls."""
    if reply.error:
        notify_failure(slack, person, what, reply.error)


def apply_submission_reply(slack: Slack, person: str, view: ShownView, reply: Reply) -> None:
    screen = slack.workspace.screens[person]
    error = reply.error
    try:
        if not error and view in screen.stack:
            apply_response_action(slack, screen, view, reply.body)
    except SlackError as refused:
        error = refused.code
    if error:
        title = view.view["title"]["text"]
        notify_failure(slack, person, title, error)
    slack.workspace.changes.happened()


def apply_response_action(
    slack: Slack, screen: Screen, view: ShownView, body: dict[str, Any]
) -> None:
    match body.get("response_action"):
        case None:
            close(screen, view)
        case "clear":
            screen.stack.clear()
        case "errors":
            view.errors = read_errors(view, body.get("errors"))
        case "update":
            replace_view(slack.workspace, view, body.get("view"))
        case "push":
            push(slack, screen, body.get("view"))
        case unknown:
            raise bad_argument(f"no such response_action: {unknown}")


def close(screen: Screen, view: ShownView) -> None:
    """Close a view and all views above it."""
    del screen.stack[screen.stack.index(view) :]


def push(slack: Slack, screen: Screen, view: Any) -> None:
    new = new_view(slack.workspace, view, "modal")
    check_external_id(slack.workspace, new)
    if len(screen.stack) >= MAX_STACK_DEPTH:
        raise SlackError("push_limit_reached")
    push_onto(screen, new)


def read_errors(view: ShownView, errors: Any) -> dict[str, str]:
    """Return the error texts by block_id. Slack accepts them for the view's input blocks only.

    Raises:
        SlackError: there are no errors, or one names another block.
    """
    inputs = {block["block_id"] for block in view.view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise bad_argument("errors must name at least one block")
    if unknown := errors.keys() - inputs:
        raise bad_argument(f"no input block: {', '.join(sorted(map(str, unknown)))}")
    return {str(block): str(text) for block, text in errors.items()}
