"""What becomes of an app's answer: a reply is shown, a form closes, changes or stays."""

from typing import Any

from handlers.sandbox.errors import SlackError, bad_argument
from handlers.sandbox.interactions.dispatch import Reply
from handlers.sandbox.slack import Slack
from handlers.sandbox.web_api.views import DEEPEST, stack
from handlers.sandbox.workspace.screen import Screen, ShownView
from handlers.sandbox.workspace.views import changed_view, check_external_id, new_view


def failed(slack: Slack, person: str, what: str, error: str) -> None:
    slack.workspace.notify(person, f'{what} failed with the error "{error}"')


def to_command(slack: Slack, payload: dict[str, Any], reply: Reply) -> None:
    person, response = payload["user_id"], payload["response_url"].rpartition("/")[2]
    error = reply.error
    try:
        if not error and reply.body:
            slack.responses.answer(response, reply.body)
    except SlackError as refused:
        error = refused.code
    if error:
        failed(slack, person, payload["command"], error)


def to_interaction(slack: Slack, person: str, what: str, reply: Reply) -> None:
    """Nothing shows when a press went well; what it does, the app does by calls."""
    if reply.error:
        failed(slack, person, what, reply.error)


def to_submission(slack: Slack, person: str, view: ShownView, reply: Reply) -> None:
    screen = slack.workspace.screens[person]
    error = reply.error
    try:
        if not error and view in screen.stack:
            obey(slack, screen, view, reply.body)
    except SlackError as refused:
        error = refused.code
    if error:
        title = view.view["title"]["text"]
        failed(slack, person, title, error)
    slack.workspace.changes.happened()


def obey(slack: Slack, screen: Screen, view: ShownView, body: dict[str, Any]) -> None:
    match body.get("response_action"):
        case None:
            close(screen, view)
        case "clear":
            screen.stack.clear()
        case "errors":
            view.errors = read_errors(view, body.get("errors"))
        case "update":
            changed_view(slack.workspace, view, body.get("view"))
        case "push":
            push(slack, screen, body.get("view"))
        case unknown:
            raise bad_argument(f"no such response_action: {unknown}")


def close(screen: Screen, view: ShownView) -> None:
    """Close a view and whatever stands on it; what lay under it shows again."""
    del screen.stack[screen.stack.index(view) :]


def push(slack: Slack, screen: Screen, given: Any) -> None:
    view = new_view(slack.workspace, given, "modal")
    check_external_id(slack.workspace, view)
    if len(screen.stack) >= DEEPEST:
        raise SlackError("push_limit_reached")
    stack(screen, view)


def read_errors(view: ShownView, given: Any) -> dict[str, str]:
    """Errors by block; Slack shows them only under the input blocks that the form has."""
    inputs = {one["block_id"] for one in view.view["blocks"] if one["type"] == "input"}
    if not isinstance(given, dict) or not given:
        raise bad_argument("errors must name at least one block")
    if unknown := given.keys() - inputs:
        raise bad_argument(f"no input block: {', '.join(sorted(map(str, unknown)))}")
    return {str(block): str(text) for block, text in given.items()}
