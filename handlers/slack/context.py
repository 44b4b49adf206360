"""The person and the workspace of a request, from the verified request alone."""

from slack_bolt.context.async_context import AsyncBoltContext

from bot.people import UserId, WorkspaceId


def workspace_of(context: AsyncBoltContext) -> WorkspaceId:
    if context.team_id is None:
        raise ValueError("a request without its workspace")
    return WorkspaceId(context.team_id)


def user_of(context: AsyncBoltContext) -> UserId:
    if context.user_id is None:
        raise ValueError("a request without its person")
    return UserId(context.user_id)
