"""The chat.* methods: post, edit, delete, whisper."""

from typing import Any

from handlers.sandbox.errors import SlackError
from handlers.sandbox.limits import read_metadata
from handlers.sandbox.slack import Slack
from handlers.sandbox.web_api.arguments import Arguments
from handlers.sandbox.web_api.destinations import message_at, need_scope, postable, visible
from handlers.sandbox.web_api.method import Answer, Method
from handlers.sandbox.web_api.timestamps import is_timestamp
from handlers.sandbox.workspace.channel import Channel
from handlers.sandbox.workspace.content import read_content
from handlers.sandbox.workspace.message import Message

SHORT = 4000  # bytes of text in an edit or an ephemeral message


def post_message(slack: Slack, args: Arguments) -> Answer:
    if args.get("username") or args.get("icon_emoji") or args.get("icon_url"):
        need_scope(slack, "chat:write.customize")
    channel = postable(slack, args.text("channel"))
    message = Message(
        **written(slack, args, channel),
        metadata=read_metadata(args.get("metadata")),
        broadcast=args.flag("reply_broadcast") and bool(args.text("thread_ts")),
        username=args.text("username") or None,
    )
    slack.workspace.post(channel, message)
    answer = {"channel": channel.id, "ts": message.ts}
    shown = message.as_slack(slack.workspace.id, metadata=True)
    if len(args.text("text")) > len(message.text):
        answer["warning"] = "message_truncated"
    return answer | {"message": shown}


def post_ephemeral(slack: Slack, args: Arguments) -> Answer:
    channel = postable(slack, args.text("channel"))
    person = args.text("user")
    if person not in channel.members:
        raise SlackError("user_not_in_channel")
    message = Message(**written(slack, args, channel, max_text_bytes=SHORT), only_for=person)
    slack.workspace.show_only_to(person, message)
    return {"message_ts": message.ts}


def written(
    slack: Slack, args: Arguments, channel: Channel, *, max_text_bytes: int | None = None
) -> dict[str, Any]:
    """What a new message of the app's is made of."""
    app, mint = slack.workspace.app, slack.workspace.mint
    content = read_content(args, mint, max_text_bytes=max_text_bytes)
    return content | {
        "channel": channel.id,
        "thread_ts": thread(channel, args.text("thread_ts")),
        "ts": mint.ts(),
        "user": app.user,
        "bot_id": app.bot_id,
        "app_id": app.id,
    }


def thread(channel: Channel, ts: str) -> str | None:
    """The root of the thread that ``ts`` is in; None if it names none."""
    if not ts:
        return None
    if not is_timestamp(ts):
        raise SlackError("invalid_thread_ts", f"[ERROR] {ts} is not a valid thread_ts")
    if (found := channel.find(ts)) is None:
        raise SlackError("thread_not_found")
    return found.thread_ts or found.ts


def update(slack: Slack, args: Arguments) -> Answer:
    channel = visible(slack, args.text("channel"))
    message = message_at(channel, args.text("ts"))
    if message.user != slack.workspace.app.user:
        raise SlackError("cant_update_message")
    if channel.archived:
        raise SlackError("is_archived")
    metadata = read_metadata(args.get("metadata"))
    content = read_content(edit(message, args), slack.workspace.mint, max_text_bytes=SHORT)
    for name, value in content.items():
        setattr(message, name, value)
    if "metadata" in args:
        message.metadata = metadata
    message.edited = {"user": slack.workspace.app.user, "ts": slack.workspace.mint.ts()}
    slack.workspace.changes.happened()
    shown = message.as_slack(slack.workspace.id, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def edit(message: Message, args: Arguments) -> dict[str, Any]:
    """What an edited message is to say: new text alone takes its blocks away."""
    given = {name: args.get(name) for name in ("text", "blocks", "attachments", "markdown_text")}
    if given["text"] is None and given["blocks"] is None and given["markdown_text"] is None:
        given |= {"text": message.text, "blocks": message.blocks}
    if "attachments" not in args:
        given["attachments"] = message.attachments
    return given


def delete(slack: Slack, args: Arguments) -> Answer:
    channel = visible(slack, args.text("channel"))
    message = message_at(channel, args.text("ts"))
    if message.user != slack.workspace.app.user:
        raise SlackError("cant_delete_message")
    remove(slack, channel, message)
    return {"channel": channel.id, "ts": message.ts}


def remove(slack: Slack, channel: Channel, message: Message) -> None:
    """A root that was answered leaves a tombstone, so that its thread stays."""
    if len(channel.thread(message.ts)) > 1 and not message.is_reply:
        message.text, message.subtype = "This message was deleted.", "tombstone"
        message.user, message.bot_id, message.app_id = "USLACKBOT", None, None
        message.blocks, message.attachments, message.metadata = None, [], None
    else:
        channel.drop(message)
    slack.workspace.changes.happened()


def permalink(slack: Slack, args: Arguments) -> Answer:
    channel = visible(slack, args.text("channel"))
    message = message_at(channel, args.text("message_ts"))
    mark = message.ts.replace(".", "")
    link = f"https://{slack.workspace.domain}.slack.com/archives/{channel.id}/p{mark}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


WRITE = ("chat:write",)
METHODS = {
    "chat.postMessage": Method(post_message, "t5", WRITE, ("channel",)),
    "chat.postEphemeral": Method(post_ephemeral, "t4", WRITE, ("channel", "user")),
    "chat.update": Method(update, "t3", WRITE, ("channel", "ts")),
    "chat.delete": Method(delete, "t3", WRITE, ("channel", "ts")),
    "chat.getPermalink": Method(permalink, "t5", (), ("channel", "message_ts")),
}
