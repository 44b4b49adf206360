"""The SLA file: valid and invalid files, and the output."""

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
    """Return ``GOOD`` with another value at the path; ``...`` removes it."""
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


def test_the_example_in_the_guide_gives_the_output_in_the_guide() -> None:
    output = answer(read(READ))
    assert output["policy"] == PRINTED["policy"]
    assert output["clocks"][0] == PRINTED["clocks"][0]
    assert list(output["clocks"][0]) == list(PRINTED["clocks"][0])


def test_the_published_schema_is_up_to_date() -> None:
    published = (DOCS / "sla-file.schema.json").read_text(encoding="utf-8")
    current = json.dumps(schema(), indent=2) + "\n"
    assert published == current, "regenerate it with bot.sla.sla_file.schema"


def test_the_schema_accepts_valid_files_and_rejects_invalid_ones() -> None:
    validator = jsonschema.Draft202012Validator(schema())
    validator.check_schema(schema())
    validator.validate(READ)
    validator.validate(GOOD)
    assert not validator.is_valid(changed("events.0.kind", "vanished"))
    assert not validator.is_valid(changed("now", ...))


def test_a_case_needs_only_a_priority_and_an_opening_time() -> None:
    clocks = answer(read(changed("events", [])))["clocks"]
    assert [clock["clock"] for clock in clocks] == [
        "claim",
        "first_response",
        "update",
        "resolution",
    ]


def test_the_policy_depends_on_the_facts_of_the_case() -> None:
    special = {"name": "Special", "when": {"tier": ["gold"], "source": ["phone"]}}
    value = changed("team.policies", [special, {"name": "Rest"}])
    value["case"] |= {"customer": {"name": "Acme", "tier": "Gold"}, "source": "phone"}
    assert answer(read(value))["policy"] == "Special"
    value["case"]["customer"]["tier"] = None
    assert answer(read(value))["policy"] == "Rest"


def test_instants_are_converted_to_whole_seconds_in_utc() -> None:
    [claim, *_] = answer(read(changed("case.opened_at", "2026-03-06T17:50:00.75+01:00")))["clocks"]
    assert claim["started_at"] == "2026-03-06T16:50:00Z"
    assert claim["elapsed_seconds"] == 600


def test_events_after_now_are_ignored() -> None:
    clocks = answer(read(changed("now", "2026-03-06T17:00:00Z")))["clocks"]
    assert [clock["ended_at"] for clock in clocks] == [None] * 4


@pytest.mark.parametrize(
    ("path", "to", "message"),
    [
        ("case", ..., 'case: "case" is missing; write {"priority": '),
        (
            "case.priority",
            "urgnt",
            'case.priority: "urgnt" is not one of urgent, high, normal, low; did you mean "urg',
        ),
        (
            "case.priority",
            1,
            "case.priority: this is not one of the accepted values; "
            "write one of urgent, high, normal, low",
        ),
        ("case.customer", "Acme", 'case.customer: this value cannot be used; write {"name": "Ac'),
        ("case.customer", {}, 'case.customer.name: "name" is missing; write "Acme"'),
        ("case.category", "", "case.category: this is empty; write some text, or leave it out"),
        ("case.source", "x" * 81, "case.source: this is too long; the limit is 80 characters"),
        ("case.owner", "Maya", 'case.owner: "owner" is not a known key; leave it out'),
        (
            "case.catgory",
            "x",
            'case.catgory: "catgory" is not a known key; did you mean "category"?',
        ),
        ("case.opened_at", 1_772_815_800, "case.opened_at: this must be text in quotes; write "),
        ("case.opened_at", "2026-03-10T00:00Z", "now: this is before the case was opened, "),
        (
            "now",
            "2026-03-09T11:00:00",
            'now: "2026-03-09T11:00:00" is not a time with an offset; write it like ',
        ),
        ("now", "0001-01-01T00:00+14:00", 'now: "0001-01-01T00:00+14:00" is out of range; write '),
        ("now", "9999-12-31T23:59-14:00", 'now: "9999-12-31T23:59-14:00" is out of range; write '),
        ("now", None, "now: this must be text in quotes; write "),
        ("events", ..., 'events: "events" is missing; write [{'),
        ("events", {}, "events: this value cannot be used; write [{"),
        ("events.0", None, 'events[0]: this value cannot be used; write {"at": "2026'),
        ("events.0.kind", "claim", 'events[0].kind: "claim" is not one of claimed, released, '),
        ("events.0.kind", ["claimed"], "events[0].kind: "),
        ("events.0.kind", ..., 'events[0].kind: "kind" is missing; write "claimed"'),
        ("events.0.kind", "waiting", 'events[0].on: "on" is missing; write "customer"'),
        ("events.0.kind", "priority_changed", 'events[0].to: "to" is missing; write "urgent"'),
        ("events.0.on", "customer", 'events[0].on: "on" is not a known key; leave it out'),
        ("events.0.at", "2026-03-06T16:49:59Z", "events[0].at: this is before the case was opened"),
        ("events.1.at", "2026-03-06T17:01:59Z", "events[1].at: this is before events[0], 2026-03"),
        ("events.0.at", "12:00", 'events[0].at: "12:00" is not a time with an offset; write it'),
        ("team", None, "team: "),
        ("team.team.timezone", "Berlin", 'team.team.timezone: there is no time zone "Berlin"; did'),
        ("team.policies.0.targets.urgent.claim", "soon", "team.policies[0].targets.urgent.claim: "),
    ],
)
def test_a_mistake_has_its_path_and_a_fix(path: str, to: Any, message: str) -> None:
    found = mistakes(json.dumps(changed(path, to)).encode())
    assert found[0].startswith(message)
    assert ";" in found[0]


def test_all_mistakes_are_reported_at_once() -> None:
    value = changed("team.team.timezone", "Mars")
    value["team"]["policies"][0]["targets"]["urgent"]["claim"] = "soon"
    value["case"]["priority"] = "highest"
    value["events"][0]["kind"] = "lost"
    value["events"][1]["at"] = "2026-03-05T00:00:00Z"
    value["also"] = 1
    paths = {mistake.partition(":")[0] for mistake in mistakes(json.dumps(value).encode())}
    assert paths == {
        "team.team.timezone",
        "team.policies[0].targets.urgent.claim",
        "case.priority",
        "events[0].kind",
        "events[1].at",
        "also",
    }


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (b"", "line 1: this is not JSON: "),
        (b'{\n "team": }', "line 2: this is not JSON: "),
        (b"\xff\xfe", "this is not UTF-8 text; save it as UTF-8"),
        (b"[" * 100_000, "this is nested too deeply; "),
        (b'{"now": ' + b"9" * 10_000 + b"}", "a number is too long; write a shorter one"),
        (b'{"now": "\\ud800"}', "\\ud800 is half a character; write the whole character"),
        (b'{"\\udfff": 1}', "\\udfff is half a character; write the whole character"),
        (b'{"now": NaN}', "this is not JSON: NaN is not a JSON number; leave it out"),
        (b'{"now": -Infinity}', "this is not JSON: -Infinity is not a JSON number; "),
        (b" " * (LONGEST + 1), f"this is too long; the limit is {LONGEST} bytes"),
        (b"[]", 'this value cannot be used; write {"team": '),
        (b"null", 'this value cannot be used; write {"team": '),
        (b'"' + b"x" * 100_000 + b'"', 'this value cannot be used; write {"team": '),
    ],
)
def test_a_file_of_another_kind_is_refused_with_one_message(source: bytes, message: str) -> None:
    [mistake] = mistakes(source)
    assert mistake.startswith(message)


def test_the_last_of_two_equal_keys_applies() -> None:
    source = json.dumps(GOOD).replace('"now": ', '"now": "never", "now": ')
    assert read_sla_file(source.encode()).now.year == 2026


def test_a_byte_order_mark_is_accepted() -> None:
    assert read_sla_file(b"\xef\xbb\xbf" + json.dumps(GOOD).encode())


def test_at_most_a_hundred_mistakes_are_listed() -> None:
    found = mistakes(json.dumps(changed("events", [{}] * 1000)).encode())
    assert len(found) == 101
    assert found[-1] == "more mistakes not shown: 900; fix these first"
    assert mistakes(json.dumps(changed("events", [GOOD["events"][0]] * 1001)).encode()) == [
        "events: this has too many entries; the limit is 1000"
    ]
