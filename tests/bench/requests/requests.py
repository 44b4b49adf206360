"""Requests as Slack sends them: signed, complete, and no two alike."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from bot.people import TeamId
from bot.team import read_team
from bot.team.team import Team
from handlers.sandbox.interactions.signed_request import FORM, signature
from handlers.slack.views.forms.escalate_form import escalate_form
from storage.store import wall_clock
from tests.world import SUPPORT, TEAM, WORKSPACE

SECRET = "not a secret"  # noqa: S105  only for this machine
PEOPLE = [f"U0AGENT{number:03d}" for number in range(100)]
"""They report in turn: a single reporter would be asked whether each case is a duplicate."""

NUMBER, CUSTOMER, PERSON = "0000000000", "A-customer", "U0-A-PERSON"
"""Placeholders in a template, replaced in each request."""


@dataclass(frozen=True)
class Template:
    """A request body with placeholders."""

    body: bytes

    def numbered(self, number: int) -> bytes:
        """Return the signed HTTP request with this number."""
        body = self.body
        for placeholder, value_of in PLACEHOLDERS.items():
            body = body.replace(placeholder.encode(), value_of(number).encode())
        stamp = str(int(time.time()))
        return (
            f"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n"
            f"Accept-Encoding: gzip,deflate\r\nAccept: application/json,*/*\r\n"
            f"Content-Type: {FORM}\r\nContent-Length: {len(body)}\r\n"
            f"X-Slack-Request-Timestamp: {stamp}\r\n"
            f"X-Slack-Signature: {signature(SECRET, stamp, body)}\r\n\r\n"
        ).encode() + body


def command(typed: str) -> Template:
    name, _, text = typed.partition(" ")
    fields = {
        "token": "legacy",
        "team_id": WORKSPACE,
        "team_domain": "sandbox",
        "channel_id": SUPPORT,
        "channel_name": "support",
        "user_id": "U0ANA",
        "user_name": "ana",
        "command": name,
        "text": text,
        "api_app_id": "A0BATON",
        "is_enterprise_install": "false",
        "response_url": f"https://hooks.slack.com/commands/{WORKSPACE}/{NUMBER}/x",
        "trigger_id": f"{NUMBER}.1.abc",
    }
    return Template(urlencode(fields).encode())


def submission(sealed: str) -> Template:
    """Return the submission of a filled form.

    The number becomes the view's id and determines the customer's name. ``sealed`` is the form's
    metadata as signed by Baton.
    """
    team = Team.start(TeamId(1), read_team(TEAM), SUPPORT, at=wall_clock())
    view = escalate_form([team]) | {
        "private_metadata": sealed,
        "id": f"V{NUMBER}",
        "team_id": WORKSPACE,
        "app_id": "A0BATON",
        "app_installed_team_id": WORKSPACE,
        "bot_id": "B0BATON",
        "hash": "1772438400.abcdefgh",
        "root_view_id": f"V{NUMBER}",
        "previous_view_id": None,
        "external_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
        "state": {"values": {field: {"answer": given} for field, given in _answers().items()}},
    }
    payload: dict[str, Any] = {
        "type": "view_submission",
        "token": "legacy",
        "team": {"id": WORKSPACE, "domain": "sandbox"},
        "user": {"id": PERSON, "username": "agent", "name": "agent", "team_id": WORKSPACE},
        "api_app_id": "A0BATON",
        "trigger_id": f"{NUMBER}.1.abc",
        "enterprise": None,
        "is_enterprise_install": False,
        "response_urls": [],
        "view": view,
    }
    return Template(urlencode({"payload": json.dumps(payload)}).encode())


def person(number: int) -> str:
    return PEOPLE[number % len(PEOPLE)]


def customer(number: int) -> str:
    """Return the customer of a submission: a hash, so that no two look like duplicates."""
    return f"{sha256(str(number).encode()).hexdigest()[:12]} GmbH"


def _answers() -> dict[str, dict[str, Any]]:
    risk = {"text": {"type": "plain_text", "text": "Risk"}, "value": "risk"}
    urgent = {"text": {"type": "plain_text", "text": "Urgent"}, "value": "urgent"}
    summary = "Nobody can log in since this morning. They asked twice. " * 5
    return {
        "customer": {"type": "plain_text_input", "value": CUSTOMER},
        "summary": {"type": "plain_text_input", "value": summary},
        "reasons": {"type": "checkboxes", "selected_options": [risk]},
        "priority": {"type": "static_select", "selected_option": urgent},
        "category": {"type": "plain_text_input", "value": "Outage"},
        "ticket_link": {"type": "url_text_input", "value": f"https://help.example.com/{NUMBER}"},
        "source": {"type": "static_select", "selected_option": None},
        "wish": {"type": "plain_text_input", "value": None},
    }


PLACEHOLDERS: Mapping[str, Callable[[int], str]] = {
    NUMBER: "{:010d}".format,
    CUSTOMER: customer,
    PERSON: person,
}
