"""What leaves for Slack and may come back is sealed: signed by us, for one purpose, for a while.

A button's value, a menu option's and a form's metadata say what a press is about. They are sealed
where they leave (every call of the client, every answer of the app) and opened where they come
back, before any listener sees them, so that no view and no listener can forget it.

A seal says nothing of what state the case was in. Whether a step still makes sense is for the case
to decide, as it is now: a press on a card of yesterday claims a case that is still open, and is
told who has it if it is not. Whatever changed a case owes its card again in the same transaction,
so that only a card that has stood for longer than a seal lasts has to be refreshed by a press.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.errors import BotError, NotAllowed
from bot.messages import N_

DAYS = 30
"""How long a seal lasts: longer than anyone leaves a form open, or a card as it is."""

CHOICES = {"static_select", "external_select", "radio_buttons"}
"""Elements whose chosen option is an answer, and no reference of ours."""

BYTES = 12


FORGED = N_("Baton did not send this button, so nothing was changed. Your cases: /baton mine")


class Forged(NotAllowed):
    def __init__(self) -> None:
        super().__init__(FORGED, step="forged")


class OutOfDate(BotError):
    """``value`` is what the seal was on."""

    message = N_("This button is out of date, so nothing was changed. Open a new one: /baton")

    def __init__(self, value: str) -> None:
        super().__init__()
        self.value = value


class ValueSigner:
    """``key`` is the workspace's own: what was sealed in one is a forgery in another."""

    def __init__(self, key: bytes, clock: Callable[[], datetime]) -> None:
        self._key, self._clock = key, clock

    def sign(self, value: str, purpose: str) -> str:
        day = f"{self._clock().timestamp() // 86400:.0f}"
        return f"{value}.{day}.{self._mark(value, purpose, day)}"

    def verify(self, signed: str, purpose: str) -> str:
        """What the seal is on.

        Raises:
            Forged: it is not ours, or not for this purpose.
            OutOfDate: it is older than a seal lasts.
        """
        value, day, mark = (["", "", *signed.rsplit(".", 2)])[-3:]
        ours = self._mark(value, purpose, day)
        if not hmac.compare_digest(ours.encode(), mark.encode("utf-8", "surrogatepass")):
            raise Forged
        if self._clock().timestamp() // 86400 - int(day) > DAYS:
            raise OutOfDate(value)
        return value

    def _mark(self, value: str, purpose: str, day: str) -> str:
        text = json.dumps([value, purpose, day]).encode()
        digest = hmac.new(self._key, text, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:BYTES]).decode()

    def sign_all(self, thing: Any) -> Any:
        """A copy of blocks, or of a view, with each reference in it sealed."""
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
        """Open each seal of a request, in place. Raises what ``verify`` does."""
        view, pressed = body.get("view"), body.get("actions")
        if isinstance(view, dict) and view.get("private_metadata"):
            self._verify_in(view, "private_metadata", view.get("callback_id"))
        for action in pressed if isinstance(pressed, list) else ():
            if not isinstance(action, dict):
                continue
            if "value" in action:
                self._verify_in(action, "value", action.get("action_id"))
            chosen = action.get("selected_option")
            if isinstance(chosen, dict) and action.get("type") not in CHOICES:
                self._verify_in(chosen, "value", action.get("action_id"))

    def _verify_in(self, holder: dict[str, Any], name: str, purpose: Any) -> None:
        holder[name] = self.verify(str(holder.get(name)), str(purpose))


class SigningClient(AsyncWebClient):
    """The way out to Slack. ``signer`` are there once the workspace is known."""

    signer: ValueSigner | None = None

    async def api_call(
        self, api_method: str, *, json: dict[str, Any] | None = None, **more: Any
    ) -> AsyncSlackResponse:
        if json is not None and self.signer is not None:
            parts = {name: json[name] for name in ("blocks", "view") if json.get(name)}
            json = json | {name: self.signer.sign_all(part) for name, part in parts.items()}
        return await super().api_call(api_method, json=json, **more)


class SigningApp(AsyncApp):
    """What is answered to a request leaves for Slack, too."""

    def __init__(self, signer: ValueSigner, **more: Any) -> None:
        super().__init__(**more)
        self._signer = signer

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        answer = await super().async_dispatch(req)
        if answer.first_headers().get("content-type", "").startswith("application/json"):
            answer.body = json.dumps(self._signer.sign_all(json.loads(answer.body)))
        return answer
