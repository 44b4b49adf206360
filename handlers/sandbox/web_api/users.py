"""users.*, usergroups.* and team.info."""

from handlers.sandbox.errors import SlackError
from handlers.sandbox.slack import Slack
from handlers.sandbox.web_api.arguments import Arguments
from handlers.sandbox.web_api.destinations import page
from handlers.sandbox.web_api.method import Answer, Method
from handlers.sandbox.workspace.member import Member


def user_info(slack: Slack, args: Arguments) -> Answer:
    return {"user": user_object(slack, args, slack.workspace.member(args.text("user")))}


def users_list(slack: Slack, args: Arguments) -> Answer:
    found, more = page(list(slack.workspace.people.values()), args, 1000)
    return {
        "members": [user_object(slack, args, member) for member in found],
        "cache_ts": int(slack.clock().timestamp()),
        "response_metadata": more,
    }


def by_email(slack: Slack, args: Arguments) -> Answer:
    email = args.text("email").lower()
    for member in slack.workspace.people.values():
        if member.email and member.email.lower() == email and not member.deleted:
            return {"user": user_object(slack, args, member)}
    raise SlackError("users_not_found")


def user_object(slack: Slack, args: Arguments, member: Member) -> Answer:
    return member.as_user(
        slack.workspace.id,
        slack.clock(),
        email="users:read.email" in slack.workspace.app.scopes,
        locale=args.flag("include_locale"),
    )


def groups_list(slack: Slack, args: Arguments) -> Answer:
    users, count = args.flag("include_users"), args.flag("include_count")
    groups = slack.workspace.groups.values()
    team = slack.workspace.id
    return {"usergroups": [group.as_usergroup(team, users=users, count=count) for group in groups]}


def group_users(slack: Slack, args: Arguments) -> Answer:
    if (group := slack.workspace.groups.get(args.text("usergroup"))) is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.members)}


def team_info(slack: Slack, args: Arguments) -> Answer:
    if args.text("team") not in {"", slack.workspace.id}:
        raise SlackError("team_not_found")
    workspace = slack.workspace
    team = {"id": workspace.id, "name": workspace.name, "domain": workspace.domain}
    return {"team": team | {"email_domain": "", "icon": {}}}


USERS, GROUPS = ("users:read",), ("usergroups:read",)
METHODS = {
    "users.info": Method(user_info, "t4", USERS, ("user",)),
    "users.list": Method(users_list, "t2", USERS),
    "users.lookupByEmail": Method(by_email, "t3", ("users:read.email",), ("email",)),
    "usergroups.list": Method(groups_list, "t2", GROUPS),
    "usergroups.users.list": Method(group_users, "t2", GROUPS, ("usergroup",)),
    "team.info": Method(team_info, "t3", ("team:read",)),
}
