"""Release: the form that puts a case back in the queue."""

from slack_bolt.async_app import AsyncApp

from bot.case import Case
from handlers.slack.ids import Button, Form
from handlers.slack.plumbing.listeners import empty_form, opens_form, submits_once
from handlers.slack.plumbing.steps import step
from handlers.slack.views.forms.case_form import read_why
from handlers.slack.views.forms.ownership_forms import release_form
from storage import Store


def register(app: AsyncApp, store: Store) -> None:
    app.action(Button.RELEASE)(opens_form(store, empty_form(release_form, Case.may_release)))
    app.view(Form.RELEASE)(submits_once(store, read_why, step(Case.release)))
