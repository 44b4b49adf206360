"""Signed values: what Slack sends back to Baton was made by Baton, for one purpose, lately.

A button's value, a menu option's value and a form's ``private_metadata`` say what a press is
about. The client and the app sign them on the way out, and ``verify_values`` checks them on the
way in, before any listener runs, so no view and no listener can forget it.

A signature says nothing about the state of a case. The case itself decides whether a step still
makes sense: a press on yesterday's card claims a case that is still open. Every change of a case
updates its card in the same transaction, so only a card older than a signature needs a refresh.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.errors import BotError, NotAllowed
from bot.messages import N_

VALID_DAYS = 30
"""Longer than a form stays open or a card stays unchanged."""

ANSWERS = {"static_select", "external_select", "radio_buttons"}
"""Elements whose chosen option is a person's answer and carries no signature."""

DIGEST_BYTES = 12


FORGED = N_(
    "Baton did not send this button or form, so nothing was changed. Your cases: /baton mine"
)


class Forged(NotAllowed):
    def __init__(self) -> None:
        super().__init__(FORGED, step="forged")


class OutOfDate(BotError):
    """The signature has expired; ``value`` is what it was on."""

    message = N_("This button is out of date, so nothing was changed. Open a new one: /baton")

    def __init__(self, value: str) -> None:
        super().__init__()
        self.value = value


class ValueSigner:
    """Signs with the key of one workspace: a value from another workspace is a forgery."""

    def __init__(self, key: bytes, clock: Callable[[], datetime]) -> None:
        self._key, self._clock = key, clock

    def sign(self, value: str, purpose: str) -> str:
        """Return ``value.day.signature``; ``purpose`` is the action or form that it is for."""
        day = f"{self._clock().timestamp() // 86400:.0f}"
        return f"{value}.{day}.{self._digest(value, purpose, day)}"

    def verify(self, signed: str, purpose: str) -> str:
        """Return the value that was signed.

        Raises:
            Forged: the signature is not Baton's, or is for another purpose.
            OutOfDate: the signature is older than ``VALID_DAYS``.
        """
        value, day, digest = (["", "", *signed.rsplit(".", 2)])[-3:]
        expected = self._digest(value, purpose, day)
        if not hmac.compare_digest(expected.encode(), digest.encode("utf-8", "surrogatepass")):
            raise Forged
        if self._clock().timestamp() // 86400 - int(day) > VALID_DAYS:
            raise OutOfDate(value)
        return value

    def _digest(self, value: str, purpose: str, day: str) -> str:
        text = json.dumps([value, purpose, day]).encode()
        digest = hmac.new(self._key, text, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:DIGEST_BYTES]).decode()

    def sign_all(self, thing: Any) -> Any:
        """Return a copy of blocks or of a view with every value in it signed."""
        if isinstance(thing, list):
            return [self.sign_all(each) for each in thing]
        if not isinstance(thing, dict):
            return thing
        copy = {name: self.sign_all(each) for name, each in thing.items()}
        if thing.get("private_metadata"):
            copy["private_metadata"] = self.sign(thing["private_metadata"], thing["callback_id"])
        if thing.get("type") == "button" and "value" in thing:
            copy["value"] = self.sign(thing["value"], thing["action_id"])
        if thing.get("type") == "overflow":
            copy["options"] = [
                {**each, "value": self.sign(each["value"], thing["action_id"])}
                for each in thing["options"]
            ]
        return copy

    def verify_all(self, body: dict[str, Any]) -> None:
        """Replace each signed value of a request by the value itself. Raises like ``verify``."""
        view, pressed = body.get("view"), body.get("actions")
        is_form = body.get("type") == "view_submission"
        if isinstance(view, dict) and (is_form or view.get("private_metadata")):
            self._verify_in(view, "private_metadata", view.get("callback_id"))
        for action in pressed if isinstance(pressed, list) else ():
            if not isinstance(action, dict):
                continue
            if "value" in action:
                self._verify_in(action, "value", action.get("action_id"))
            chosen = action.get("selected_option")
            if isinstance(chosen, dict) and action.get("type") not in ANSWERS:
                self._verify_in(chosen, "value", action.get("action_id"))

    def _verify_in(self, holder: dict[str, Any], name: str, purpose: Any) -> None:
        holder[name] = self.verify(str(holder.get(name)), str(purpose))


class SigningClient(AsyncWebClient):
    """The client for calls to Slack. ``signer`` is set once the workspace is known."""

    signer: ValueSigner | None = None

    async def api_call(
        self, api_method: str, *, json: dict[str, Any] | None = None, **more: Any
    ) -> AsyncSlackResponse:
        if json is not None and self.signer is not None:
            parts = {name: json[name] for name in ("blocks", "view") if json.get(name)}
            json = json | {name: self.signer.sign_all(part) for name, part in parts.items()}
        return await super().api_call(api_method, json=json, **more)


class SigningApp(AsyncApp):
    """Signs the values in answers too: a form can be updated by the ack.

    ``answered`` is called with each request's context once its listener is done: what a middleware
    does after ``next`` still runs before the listener.
    """

    def __init__(
        self, signer: ValueSigner, answered: Callable[[AsyncBoltContext], None], **more: Any
    ) -> None:
        super().__init__(**more)
        self._signer, self._answered = signer, answered

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        answer = await super().async_dispatch(req)
        self._answered(req.context)
        if answer.first_headers().get("content-type", "").startswith("application/json"):
            answer.body = json.dumps(self._signer.sign_all(json.loads(answer.body)))
        return answer
