"""The SLA file: what is read, what is refused, and what is said of it."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.sla.sla_file import SlaFile, answer, schema
from bot.sla.sla_file_reading import LONGEST, read_sla_file
from bot.team import BadDocument
from tests.bot.sla.cases import NINE_TO_SIX, TARGETS

DOCS = Path(__file__).parents[3] / "docs"
GUIDE = (DOCS / "sla-file.md").read_text(encoding="utf-8")
READ, PRINTED = (json.loads(part.partition("```")[0]) for part in GUIDE.split("```json")[1:3])

GOOD: dict[str, Any] = {
    "team": {
        "team": {"name": "Support", "timezone": "Europe/Berlin"},
        "calendars": {"office": NINE_TO_SIX},
        "policies": [{"name": "Standard", "targets": TARGETS}],
    },
    "case": {"priority": "urgent", "opened_at": "2026-03-06T16:50:00Z"},
    "events": [
        {"at": "2026-03-06T17:02:00Z", "kind": "claimed"},
        {"at": "2026-03-06T17:20:00Z", "kind": "updated"},
    ],
    "now": "2026-03-09T11:00:00Z",
}


def read(value: Any) -> SlaFile:
    return read_sla_file(json.dumps(value).encode())


def mistakes(source: bytes) -> list[str]:
    with pytest.raises(BadDocument) as caught:
        read_sla_file(source)
    return [str(mistake) for mistake in caught.value.mistakes]


def changed(path: str, to: Any) -> dict[str, Any]:
    """``GOOD`` with another value at the path; ``...`` takes it away."""
    value = json.loads(json.dumps(GOOD))
    *steps, last = (int(step) if step.isdigit() else step for step in path.split("."))
    here = value
    for step in steps:
        here = here[step]
    if to is ...:
        del here[last]
    else:
        here[last] = to
    return value  # type: ignore[no-any-return]  # it was a dict when it went in


def test_the_guide_shows_what_is_read_and_what_is_printed() -> None:
    told = answer(read(READ))
    assert told["policy"] == PRINTED["policy"]
    assert told["clocks"][0] == PRINTED["clocks"][0]
    assert list(told["clocks"][0]) == list(PRINTED["clocks"][0])


def test_the_schema_beside_the_guide_is_that_of_the_models() -> None:
    kept = (DOCS / "sla-file.schema.json").read_text(encoding="utf-8")
    assert kept == json.dumps(schema(), indent=2) + "\n", "write it anew from bot.sla.file.schema"


def test_the_schema_takes_what_is_good_and_not_what_is_bad() -> None:
    validator = jsonschema.Draft202012Validator(schema())
    validator.check_schema(schema())
    validator.validate(READ)
    validator.validate(GOOD)
    assert not validator.is_valid(changed("events.0.kind", "vanished"))
    assert not validator.is_valid(changed("now", ...))


def test_only_the_priority_and_the_opening_need_be_said_of_a_case() -> None:
    clocks = answer(read(changed("events", [])))["clocks"]
    assert [clock["clock"] for clock in clocks] == [
        "claim",
        "first_response",
        "update",
        "resolution",
    ]


def test_the_facts_of_a_case_choose_its_policy() -> None:
    special = {"name": "Special", "when": {"tier": ["gold"], "source": ["phone"]}}
    value = changed("team.policies", [special, {"name": "Rest"}])
    value["case"] |= {"customer": {"name": "Acme", "tier": "Gold"}, "source": "phone"}
    assert answer(read(value))["policy"] == "Special"
    value["case"]["customer"]["tier"] = None
    assert answer(read(value))["policy"] == "Rest"


def test_any_offset_and_fraction_is_taken_and_told_in_whole_seconds_of_utc() -> None:
    [claim, *_] = answer(read(changed("case.opened_at", "2026-03-06T17:50:00.75+01:00")))["clocks"]
    assert claim["started_at"] == "2026-03-06T16:50:00Z"
    assert claim["elapsed_seconds"] == 600


def test_what_happens_after_now_has_not_happened() -> None:
    clocks = answer(read(changed("now", "2026-03-06T17:00:00Z")))["clocks"]
    assert [clock["ended_at"] for clock in clocks] == [None] * 4


@pytest.mark.parametrize(
    ("path", "to", "says"),
    [
        ("case", ..., 'case: this has no case; write {"priority": '),
        ("case.priority", "urgnt", 'case.priority: "urgnt" is none of urgent, high, normal, low; '),
        ("case.priority", 1, "case.priority: this is none of urgent, high, normal, low; "),
        ("case.customer", "Acme", 'case.customer: this cannot be; write {"name": "Acme"'),
        ("case.customer", {}, 'case.customer.name: this has no name; write "Acme"'),
        ("case.category", "", "case.category: this is empty; write a word or two, or leave it out"),
        ("case.source", "x" * 81, "case.source: this is too long; 80 at most"),
        ("case.owner", "Maya", 'case.owner: nothing here is called "owner"; leave it out'),
        (
            "case.catgory",
            "x",
            'case.catgory: nothing here is called "catgory"; did you mean "categ',
        ),
        ("case.opened_at", 1_772_815_800, "case.opened_at: this is no text in quotes; write "),
        ("case.opened_at", "2026-03-10T00:00Z", "now: this is before the case was opened, "),
        ("now", "2026-03-09T11:00:00", 'now: "2026-03-09T11:00:00" is no instant; write it with '),
        ("now", "0001-01-01T00:00+14:00", 'now: "0001-01-01T00:00+14:00" is too far away; write '),
        ("now", "9999-12-31T23:59-14:00", 'now: "9999-12-31T23:59-14:00" is too far away; write '),
        ("now", None, "now: this is no text in quotes; write "),
        ("events", ..., "events: this has no events; write [{"),
        ("events", {}, "events: this cannot be; write [{"),
        ("events.0", None, 'events[0]: this cannot be; write {"at": "2026'),
        ("events.0.kind", "claim", 'events[0].kind: "claim" is none of claimed, released, '),
        ("events.0.kind", ["claimed"], "events[0].kind: "),
        ("events.0.kind", ..., 'events[0].kind: this has no kind; write "claimed"'),
        ("events.0.kind", "waiting", 'events[0].on: this has no on; write "customer"'),
        ("events.0.kind", "priority_changed", 'events[0].to: this has no to; write "urgent"'),
        ("events.0.on", "customer", 'events[0].on: nothing here is called "on"; leave it out'),
        ("events.0.at", "2026-03-06T16:49:59Z", "events[0].at: this is before the case was opened"),
        ("events.1.at", "2026-03-06T17:01:59Z", "events[1].at: this is before events[0], 2026-03"),
        ("events.0.at", "12:00", 'events[0].at: "12:00" is no instant; write it with its offset'),
        ("team", None, "team: "),
        ("team.team.timezone", "Berlin", 'team.team.timezone: there is no time zone "Berlin"; did'),
        ("team.policies.0.targets.urgent.claim", "soon", "team.policies[0].targets.urgent.claim: "),
    ],
)
def test_a_mistake_is_told_with_its_path_and_its_cure(path: str, to: Any, says: str) -> None:
    told = mistakes(json.dumps(changed(path, to)).encode())
    assert told[0].startswith(says)
    assert ";" in told[0]


def test_every_mistake_is_told_at_once() -> None:
    value = changed("team.team.timezone", "Mars")
    value["team"]["policies"][0]["targets"]["urgent"]["claim"] = "soon"
    value["case"]["priority"] = "highest"
    value["events"][0]["kind"] = "lost"
    value["events"][1]["at"] = "2026-03-05T00:00:00Z"
    value["also"] = 1
    paths = {told.partition(":")[0] for told in mistakes(json.dumps(value).encode())}
    assert paths == {
        "team.team.timezone",
        "team.policies[0].targets.urgent.claim",
        "case.priority",
        "events[0].kind",
        "events[1].at",
        "also",
    }


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (b"", "line 1: this is not JSON: "),
        (b'{\n "team": }', "line 2: this is not JSON: "),
        (b"\xff\xfe", "this is not UTF-8 text; save it as that"),
        (b"[" * 100_000, "this is nested too deeply; "),
        (b'{"now": ' + b"9" * 10_000 + b"}", "a number is too long; write a shorter one"),
        (b'{"now": "\\ud800"}', "\\ud800 is half a character; write the whole of it"),
        (b'{"\\udfff": 1}', "\\udfff is half a character; write the whole of it"),
        (b'{"now": NaN}', "this is not JSON: NaN is no number there; leave it out"),
        (b'{"now": -Infinity}', "this is not JSON: -Infinity is no number there; "),
        (b" " * (LONGEST + 1), f"this is too long; a file has {LONGEST} bytes at most"),
        (b"[]", 'this cannot be; write {"team": '),
        (b"null", 'this cannot be; write {"team": '),
        (b'"' + b"x" * 100_000 + b'"', 'this cannot be; write {"team": '),
    ],
)
def test_what_is_no_file_at_all_is_refused_in_one_sentence(source: bytes, says: str) -> None:
    [told] = mistakes(source)
    assert told.startswith(says)


def test_a_key_that_comes_twice_counts_as_it_was_written_last() -> None:
    source = json.dumps(GOOD).replace('"now": ', '"now": "never", "now": ')
    assert read_sla_file(source.encode()).now.year == 2026


def test_a_file_may_begin_with_a_byte_order_mark() -> None:
    assert read_sla_file(b"\xef\xbb\xbf" + json.dumps(GOOD).encode())


def test_more_mistakes_than_anybody_reads_are_counted() -> None:
    told = mistakes(json.dumps(changed("events", [{}] * 1000)).encode())
    assert len(told) == 101
    assert told[-1] == "and 900 more mistakes; mend these first"
    assert mistakes(json.dumps(changed("events", [GOOD["events"][0]] * 1001)).encode()) == [
        "events: this is too long; 1000 at most"
    ]
