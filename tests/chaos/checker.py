"""What must be true in the end, from what people see in Slack and from plain SQL alone.

It shares no code with Baton, and asks none of Baton's own words about what was sent.
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
SELECT c.id, c.customer, c.status, c.owner, c.reporter, t.channel
FROM cases c JOIN teams t ON t.workspace = c.workspace AND t.id = c.team_id
"""
CLAIMS = """SELECT "case", "by" FROM events WHERE kind = 'claimed' ORDER BY number"""


@dataclass(frozen=True)
class Found:
    """A case, as the database has it."""

    id: int
    customer: str
    status: str
    owner: str | None
    reporter: str
    channel: str

    @property
    def name(self) -> str:
        return f"ESC-{self.id}"


@dataclass(frozen=True)
class Seen:
    """What a run left behind. ``actions`` are what Baton acknowledged, ``log`` is Slack's."""

    actions: list[Line]
    log: list[Line]
    cases: list[Found]
    claims: dict[int, list[str]]

    def live(self) -> Iterable[Line]:
        """The bot's messages that somebody can still see."""
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


def read_deeds(file: Path) -> list[Line]:
    if not file.exists():
        return []
    whole = file.read_text(encoding="utf-8").rpartition("\n")[0]
    return [json.loads(line) for line in whole.splitlines()]


def problems(seen: Seen) -> list[str]:
    """Each in a sentence; none if all is well."""
    return [
        *submissions(seen),
        *owners(seen),
        *cards(seen),
        *told_to_reporters(seen),
        *told_in_threads(seen),
        *twins(seen),
    ]


def submissions(seen: Seen) -> Iterable[str]:
    """Each acknowledged submission has exactly one case."""
    kept = Counter(case.customer for case in seen.cases)
    for action in deeds_of(seen, "escalated"):
        if (count := kept[action["customer"]]) != 1:
            yield f"the submission of {action['customer']} has {count} cases"
    for customer, count in kept.items():
        if count > 1:
            yield f"{customer} has {count} cases"


def owners(seen: Seen) -> Iterable[str]:
    """A case that somebody claimed has one owner, who claimed it, and no other ever did."""
    by_customer = {case.customer: case for case in seen.cases}
    for case in seen.cases:
        claims = seen.claims.get(case.id, [])
        if len(claims) > 1:
            yield f"{case.name} was claimed by {' and '.join(claims)}"
        elif claims != ([case.owner] if case.owner else []):
            yield f"{case.name} was claimed by {claims}, and is owned by {case.owner}"
    for action in seen.actions:
        kept = by_customer.get(action["customer"])
        if kept is None:
            continue  # told among the submissions
        if action["deed"] == "claimed" and kept.owner != action["by"]:
            yield f"{action['by']} was told to have {kept.name}, and {kept.owner} has it"
        if action["deed"] == "resolved" and kept.status != "resolved":
            yield f"{kept.name} was resolved by {action['by']}, and is {kept.status}"


def cards(seen: Seen) -> Iterable[str]:
    """Each case has exactly one live card in its channel, and it shows how the case stands."""
    shown: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in seen.live():
        if line["thread_ts"] in (None, line["ts"]) and line["peer"] is None:
            shown[line["channel"], line["text"].partition("\n")[0]].append(line)
    outcomes = {it["customer"]: it["text"] for it in deeds_of(seen, "resolved")}
    for case in seen.cases:
        title = f"{case.name} · {case.customer}".replace("&", "&amp;")
        found = shown[case.channel, title]
        if len(found) != 1:
            yield f"{case.name} has {len(found)} cards"
            continue
        said = found[0]["text"]
        for wanted in (f"<@{case.owner}>" if case.owner else None, outcomes.get(case.customer)):
            if wanted and wanted not in said:
                yield f"the card of {case.name} does not say {wanted}"


def told_to_reporters(seen: Seen) -> Iterable[str]:
    """A reporter reads once that the case was taken, who claimed it, and how it ended."""
    said: dict[str, list[str]] = defaultdict(list)
    for line in seen.live():
        if line["peer"] is not None:
            said[line["peer"]].append(line["text"])
    outcomes = {it["customer"]: it["text"] for it in deeds_of(seen, "resolved")}
    for case in seen.cases:
        news = [it for it in said[case.reporter] if names(it, case)]
        wanted = {"the receipt": ":inbox_tray:"}
        if case.owner:
            wanted["the claim"] = "has your case"
        if case.customer in outcomes:
            wanted["the end"] = outcomes[case.customer]
        for what, words in wanted.items():
            if (count := sum(words in it for it in news)) != 1:
                yield f"{case.reporter} was told {count} times of {what} of {case.name}"


def told_in_threads(seen: Seen) -> Iterable[str]:
    """A case's thread has once whatever was said of it."""
    roots = {
        (line["channel"], line["ts"]): line["text"].partition(" · ")[0] for line in seen.live()
    }
    said: dict[str, list[str]] = defaultdict(list)
    for line in seen.live():
        if line["thread_ts"] not in (None, line["ts"]):
            name = roots.get((line["channel"], line["thread_ts"]), "a case that is not there")
            said[name].append(line["text"])
    named = {case.customer: case.name for case in seen.cases}
    for action in seen.actions:
        if "text" not in action:
            continue
        name = named.get(action["customer"], "?")
        if (count := sum(action["text"] in it for it in said[name])) != 1:
            yield f"the thread of {name} has {count} times: {action['text']}"
    for case in seen.cases:
        words = f"has {case.name} now"
        if case.owner and (count := sum(words in it for it in said[case.name])) != 1:
            yield f"the thread of {case.name} has {count} times: {words}"


def twins(seen: Seen) -> Iterable[str]:
    """No two live messages are the same in the same place, by their words or by their mark."""
    same: Counter[tuple[str, ...]] = Counter()
    for line in seen.live():
        place = (line["channel"], line["thread_ts"] or "")
        if line["thread_ts"] == line["ts"]:
            place = (line["channel"], "")
        same[(*place, line["text"])] += 1
        if line["metadata"]:
            same[(line["channel"], json.dumps(line["metadata"], sort_keys=True))] += 1
    for (*_, what), count in same.items():
        if count > 1:
            yield f"{count} times in one place: {what[:80]!r}"


def ever_twins(seen: Seen) -> Iterable[str]:
    """No message was posted twice, even if one of them was deleted since."""
    posted = Counter((line["channel"], line["first_words"]) for line in seen.log if is_bots(line))
    for (_, what), count in posted.items():
        if count > 1:
            yield f"posted {count} times in one place: {what[:80]!r}"


def names(said: str, case: Found) -> bool:
    """Whether a message is about this case, and not about ESC-12 where it is ESC-1."""
    _, found, rest = said.partition(case.name)
    return bool(found) and not rest[:1].isdigit()


def deeds_of(seen: Seen, kind: str) -> list[Line]:
    return [it for it in seen.actions if it["deed"] == kind]


def is_bots(line: Line) -> bool:
    return line["user"] == "U0BATON" and line["only_for"] is None
