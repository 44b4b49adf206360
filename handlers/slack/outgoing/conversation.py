"""The conversation that a message is in: Slack names a DM by its person only to post there."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery import Delivery


async def conversation_of(client: AsyncWebClient, delivery: Delivery) -> str:
    """Return the id of the channel, or of the DM with the person: history and edits need it."""
    if not delivery.is_direct_message:
        return delivery.channel
    opened = await client.conversations_open(users=delivery.channel)
    return str(opened["channel"]["id"])
