"""The Web API: checks tokens, scopes and rate limits, then runs the method."""

import copy
from datetime import timedelta
from typing import Any

from handlers.sandbox.calls import Call, Calls
from handlers.sandbox.errors import SlackError, bad_argument
from handlers.sandbox.faults import Fault, Faults
from handlers.sandbox.pace import RateLimiter
from handlers.sandbox.slack import Slack
from handlers.sandbox.web_api import apps, chat, conversations, reactions, users, views
from handlers.sandbox.web_api.arguments import Arguments
from handlers.sandbox.web_api.destinations import need_scope
from handlers.sandbox.web_api.method import Answer, Method

METHODS: dict[str, Method] = {
    **apps.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **users.METHODS,
    **reactions.METHODS,
    **views.METHODS,
}


class RateLimited(Exception):
    """A call above the rate limit; ``retry_after`` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


class WebApi:
    """Executes and records the app's Web API calls."""

    def __init__(self, slack: Slack, pace: RateLimiter, faults: Faults, calls: Calls) -> None:
        self._slack, self._pace, self._faults, self._calls = slack, pace, faults, calls

    def fault(self, method: str) -> Fault | None:
        return self._faults.take(method) if method in METHODS else None

    def call(self, name: str, token: str, args: Arguments, fault: Fault | None) -> Answer:
        """Execute a call, unless its fault prevents that, and record it.

        Raises:
            RateLimited: the call is above the rate limit and was not executed.
        """
        try:
            answer = self._answer(name, token, args, fault)
        except RateLimited:
            self._log(name, args, {"ok": False, "error": "ratelimited"}, fault)
            raise
        self._log(name, args, answer, fault)
        return answer

    def log_lost(self, name: str, args: Arguments, fault: Fault) -> None:
        """Record a call that was not executed because of its fault."""
        self._log(name, args, None, fault)

    def _answer(self, name: str, token: str, args: Arguments, fault: Fault | None) -> Answer:
        if fault and fault.error:
            return SlackError(fault.error).answer()
        try:
            answer = {"ok": True} | self._execute(name, token, args, fault)
        except SlackError as error:
            return error.answer()
        except RecursionError:  # nested deeper than Slack accepts
            return bad_argument("nested too deeply").answer()
        if fault and fault.kind == "lagging":
            return self._lagging(answer, fault.seconds)
        return answer

    def _execute(self, name: str, token: str, args: Arguments, fault: Fault | None) -> Answer:
        if (method := METHODS.get(name)) is None:
            raise SlackError("unknown_method", req_method=name)
        self._check_token(method, token)
        if wait := self._pace.wait(name, method.tier, str(args.get("channel"))):
            if fault and fault.kind == "dropped":
                return {"channel": args.text("channel"), "ts": self._slack.workspace.mint.ts()}
            raise RateLimited(wait)
        if not method.app_token:
            need_scope(self._slack, *method.scopes)
        if missing := [name for name in method.required if args.get(name) in (None, "")]:
            details = [f"[ERROR] missing required field: {field}" for field in missing]
            raise SlackError("invalid_arguments", *details)
        return method.run(self._slack, args)

    def _lagging(self, answer: Answer, seconds: float) -> Answer:
        """Drop the messages of the last ``seconds``, as a read replica that lags would."""
        newest = (self._slack.clock() - timedelta(seconds=seconds)).timestamp()
        return answer | {"messages": [it for it in answer["messages"] if float(it["ts"]) <= newest]}

    def _check_token(self, method: Method, token: str) -> None:
        if method.open:
            return
        if not token:
            raise SlackError("not_authed")
        if token not in {self._slack.bot_token, self._slack.app_token}:
            raise SlackError("invalid_auth")
        if not self._slack.workspace.has_app:
            raise SlackError("account_inactive")
        if (token == self._slack.app_token) is not method.app_token:
            raise SlackError("not_allowed_token_type")

    def _log(self, name: str, args: Arguments, answer: Answer | None, fault: Fault | None) -> None:
        logged: dict[str, Any] = {key: value for key, value in args.items() if key != "token"}
        at, kind = self._slack.clock(), fault.kind if fault else None
        self._calls.append(Call(name, copy.copy(logged), copy.copy(answer), at, kind))


def scopes_of(slack: Slack) -> str:
    return ",".join(sorted(slack.workspace.app.scopes)) if slack.workspace.has_app else ""
