"""Every kind of fault, with Slack's documentation for it, or marked as our assumption."""

from dataclasses import dataclass

DOCS = "https://docs.slack.dev/"
LIMITS = f"{DOCS}apis/web-api/rate-limits"
RETRIES = f"{DOCS}apis/events-api/#retries"
SOCKETS = f"{DOCS}apis/events-api/using-socket-mode#disconnect"
POSTING = f"{DOCS}reference/methods/chat.postMessage#errors"
ASSUMED = "our assumption: "

CALLS: frozenset[str] = frozenset()  # any Web API call
POSTS = frozenset({"chat.postMessage"})
READS = frozenset({"conversations.history", "conversations.replies"})
EVENTS = frozenset({"events_api"})
REQUESTS = EVENTS | {"slash_commands", "interactive"}
SOCKET = frozenset({"socket"})
HANDSHAKE = frozenset({"handshake"})
ELSEWHERE = ASSUMED + "a proxy or a sign-in page may redirect"


NOT_CALLS = REQUESTS | SOCKET | HANDSHAKE


@dataclass(frozen=True)
class Kind:
    """A kind of fault.

    ``targets`` names Web API methods, request types, ``socket`` or ``handshake``; empty means
    every Web API method. ``executes`` says that the call is executed although the app may not
    learn of it.
    """

    description: str
    source: str
    targets: frozenset[str] = CALLS
    executes: bool = False

    def applies_to(self, name: str) -> bool:
        return name in self.targets or (not self.targets and name not in NOT_CALLS)


KINDS = {
    # Web API calls.
    "ratelimited": Kind("429 with Retry-After in seconds", LIMITS),
    "ratelimited_bare": Kind("429 without Retry-After", ASSUMED + "a proxy may strip the header"),
    "ratelimited_ok": Kind("200 with ratelimited in the body", POSTING),
    "server_error": Kind(
        "500, not executed", f"{POSTING}: the error may come before anything succeeded"
    ),
    "server_error_after": Kind(
        "500, but executed", f"{POSTING}: some of it may have succeeded", executes=True
    ),
    "unavailable": Kind("503 with an HTML page, not executed", ASSUMED + "a proxy may answer so"),
    "html_page": Kind("200 with an HTML page, not executed", ASSUMED + "a sign-in page may do so"),
    "redirected": Kind("307 to another address, not executed", ELSEWHERE),
    "redirected_301": Kind("301 to another address, not executed", ELSEWHERE),
    "redirected_302": Kind("302 to another address, not executed", ELSEWHERE),
    "redirected_308": Kind("308 to another address, not executed", ELSEWHERE),
    "reset_before": Kind(
        "connection reset, not executed", ASSUMED + "TCP guarantees no more than that"
    ),
    "reset_after": Kind(
        "connection reset, but executed",
        ASSUMED + "TCP guarantees no more than that",
        executes=True,
    ),
    "slow": Kind(
        "executed, with a late response",
        ASSUMED + "Slack documents no response time",
        executes=True,
    ),
    "late": Kind(
        "connection reset, executed some time later",
        ASSUMED + "Slack may queue calls for an undocumented time",
        POSTS,
    ),
    "broken_json": Kind(
        "executed, with half of the response", ASSUMED + "a proxy may cut it short", executes=True
    ),
    "dropped": Kind(
        "above the rate limit: ok, but nothing is stored",
        f"{LIMITS}: no guarantee that a burst of messages is stored",
        POSTS,
        executes=True,
    ),
    "lagging": Kind(
        "the newest messages cannot be read yet",
        ASSUMED + "Slack does not document how soon a message can be read",
        READS,
        executes=True,
    ),
    # Requests to the app.
    "duplicate": Kind(
        "the same request twice at the same time",
        RETRIES + ": a retry may overtake a slow response",
        REQUESTS,
    ),
    "new_event_id": Kind(
        "the same message again with a new event_id",
        "https://github.com/slackapi/node-slack-sdk/issues/2141",
        EVENTS,
    ),
    "reordered": Kind(
        "an event arrives after the next one",
        "https://github.com/slackapi/bolt-python/issues/668",
        EVENTS,
    ),
    "first_lost": Kind("the request is lost; only events are retried", RETRIES, REQUESTS),
    "answer_lost": Kind(
        "the app's response is lost: events are retried, people see an error",
        f"{RETRIES}: no 200 within three seconds",
        REQUESTS,
    ),
    # The handshake of a socket, after it used up its ticket.
    "handshake_301": Kind("301 to another address", ELSEWHERE, HANDSHAKE),
    "handshake_302": Kind("302 to another address", ELSEWHERE, HANDSHAKE),
    "handshake_307": Kind("307 to another address", ELSEWHERE, HANDSHAKE),
    "handshake_308": Kind("308 to another address", ELSEWHERE, HANDSHAKE),
    "handshake_503": Kind("503 with an HTML page", ASSUMED + "a proxy may answer so", HANDSHAKE),
    "handshake_200": Kind("200 with an HTML page", ASSUMED + "a sign-in page may do so", HANDSHAKE),
    "handshake_reset": Kind(
        "connection reset", ASSUMED + "TCP guarantees no more than that", HANDSHAKE
    ),
    # Sockets, before the next request is sent.
    "refresh": Kind("all get a disconnect message: refresh_requested", SOCKETS, SOCKET),
    "reset": Kind("all connections are reset", SOCKETS, SOCKET),
    "deaf": Kind(
        "all stay open, but nothing gets through",
        ASSUMED + "a network link that failed silently",
        SOCKET,
    ),
}

ERROR = Kind("one of Slack's error codes", f"{DOCS}reference/methods")
