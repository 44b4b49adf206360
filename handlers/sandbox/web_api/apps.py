"""api.test, auth.test and apps.connections.open."""

from handlers.sandbox.errors import SlackError
from handlers.sandbox.slack import Slack
from handlers.sandbox.web_api.arguments import Arguments
from handlers.sandbox.web_api.method import Answer, Method


def api_test(slack: Slack, args: Arguments) -> Answer:
    if error := args.text("error"):
        raise SlackError(error, args=dict(args))
    return {"args": dict(args)}


def auth_test(slack: Slack, args: Arguments) -> Answer:
    workspace = slack.workspace
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": workspace.member(workspace.app.user).name,
        "team_id": workspace.id,
        "user_id": workspace.app.user,
        "bot_id": workspace.app.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(slack: Slack, args: Arguments) -> Answer:
    return {"url": slack.ticket()}


METHODS = {
    "api.test": Method(api_test, "t4", open=True),
    "auth.test": Method(auth_test, "t5"),
    "apps.connections.open": Method(connections_open, "t3", app_token=True),
}
