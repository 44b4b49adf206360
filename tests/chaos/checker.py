"""Checks the final state of a run, using only Slack's log and plain SQL.

It shares no code with Baton and does not trust Baton's own record of what was sent.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

Line = dict[str, Any]

CASES = """
SELECT c.id, c.customer, c.status, c.owner, c.reporter, t.channel, c.restricted
FROM cases c JOIN teams t ON t.workspace = c.workspace AND t.id = c.team_id
"""
CLAIMS = """SELECT "case", "by" FROM events WHERE kind = 'claimed' ORDER BY number"""


@dataclass(frozen=True)
class Found:
    """A case in the database."""

    id: int
    customer: str
    status: str
    owner: str | None
    reporter: str
    channel: str
    restricted: bool

    @property
    def name(self) -> str:
        return f"ESC-{self.id}"


@dataclass(frozen=True)
class Seen:
    """The final state of a run: the actions that Baton acknowledged, Slack's log, the database."""

    actions: list[Line]
    log: list[Line]
    cases: list[Found]
    claims: dict[int, list[str]]

    def live(self) -> Iterable[Line]:
        """Yield the bot's messages that were not deleted."""
        return (it for it in self.log if is_bots(it) and not it["deleted"])


def look(database_url: str, log: list[Line], actions: list[Line]) -> Seen:
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        cases = [Found(*row) for row in connection.execute(text(CASES))]
        claims: dict[int, list[str]] = defaultdict(list)
        for case, by in connection.execute(text(CLAIMS)):
            claims[case].append(by)
    engine.dispose()
    return Seen(actions, log, cases, claims)


def read_actions(file: Path) -> list[Line]:
    if not file.exists():
        return []
    complete = file.read_text(encoding="utf-8").rpartition("\n")[0]  # the last line may be partial
    return [json.loads(line) for line in complete.splitlines()]


def problems(seen: Seen) -> list[str]:
    """Return all problems, one sentence each; none if all is well."""
    return [
        *submissions(seen),
        *owners(seen),
        *cards(seen),
        *reporters(seen),
        *threads(seen),
        *duplicates(seen),
        *leaks(seen),
    ]


def submissions(seen: Seen) -> Iterable[str]:
    """Check that each acknowledged submission has exactly one case."""
    found = Counter(case.customer for case in seen.cases)
    for action in actions_of(seen, "escalated"):
        if (count := found[action["customer"]]) != 1:
            yield f"the submission for {action['customer']} has {count} cases"
    for customer, count in found.items():
        if count > 1:
            yield f"{customer} has {count} cases"


def owners(seen: Seen) -> Iterable[str]:
    """Check that each case was claimed at most once, and is owned by the one who claimed it."""
    by_customer = {case.customer: case for case in seen.cases}
    for case in seen.cases:
        claims = seen.claims.get(case.id, [])
        if len(claims) > 1:
            yield f"{case.name} was claimed by {' and '.join(claims)}"
        elif claims != ([case.owner] if case.owner else []):
            yield f"{case.name} was claimed by {claims} but is owned by {case.owner}"
    for action in seen.actions:
        case_found = by_customer.get(action["customer"])
        if case_found is None:
            continue  # reported by submissions()
        name = case_found.name
        if action["action"] == "claimed" and case_found.owner != action["by"]:
            yield f"{action['by']} was shown as the owner of {name}, but it is {case_found.owner}"
        if action["action"] == "resolved" and case_found.status != "resolved":
            yield f"{name} was resolved by {action['by']} but is {case_found.status}"


def cards(seen: Seen) -> Iterable[str]:
    """Check that each case has one card in its channel, which shows the owner and the outcome."""
    shown: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in seen.live():
        if line["thread_ts"] in (None, line["ts"]) and line["peer"] is None:
            shown[line["channel"], line["text"].partition("\n")[0]].append(line)
    outcomes = {it["customer"]: it["text"] for it in actions_of(seen, "resolved")}
    for case in seen.cases:
        if case.restricted:
            continue  # reported by leaks()
        title = f"{case.name} · {case.customer}".replace("&", "&amp;")
        found = shown[case.channel, title]
        if len(found) != 1:
            yield f"{case.name} has {len(found)} cards"
            continue
        shown_text = found[0]["text"]
        for wanted in (f"<@{case.owner}>" if case.owner else None, outcomes.get(case.customer)):
            if wanted and wanted not in shown_text:
                yield f"the card of {case.name} does not show {wanted}"


def reporters(seen: Seen) -> Iterable[str]:
    """Check that each reporter was notified once of the receipt, the claim and the outcome."""
    direct: dict[str, list[str]] = defaultdict(list)
    for line in seen.live():
        if line["peer"] is not None:
            direct[line["peer"]].append(line["text"])
    outcomes = {it["customer"]: it["text"] for it in actions_of(seen, "resolved")}
    for case in seen.cases:
        news = [it for it in direct[case.reporter] if names(it, case)]
        wanted = {"the receipt": ":inbox_tray:"}
        if case.owner:
            wanted["the claim"] = "claimed your case"
        if case.customer in outcomes:
            wanted["the outcome"] = outcomes[case.customer]
        for what, words in wanted.items():
            if (count := sum(words in it for it in news)) != 1:
                yield f"{case.reporter} was notified {count} times of {what} of {case.name}"


def threads(seen: Seen) -> Iterable[str]:
    """Check that each thread contains every comment and the claim exactly once."""
    roots = {
        (line["channel"], line["ts"]): line["text"].partition(" · ")[0] for line in seen.live()
    }
    replies: dict[str, list[str]] = defaultdict(list)
    for line in seen.live():
        if line["thread_ts"] not in (None, line["ts"]):
            name = roots.get((line["channel"], line["thread_ts"]), "an unknown case")
            replies[name].append(line["text"])
    named = {case.customer: case.name for case in seen.cases if not case.restricted}
    for action in seen.actions:
        if "text" not in action or action["customer"] not in named:
            continue
        name = named[action["customer"]]
        if (count := sum(action["text"] in it for it in replies[name])) != 1:
            yield f"the thread of {name} contains {count} times: {action['text']}"
    for case in seen.cases:
        words = f"claimed {case.name}."
        if case.owner and (count := sum(words in it for it in replies[case.name])) != 1:
            yield f"the thread of {case.name} contains {count} times: {words}"


def duplicates(seen: Seen) -> Iterable[str]:
    """Check that no two visible messages in a place have the same text or metadata."""
    same: Counter[tuple[str, ...]] = Counter()
    for line in seen.live():
        place = (line["channel"], line["thread_ts"] or "")
        if line["thread_ts"] == line["ts"]:
            place = (line["channel"], "")
        if not line["text"].endswith("restricted"):  # redacted messages may look alike
            same[(*place, line["text"])] += 1
        if line["metadata"]:
            same[(line["channel"], json.dumps(line["metadata"], sort_keys=True))] += 1
    for (*_, what), count in same.items():
        if count > 1:
            yield f"{count} times in the same place: {what[:80]!r}"


def duplicates_ever(seen: Seen) -> Iterable[str]:
    """Check that no message was ever posted twice, even if one of the two was deleted."""
    posted = Counter((line["channel"], line["first_words"]) for line in seen.log if is_bots(line))
    for (_, what), count in posted.items():
        if count > 1:
            yield f"posted {count} times in the same place: {what[:80]!r}"


def leaks(seen: Seen) -> Iterable[str]:
    """Check that only its readers can see what a restricted case says.

    These are its owner, its reporter and the people who restricted it. Everyone can see channels.
    """
    for case in (it for it in seen.cases if it.restricted):
        actions = [it for it in seen.actions if it["customer"] == case.customer]
        words = [it["text"] for it in actions if "text" in it]
        readers = {case.owner or case.reporter, case.reporter}
        readers |= {it["by"] for it in actions if it["action"] == "restricted"}
        for line in seen.live():
            if line["peer"] in readers:
                continue
            for secret in (case.customer, *words):
                if secret in line["text"]:
                    place = line["peer"] or line["channel"]
                    yield f"{place} shows {secret!r} of {case.name}, which is restricted"


def names(message: str, case: Found) -> bool:
    """Return whether a message names this case; ESC-12 does not name ESC-1."""
    _, found, rest = message.partition(case.name)
    return bool(found) and not rest[:1].isdigit()


def actions_of(seen: Seen, kind: str) -> list[Line]:
    return [it for it in seen.actions if it["action"] == kind]


def is_bots(line: Line) -> bool:
    return line["user"] == "U0BATON" and line["only_for"] is None
