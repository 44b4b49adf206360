"""The conversations.* methods, and users.conversations."""

from handlers.sandbox.errors import SlackError
from handlers.sandbox.slack import Slack
from handlers.sandbox.web_api.arguments import Arguments
from handlers.sandbox.web_api.destinations import FAMILY, need_scope, page, readable, visible
from handlers.sandbox.web_api.method import Answer, Method
from handlers.sandbox.web_api.timestamps import between, is_timestamp
from handlers.sandbox.workspace.channel import Channel
from handlers.sandbox.workspace.message import Message

KINDS = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}


def info(slack: Slack, args: Arguments) -> Answer:
    channel = readable(slack, args, "read")
    conversation = channel.as_conversation(slack.workspace.app.user, slack.workspace.id)
    if args.flag("include_num_members"):
        conversation["num_members"] = len(channel.members)
    return {"channel": conversation}


def history(slack: Slack, args: Arguments) -> Answer:
    channel = readable(slack, args, "history")
    need_membership(slack, channel)
    seen = [
        message for message in channel.seen_by(None) if not message.is_reply or message.broadcast
    ]
    found, more = page(between(reversed(seen), args), args, 100)
    metadata = args.flag("include_all_metadata")
    answer: Answer = {
        "messages": [
            message_object(slack, channel, message, metadata=metadata) for message in found
        ],
        "has_more": bool(more["next_cursor"]),
        "pin_count": 0,
    }
    return answer | ({"response_metadata": more} if more["next_cursor"] else {})


def replies(slack: Slack, args: Arguments) -> Answer:
    channel = readable(slack, args, "history")
    need_membership(slack, channel)
    if not is_timestamp(args.text("ts")) or (message := channel.find(args.text("ts"))) is None:
        raise SlackError("thread_not_found")
    root, *following = channel.thread(message.thread_ts or message.ts)
    found, more = page([root, *between(following, args)], args, 1000)
    metadata = args.flag("include_all_metadata")
    answer: Answer = {
        "messages": [
            message_object(slack, channel, message, metadata=metadata) for message in found
        ],
        "has_more": bool(more["next_cursor"]),
    }
    return answer | ({"response_metadata": more} if more["next_cursor"] else {})


def need_membership(slack: Slack, channel: Channel) -> None:
    if slack.workspace.app.user not in channel.members:
        raise SlackError("not_in_channel")


def message_object(slack: Slack, channel: Channel, message: Message, *, metadata: bool) -> Answer:
    result = message.as_slack(slack.workspace.id, metadata=metadata)
    if message.thread_ts == message.ts:
        replies = channel.thread(message.ts)[1:]
        authors = list(dict.fromkeys(reply.user for reply in replies))
        result |= {
            "reply_count": len(replies),
            "reply_users_count": len(authors),
            "reply_users": authors[:5],
            "latest_reply": replies[-1].ts if replies else None,
            "is_locked": False,
            "subscribed": False,
        }
    elif message.is_reply and (root := channel.by_ts.get(message.thread_ts or "")):
        result["parent_user_id"] = root.user
    return result


def members(slack: Slack, args: Arguments) -> Answer:
    channel = readable(slack, args, "read")
    found, more = page(channel.members, args, 100)
    return {"members": found, "response_metadata": more}


def open_dm(slack: Slack, args: Arguments) -> Answer:
    if id := args.text("channel"):
        channel = visible(slack, id)
    else:
        channel = dm_with(slack, args.names("users"))
    named: Answer = {"id": channel.id}
    if args.flag("return_im"):
        named = channel.as_conversation(slack.workspace.app.user, slack.workspace.id)
    return {"channel": named, "no_op": bool(channel.messages), "already_open": True}


def dm_with(slack: Slack, people: list[str]) -> Channel:
    if not people:
        raise SlackError("users_list_not_supplied")
    if len(people) > 1:
        raise SlackError("method_not_supported_for_channel_type")
    member = slack.workspace.member(people[0])
    if member.deleted:
        raise SlackError("user_disabled")
    if member.bot:
        raise SlackError("cannot_dm_bot")
    return slack.workspace.im(member.id)


def listed(slack: Slack, args: Arguments) -> Answer:
    return channel_page(slack, args, slack.workspace.app.user, everywhere=True)


def users_conversations(slack: Slack, args: Arguments) -> Answer:
    person = args.text("user") or slack.workspace.app.user
    slack.workspace.member(person)
    return channel_page(slack, args, person, everywhere=False)


def channel_page(slack: Slack, args: Arguments, person: str, *, everywhere: bool) -> Answer:
    """Return the channels of the requested types that ``person`` is in and the app may see."""
    types = args.names("types") or ["public_channel"]
    if unknown := set(types) - KINDS.keys():
        raise SlackError("invalid_types", f"[ERROR] unknown types: {', '.join(sorted(unknown))}")
    kinds = {KINDS[kind] for kind in types}
    for kind in kinds - {"mpim"}:
        need_scope(slack, f"{FAMILY[kind]}:read")
    app = slack.workspace.app.user
    found = [
        channel.as_conversation(app, slack.workspace.id) | {"num_members": len(channel.members)}
        for channel in slack.workspace.channels.values()
        if channel.kind in kinds
        and not (channel.archived and args.flag("exclude_archived"))
        and (channel.kind == "public" or app in channel.members)
        and (person in channel.members or (everywhere and channel.kind == "public"))
    ]
    some, more = page(found, args, 100)
    return {"channels": some, "response_metadata": more}


def join(slack: Slack, args: Arguments) -> Answer:
    channel, app = visible(slack, args.text("channel")), slack.workspace.app
    if channel.kind != "public":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    answer: Answer = {}
    if app.user in channel.members:
        answer["warning"] = "already_in_channel"
        answer["response_metadata"] = {"warnings": ["already_in_channel"]}
    else:
        channel.members.append(app.user)
        slack.workspace.changes.happened()
        slack.announce(
            {
                "type": "member_joined_channel",
                "user": app.user,
                "channel": channel.id,
                "channel_type": "C",
                "team": slack.workspace.id,
                "event_ts": slack.workspace.mint.ts(),
            }
        )
    return answer | {"channel": channel.as_conversation(app.user, slack.workspace.id)}


READ = ("channels:read", "groups:read", "mpim:read", "im:read")
HISTORY = ("channels:history", "groups:history", "mpim:history", "im:history")
WRITE = ("channels:manage", "groups:write", "im:write", "mpim:write")
METHODS = {
    "conversations.info": Method(info, "t3", READ, ("channel",)),
    "conversations.history": Method(history, "t3", HISTORY, ("channel",)),
    "conversations.replies": Method(replies, "t3", HISTORY, ("channel", "ts")),
    "conversations.members": Method(members, "t4", READ, ("channel",)),
    "conversations.open": Method(open_dm, "t3", WRITE),
    "conversations.list": Method(listed, "t2", READ),
    "conversations.join": Method(join, "t3", ("channels:join",), ("channel",)),
    "users.conversations": Method(users_conversations, "t3", READ),
}
