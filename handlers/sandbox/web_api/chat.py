"""The chat.* methods."""

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

SHORT_TEXT_BYTES = 4000  # the limit for edits and ephemeral messages


def post_message(slack: Slack, args: Arguments) -> Answer:
    if args.get("username") or args.get("icon_emoji") or args.get("icon_url"):
        need_scope(slack, "chat:write.customize")
    channel = postable(slack, args.text("channel"))
    message = Message(
        **new_message_fields(slack, args, channel),
        metadata=read_metadata(args.get("metadata")),
        broadcast=args.flag("reply_broadcast") and bool(args.text("thread_ts")),
        username=args.text("username") or None,
    )
    slack.workspace.post(channel, message)
    answer = {"channel": channel.id, "ts": message.ts}
    stored = message.as_slack(slack.workspace.id, metadata=True)
    if len(args.text("text")) > len(message.text):
        answer["warning"] = "message_truncated"
    return answer | {"message": stored}


def post_ephemeral(slack: Slack, args: Arguments) -> Answer:
    channel = postable(slack, args.text("channel"))
    person = args.text("user")
    if person not in channel.members:
        raise SlackError("user_not_in_channel")
    message = Message(
        **new_message_fields(slack, args, channel, max_text_bytes=SHORT_TEXT_BYTES), only_for=person
    )
    slack.workspace.show_only_to(person, message)
    return {"message_ts": message.ts}


def new_message_fields(
    slack: Slack, args: Arguments, channel: Channel, *, max_text_bytes: int | None = None
) -> dict[str, Any]:
    """Return the fields of a new message from the app."""
    app, mint = slack.workspace.app, slack.workspace.mint
    content = read_content(args, mint, max_text_bytes=max_text_bytes)
    return content | {
        "channel": channel.id,
        "thread_ts": thread_root(channel, args.text("thread_ts")),
        "ts": mint.ts(),
        "user": app.user,
        "bot_id": app.bot_id,
        "app_id": app.id,
    }


def thread_root(channel: Channel, ts: str) -> str | None:
    """Return the ts of the root of the thread that ``ts`` is in, or None without a ``ts``.

    Raises:
        SlackError: ``ts`` is malformed, or names no message.
    """
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
    content = read_content(
        edited_content(message, args), slack.workspace.mint, max_text_bytes=SHORT_TEXT_BYTES
    )
    for name, value in content.items():
        setattr(message, name, value)
    if "metadata" in args:
        message.metadata = metadata
    message.edited = {"user": slack.workspace.app.user, "ts": slack.workspace.mint.ts()}
    slack.workspace.changes.happened()
    stored = message.as_slack(slack.workspace.id, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": stored}


def edited_content(message: Message, args: Arguments) -> dict[str, Any]:
    """Return the content after an edit. Text without blocks removes the old blocks."""
    edited = {name: args.get(name) for name in ("text", "blocks", "attachments", "markdown_text")}
    if edited["text"] is None and edited["blocks"] is None and edited["markdown_text"] is None:
        edited |= {"text": message.text, "blocks": message.blocks}
    if "attachments" not in args:
        edited["attachments"] = message.attachments
    return edited


def delete(slack: Slack, args: Arguments) -> Answer:
    channel = visible(slack, args.text("channel"))
    message = message_at(channel, args.text("ts"))
    if message.user != slack.workspace.app.user:
        raise SlackError("cant_delete_message")
    remove(slack, channel, message)
    return {"channel": channel.id, "ts": message.ts}


def remove(slack: Slack, channel: Channel, message: Message) -> None:
    """Remove a message. A root with replies becomes a tombstone, so that its thread stays."""
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
    digits = message.ts.replace(".", "")
    link = f"https://{slack.workspace.domain}.slack.com/archives/{channel.id}/p{digits}"
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
