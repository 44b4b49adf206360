"""Every kind of fault, and where Slack says that it happens, or that we only assume it."""

from dataclasses import dataclass

DOCS = "https://docs.slack.dev/"
LIMITS = f"{DOCS}apis/web-api/rate-limits"
RETRIES = f"{DOCS}apis/events-api/#retries"
SOCKETS = f"{DOCS}apis/events-api/using-socket-mode#disconnect"
POSTING = f"{DOCS}reference/methods/chat.postMessage#errors"
ASSUMED = "our assumption: "

CALLS: frozenset[str] = frozenset()  # any call of the Web API
POSTS = frozenset({"chat.postMessage"})
LOOKS = frozenset({"conversations.history", "conversations.replies"})
EVENTS = frozenset({"events_api"})
REQUESTS = EVENTS | {"slash_commands", "interactive"}
SOCKET = frozenset({"socket"})


@dataclass(frozen=True)
class Kind:
    """``befalls`` names methods, kinds of request, or ``socket``; ``done`` says that a call is
    carried out all the same.
    """

    what: str
    source: str
    befalls: frozenset[str] = CALLS
    done: bool = False

    def can_befall(self, name: str) -> bool:
        return name in self.befalls or (not self.befalls and name not in REQUESTS | SOCKET)


KINDS = {
    # What becomes of a call of the app's.
    "ratelimited": Kind("429, and Retry-After in seconds", LIMITS),
    "ratelimited_bare": Kind(
        "429 without Retry-After", ASSUMED + "something on the way takes the header off"
    ),
    "ratelimited_ok": Kind("200, and ratelimited in the body", POSTING),
    "server_error": Kind(
        "500, and nothing was done", f"{POSTING}: the error may come before anything succeeded"
    ),
    "server_error_after": Kind(
        "500, and it was done", f"{POSTING}: some of it may have succeeded", done=True
    ),
    "reset_before": Kind(
        "the connection breaks, and nothing was done", ASSUMED + "TCP promises no more"
    ),
    "reset_after": Kind(
        "the connection breaks, and it was done", ASSUMED + "TCP promises no more", done=True
    ),
    "slow": Kind(
        "done, and answered late", ASSUMED + "Slack names no time to answer in", done=True
    ),
    "late": Kind(
        "the connection breaks, and it is done some time after that",
        ASSUMED + "Slack has queues of its own, and says nothing of their length",
        POSTS,
    ),
    "broken_json": Kind(
        "done, and half of the answer comes", ASSUMED + "a proxy cut it short", done=True
    ),
    "dropped": Kind(
        "above the pace: ok, and nothing is stored",
        f"{LIMITS}: no guarantee that a burst of messages is stored",
        POSTS,
        done=True,
    ),
    "lagging": Kind(
        "the newest messages are not shown yet",
        ASSUMED + "no document says how soon a message can be read",
        LOOKS,
        done=True,
    ),
    # What becomes of a request of Slack's.
    "duplicate": Kind(
        "the same request twice at once",
        RETRIES + ": a retry may overtake an answer that is slow",
        REQUESTS,
    ),
    "new_event_id": Kind(
        "the same message again, as another event",
        "https://github.com/slackapi/node-slack-sdk/issues/2141",
        EVENTS,
    ),
    "reordered": Kind(
        "an event comes after the next one",
        "https://github.com/slackapi/bolt-python/issues/668",
        EVENTS,
    ),
    "first_lost": Kind(
        "the request is lost on its way; of an event the retry comes alone", RETRIES, REQUESTS
    ),
    "answer_lost": Kind(
        "the app's answer is lost: an event is sent again, a person is told that it failed",
        f"{RETRIES}: without a 200 within three seconds",
        REQUESTS,
    ),
    # What becomes of the sockets, before the next request.
    "refresh": Kind("each is asked to connect anew: refresh_requested", SOCKETS, SOCKET),
    "reset": Kind("each breaks", SOCKETS, SOCKET),
    "deaf": Kind(
        "each stays open, and nothing gets through",
        ASSUMED + "a link that went away without a word",
        SOCKET,
    ),
}

ERROR = Kind("an error of Slack's, by its code", f"{DOCS}reference/methods")
