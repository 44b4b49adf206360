"""The app: every listener, in the order in which they are asked."""

import logging

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import BotError
from bot.messages import N_
from bot.rate_limit import Quota
from handlers.slack.features import (
    channel_events,
    closing,
    departments,
    edit,
    feedback,
    five_steps,
    hand_off,
    merge,
    more,
    progress,
    reactions,
    release,
    undelivered,
)
from handlers.slack.features.escalate import duplicates, form, questions
from handlers.slack.features.lookup import command, home, report
from handlers.slack.plumbing import error_replies, membership, verify_values
from handlers.slack.plumbing.ephemeral import Courtesy
from handlers.slack.plumbing.request_keys import note_gesture
from handlers.slack.plumbing.signed_values import SealingApp, SealingClient, Seals
from storage import Store
from storage.installations import Installation


class AnotherWorkspace(BotError):
    message = N_("Baton is not set up in this workspace.")


def make_app(
    store: Store,
    client: SealingClient,
    installation: Installation,
    courtesy: Courtesy,
    seals: Seals,
    quota: Quota,
) -> AsyncApp:
    """The app, for requests whose signature was checked, or that came over our own socket."""

    async def authorize(team_id: str | None) -> AuthorizeResult:
        if team_id != installation.workspace:
            raise AnotherWorkspace
        return AuthorizeResult(
            enterprise_id=None,
            team_id=installation.workspace,
            bot_id=installation.bot_id,
            bot_user_id=installation.bot_user,
            bot_token=client.token,
        )

    # Bolt makes a client for each request, with the token that authorize gives it.
    unauthorized = AsyncWebClient(
        base_url=client.base_url, session=client.session, retry_handlers=[]
    )
    app = SealingApp(
        seals,
        client=unauthorized,
        logger=logging.getLogger("slack_bolt"),
        authorize=authorize,
        process_before_response=True,  # work, then ack
        request_verification_enabled=False,  # the gate has done it, on the raw bytes
        ssl_check_enabled=False,
        raise_error_for_unhandled_request=True,
    )
    app.middleware(note_gesture)
    membership.register(app, store, client)
    verify_values.register(app, store, client, seals)
    # What is asked for most comes first: each listener ahead of the wanted one costs.
    command.register(app, store)
    form.register(app, store, quota)
    questions.register(app, store, quota)
    duplicates.register(app, store, quota)
    closing.register(app, store, courtesy)
    progress.register(app, store, courtesy)
    hand_off.register(app, store, courtesy)
    reactions.register(app, store, courtesy)
    five_steps.register(app, store, courtesy)
    more.register(app, store)
    feedback.register(app, store, courtesy)
    edit.register(app, store)
    departments.register(app, store)
    merge.register(app, store)
    report.register(app, store)
    release.register(app, store)
    home.register(app, store)
    undelivered.register(app, store, courtesy)
    channel_events.register(app, store, installation)
    error_replies.register(app, store, courtesy)
    return app
