"""The Bolt app with every listener, in the order in which Bolt tries them."""

import logging

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import BotError
from bot.messages import N_
from bot.rate_limit import Quota
from handlers.slack.features import (
    channel_events,
    claim,
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
from handlers.slack.plumbing.ephemeral import EphemeralReplies
from handlers.slack.plumbing.request_keys import note_request_keys
from handlers.slack.plumbing.signed_values import SigningApp, SigningClient, ValueSigner
from storage import Store
from storage.installations import Installation


class AnotherWorkspace(BotError):
    message = N_("Baton is not set up in this workspace.")


def make_app(
    store: Store,
    client: SigningClient,
    installation: Installation,
    ephemeral: EphemeralReplies,
    signer: ValueSigner,
    quota: Quota,
    refresher: membership.PeopleRefresher,
) -> AsyncApp:
    """Return the app. Its requests are already verified, or come over Baton's own socket."""

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

    # Bolt makes a client for each request with the token that authorize returns.
    unauthorized = AsyncWebClient(
        base_url=client.base_url, session=client.session, retry_handlers=[]
    )
    app = SigningApp(
        signer,
        refresher.check,
        client=unauthorized,
        logger=logging.getLogger("slack_bolt"),
        authorize=authorize,
        process_before_response=True,  # work, then ack
        request_verification_enabled=False,  # done on the raw bytes: http/signature.py
        ssl_check_enabled=False,
        raise_error_for_unhandled_request=True,
    )
    app.middleware(note_request_keys)
    membership.register(app, store)
    verify_values.register(app, store, client, signer)
    # The most used come first: Bolt tries the listeners one after the other.
    command.register(app, store)
    form.register(app, store, quota)
    questions.register(app, store, quota)
    duplicates.register(app, store, quota)
    claim.register(app, store, ephemeral)
    closing.register(app, store)
    progress.register(app, store, ephemeral)
    hand_off.register(app, store, ephemeral)
    reactions.register(app, store, ephemeral)
    five_steps.register(app, store, ephemeral)
    more.register(app, store)
    feedback.register(app, store, ephemeral)
    edit.register(app, store)
    departments.register(app, store)
    merge.register(app, store)
    report.register(app, store)
    release.register(app, store)
    home.register(app, store)
    undelivered.register(app, store, ephemeral)
    channel_events.register(app, store, installation)
    error_replies.register(app, store, ephemeral)
    return app
