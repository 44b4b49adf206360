"""Claim: the button that makes a person the owner of a case."""

from slack_bolt.async_app import AsyncApp

from bot.case import Case
from bot.people import CaseId, reference
from handlers.i18n import _
from handlers.slack.ids import Button
from handlers.slack.plumbing.ephemeral import EphemeralReplies
from handlers.slack.plumbing.listeners import runs_step
from handlers.slack.plumbing.steps import step
from storage import Store

claim_case = step(Case.claim)


def register(app: AsyncApp, store: Store, ephemeral: EphemeralReplies) -> None:
    app.action(Button.CLAIM)(runs_step(store, ephemeral, claim_case, says=claimed))


def claimed(case: CaseId) -> str:
    """Return what a new owner reads."""
    message = _("You now own {case}. Read its history, then call the customer.")
    return message.format(case=reference(case))
