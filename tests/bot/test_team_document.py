"""A team's document: what may be left out, what counts, and how each mistake is told."""

import json
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.business_time import ALWAYS
from bot.priority import Priority
from bot.team import BadDocument, EscalateWhen, TeamDocument, read_team, team_from_json
from bot.toml_lines import lines_of

WHOLE = """\
[team]
name = "Support"
channel = "C0SUPPORT"
timezone = "Europe/Berlin"
managers = ["U0MAYA", "S0MANAGERS"]
leads = ["U0LEO"]
agents = "everyone"

[calendars.office]
timezone = "Europe/Berlin"
mon = ["09:00-12:30", "13:00-18:00"]
tue = ["09:00-18:00"]
holidays = { country = "DE", subdivision = "BE" }
closed = ["2026-12-24", "2026-12-31 13:00-18:00"]
open = ["2026-12-05 10:00-14:00"]

[[policies]]
name = "Enterprise"
when = { tier = ["enterprise"] }
calendar = "24x7"
targets.urgent = { claim = "15m", first_response = "30m", update = "1h", resolution = "4h" }
targets.high = { claim = "30m", first_response = "1h", update = "4h", resolution = "8h" }
targets.normal = { claim = "2h", first_response = "4h", update = "1d", resolution = "3d" }
targets.low = { claim = "4h", first_response = "1d", update = "2d", resolution = "5d" }

[[policies]]
name = "Standard"
calendar = "office"
warn_at = ["50%", "80%"]
on_priority_change = "recompute"
pause_on = { resolution = ["customer", "third_party"] }

[[escalation]]
when = "unclaimed"
after = "0m"
notify = ["on_duty", "channel"]
[[escalation]]
when = "unresolved"
after = "60m"
notify = ["U0LEO"]
repeat = 2

[digest]
at = "09:00"
days = ["mon", "tue", "wed", "thu", "fri"]
"""
FIVE_LINES = """\
[team]
name = "Support"
channel = "#support"
timezone = "Europe/Berlin"
managers = ["U0MAYA"]
"""
FEW = {"team": {"name": "Support", "timezone": "Europe/Berlin"}}


def mistakes(source: str) -> list[str]:
    with pytest.raises(BadDocument) as refused:
        read_team(source)
    return [str(mistake) for mistake in refused.value.mistakes]


# What a document says.


def test_a_whole_document_is_read() -> None:
    document = read_team(WHOLE)
    assert document.team.managers == ("U0MAYA", "S0MANAGERS")
    assert document.team.agents == "everyone"
    assert document.calendar("24x7") is ALWAYS
    assert document.calendar("office").is_open(datetime(2026, 12, 5, 12, tzinfo=UTC))
    assert [level.when for level in document.escalation] == [
        EscalateWhen.UNCLAIMED,
        EscalateWhen.UNRESOLVED,
    ]
    assert document.escalation[1].offset(ALWAYS) == timedelta(hours=1)


def test_five_lines_are_enough() -> None:
    document = read_team(FIVE_LINES)
    office = document.calendar("office")
    assert office.weekly == timedelta(hours=45)
    assert office.zone == "Europe/Berlin"
    policy = document.policy_for(priority=Priority.HIGH)
    assert policy.target(Priority.URGENT, "claim") == timedelta(minutes=15)
    assert policy.target(Priority.HIGH, "resolution") == timedelta(hours=8)
    assert policy.target(Priority.LOW, "resolution") == timedelta(hours=40)
    assert document.digest.at == "09:00"
    assert document.digest.days == ("mon", "tue", "wed", "thu", "fri")


def test_a_document_survives_being_kept_as_json() -> None:
    document = read_team(WHOLE)
    kept = json.loads(document.model_dump_json())
    assert team_from_json(kept, whole=True) == document


def test_toml_dates_and_times_need_no_quotes() -> None:
    source = FIVE_LINES + "[digest]\nat = 08:30:00\n[[policies]]\nname = 'P'\n"
    source += "enforce_from = 2026-03-01\n[calendars.office]\nmon = ['09:00-18:00']\n"
    document = read_team(source + "closed = [2026-12-24]\n")
    assert document.digest.at == "08:30"
    assert document.calendars["office"].closed == ("2026-12-24",)
    starts = document.policy_for(priority=Priority.LOW).enforce_from
    assert starts == datetime(2026, 2, 28, 23, tzinfo=UTC)


def test_the_first_policy_that_fits_counts() -> None:
    document = read_team(WHOLE)
    assert document.policy_for(priority=Priority.LOW, tier="Enterprise").name == "Enterprise"
    assert document.policy_for(priority=Priority.LOW, tier="starter").name == "Standard"
    assert document.policy_for(priority=Priority.LOW).name == "Standard"
    assert document.policy("Standard") == document.policy_for(priority=Priority.LOW)


@pytest.mark.parametrize(
    ("when", "fits"),
    [
        ({"priority": ["urgent", "high"]}, True),
        ({"priority": ["low"]}, False),
        ({"category": ["BILLING"], "source": ["phone", "chat"]}, True),
        ({"category": ["billing"], "source": ["e-mail"]}, False),
        ({"customer": ["acme"]}, True),
        ({"team": ["support"]}, True),
        ({"tier": ["gold"]}, False),  # the tier is not known
        ({}, True),
    ],
)
def test_a_policy_fits_when_each_of_its_conditions_does(when: dict[str, Any], fits: bool) -> None:
    document = team_from_json(
        FEW | {"policies": [{"name": "Special", "when": when}, {"name": "Rest"}]}
    )
    policy = document.policy_for(
        priority=Priority.URGENT, category="billing", source="phone", customer="Acme"
    )
    assert policy.name == ("Special" if fits else "Rest")


def test_a_day_is_worth_what_its_calendar_says() -> None:
    source = WHOLE.replace('open = ["2026', 'day_hours = 7.5\nopen = ["2026')
    document = read_team(source)
    assert document.policy("Standard").target(Priority.NORMAL, "update") == timedelta(hours=7.5)
    assert document.policy("Enterprise").target(Priority.NORMAL, "update") == timedelta(hours=24)


def test_a_target_that_is_not_named_has_no_clock() -> None:
    document = team_from_json(
        FEW | {"policies": [{"name": "P", "targets": {"urgent": {"claim": "15m"}, "high": {}}}]}
    )
    policy = document.policy("P")
    assert policy.target(Priority.URGENT, "claim") == timedelta(minutes=15)
    assert policy.target(Priority.URGENT, "resolution") is None
    assert policy.target(Priority.HIGH, "claim") is None
    assert policy.target(Priority.LOW, "claim") is None


def test_a_claim_never_pauses_and_total_resolution_pauses_when_resolution_does() -> None:
    policy = read_team(WHOLE).policy("Standard")
    assert policy.pauses("resolution", "customer")
    assert policy.pauses("total_resolution", "third_party")
    assert not policy.pauses("claim", "customer")
    assert not policy.pauses("update", "customer")


def test_a_warning_is_a_share_of_the_target_or_a_time_before_due() -> None:
    source = WHOLE.replace('warn_at = ["50%", "80%"]', 'warn_at = ["80%", "30m"]')
    share, ahead = read_team(source).policy("Standard").warn_at
    assert share.reached_after(timedelta(hours=4)) == timedelta(hours=3, minutes=12)
    assert ahead.reached_after(timedelta(hours=4)) == timedelta(hours=3, minutes=30)
    assert ahead.reached_after(timedelta(minutes=15)) == timedelta(0)


def test_a_level_may_come_before_it_is_due() -> None:
    document = read_team(WHOLE.replace('after = "60m"', 'after = "-1h30m"'))
    assert document.escalation[1].offset(ALWAYS) == -timedelta(minutes=90)


def test_the_only_calendar_need_not_be_named() -> None:
    source = FIVE_LINES + '[calendars.night]\nmon = ["22:00-06:00"]\n'
    assert read_team(source).policy("Standard").calendar_name == "night"


# The digest.


@pytest.mark.parametrize(
    ("after", "day", "due"),
    [
        ("2026-03-27T07:59:59Z", "2026-03-27", "2026-03-27T08:00Z"),
        ("2026-03-27T08:00:00Z", "2026-03-30", "2026-03-30T07:00Z"),  # Friday to Monday
        ("2026-10-23T07:00:00Z", "2026-10-26", "2026-10-26T08:00Z"),
        ("2026-03-29T22:30:00Z", "2026-03-30", "2026-03-30T07:00Z"),
    ],
)
def test_a_digest_comes_at_its_local_hour_on_its_days(after: str, day: str, due: str) -> None:
    found = read_team(WHOLE).digest_due(datetime.fromisoformat(after))
    assert found == (date.fromisoformat(day), datetime.fromisoformat(due))


def digest(zone: str, at: str) -> TeamDocument:
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    team = {"name": "Support", "timezone": zone}
    return team_from_json({"team": team, "digest": {"at": at, "days": days}})


def test_a_digest_whose_hour_the_clocks_skip_comes_with_the_next_valid_one() -> None:
    found = digest("Europe/Berlin", "02:30").digest_due(datetime(2026, 3, 29, 0, tzinfo=UTC))
    assert found == (date(2026, 3, 29), datetime(2026, 3, 29, 1, tzinfo=UTC))


def test_a_digest_whose_hour_comes_twice_comes_once() -> None:
    document = digest("Europe/Berlin", "02:30")
    first = document.digest_due(datetime(2026, 10, 24, 12, tzinfo=UTC))
    assert first == (date(2026, 10, 25), datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    assert document.digest_due(first[1])[0] == date(2026, 10, 26)


def test_a_day_that_a_zone_leaves_out_has_no_digest() -> None:
    document = digest("Pacific/Apia", "09:00")
    day, due = document.digest_due(datetime(2011, 12, 29, 8, tzinfo=UTC))
    assert day == date(2011, 12, 29)
    assert document.digest_due(due)[0] == date(2011, 12, 31)


# Mistakes.


@pytest.mark.parametrize(
    ("right", "wrong", "line", "words"),
    [
        ('timezone = "Europe/Berlin"', 'timezone = "Europe/Berln"', 4, '"Europe/Berlin"?'),
        ('managers = ["U0MAYA", "S0MANAGERS"]', 'managers = ["maya"]', 5, "U0…"),
        ('managers = ["U0MAYA", "S0MANAGERS"]', "managers = []", 5, "write managers"),
        ('managers = ["U0MAYA", "S0MANAGERS"]', 'managers = "U0MAYA"', 5, 'managers = ["U0MAYA"]'),
        ('agents = "everyone"', 'agents = "all"', 7, "or a list of ids"),
        ('agents = "everyone"', 'agents = ["U0ANA", "ben"]', 7, '"ben" is no id'),
        ('channel = "C0SUPPORT"', 'channel = "support"', 3, '"#support"'),
        ('channel = "C0SUPPORT"', "chanel = 'C0SUPPORT'", 3, 'did you mean "channel"?'),
        ('name = "Support"', 'name = "\\u0000"', 2, "write plain text"),
        ('name = "Support"', "", 1, 'write name = "Support"'),
        ("[calendars.office]", '[calendars."24x7"]', 9, "another name"),
        ('tue = ["09:00-18:00"]', 'tuesday = ["09:00-18:00"]', 12, 'did you mean "tue"?'),
        ('tue = ["09:00-18:00"]', 'tue = ["9-18"]', 12, 'write "09:00-18:00"'),
        ('tue = ["09:00-18:00"]', 'tue = ["09:00-09:00"]', 12, '"00:00-24:00"'),
        ('"13:00-18:00"]', '"12:00-18:00"]', 11, "let one end where the other begins"),
        ('country = "DE"', 'country = "Germany"', 13, 'did you mean "DE"?'),
        ('subdivision = "BE"', 'subdivision = "BER"', 13, 'did you mean "BE"?'),
        ('"2026-12-24"', '"2026-02-30"', 14, "no calendar has"),
        ('"2026-12-24"', '"24.12."', 14, 'write "2026-12-24"'),
        ('["2026-12-05 10:00-14:00"]', '["2026-12-05"]', 15, '"2026-12-05 10:00-14:00"'),
        ('open = ["2026', 'day_hours = 25\nopen = ["2026', 15, "up to 24"),
        ('open = ["2026', 'day_hours = nan\nopen = ["2026', 15, "up to 24"),
        ('calendar = "office"', 'calendar = "ofice"', 28, 'did you mean "office"?'),
        ('name = "Standard"', 'name = "Enterprise"', 18, "rename one"),
        ('name = "Standard"', 'name = "S"\nwhen = { tier = ["x"] }', 28, "leave its when out"),
        ('when = { tier = ["enterprise"] }', "", 17, "give it a when"),
        ('tier = ["enterprise"]', "tier = []", 19, "when = { tier = "),
        ('tier = ["enterprise"]', 'teir = ["x"]', 19, 'did you mean "tier"?'),
        ('priority_change = "recompute"', 'priority_change = "reset"', 30, "recompute, forward"),
        ('{ claim = "15m"', '{ claim = "15 min"', 21, "15m, 8h"),
        ('{ claim = "15m"', '{ claim = "0m"', 21, "leave it out"),
        ('{ claim = "15m"', '{ claim = "99999d"', 21, "write a shorter time"),
        ('first_response = "30m"', 'first_response = "5h"', 21, "make it 4h or less"),
        ('first_response = "30m"', 'fist_response = "30m"', 21, '"first_response"?'),
        ("targets.urgent", "targets.urgnt", 21, 'did you mean "urgent"?'),
        ("targets.low = ", "targets.other = ", 24, "what can stand here is urgent, high"),
        ('["50%", "80%"]', '["50%", "100%"]', 29, '"80%" of the target'),
        ('["customer", "third_party"]', '["client"]', 31, "customer, third_party"),
        ("{ resolution = [", "{ claim = [", 31, "never pauses"),
        ('when = "unclaimed"', 'when = "unclaimd"', 34, 'did you mean "unclaimed"?'),
        ('after = "0m"', 'after = "later"', 35, "15m"),
        ('["on_duty", "channel"]', '["boss"]', 36, "on_duty"),
        ('["on_duty", "channel"]', "[]", 36, 'notify = ["on_duty", "channel"]'),
        ("repeat = 2", "repeat = 6", 41, "from 0 to 5"),
        ("repeat = 2", "repeat = true", 41, "from 0 to 5"),
        ('at = "09:00"', 'at = "9am"', 44, 'write "09:00"'),
        ('"fri"]', '"friday"]', 45, 'did you mean "fri"?'),
        ('at = "09:00"', 'at = "09:00', 44, "check the quotes"),
        ('at = "09:00"', "at = 25:00:00", 44, "this is not TOML"),
    ],
)
def test_a_mistake_names_its_line_and_its_cure(
    right: str, wrong: str, line: int, words: str
) -> None:
    assert right in WHOLE
    told = mistakes(WHOLE.replace(right, wrong, 1))
    assert any(one.startswith(f"line {line}: ") and words in one for one in told), told


def test_each_mistake_stands_alone_and_none_is_told_twice() -> None:
    wrong = WHOLE.replace('"Europe/Berlin"\nmanagers', '"Europe/Berln"\nmanagers')
    wrong = wrong.replace('tue = ["09:00-18:00"]', 'tue = ["09:00-18:00", "17:00-19:00"]')
    wrong = wrong.replace('calendar = "office"', 'calendar = "ofice"').replace("15m", "15 min")
    wrong = wrong.replace("repeat = 2", "repeat = 9")
    assert [one.partition(": ")[0] for one in mistakes(wrong)] == [
        "line 4",
        "line 12",
        "line 21",
        "line 28",
        "line 41",
    ]


def test_a_seventh_level_is_refused() -> None:
    level = '[[escalation]]\nwhen = "unclaimed"\nnotify = ["channel"]\n'
    read_team(FIVE_LINES + level * 6)
    assert mistakes(FIVE_LINES + level * 7) == ["line 6: escalation: this is too long; 6 at most"]


def test_a_calendar_that_never_opens_is_refused() -> None:
    told = mistakes(FIVE_LINES + "[calendars.none]\nclosed = ['2026-12-24']\n")
    assert told == [
        "line 6: calendars.none: this is open on no weekday; "
        'write hours, such as mon = ["09:00-18:00"]'
    ]


def test_a_calendar_that_is_closed_for_a_year_is_refused() -> None:
    days = [date(2026, 3, 2) + timedelta(7 * n) for n in range(60)]
    source = FIVE_LINES + '[calendars.mondays]\nmon = ["09:00-18:00"]\n'
    told = mistakes(f"{source}closed = {[str(day) for day in days]}\n")
    assert told == [
        "line 8: calendars.mondays.closed: from 2026-03-02 this is closed for a year or more; "
        "leave some of these days open"
    ]


def test_a_target_that_takes_years_of_open_time_is_refused() -> None:
    source = FIVE_LINES + '[calendars.short]\nmon = ["09:00-09:15"]\n'
    assert "open 0.25 h a week" in mistakes(source + "[[policies]]\nname = 'P'\n" + TARGETS)[0]


TARGETS = """\
targets = { urgent = { resolution = "100h" }, high = {}, normal = {}, low = {} }
"""


def test_a_document_to_be_applied_covers_every_priority() -> None:
    source = FIVE_LINES + "[[policies]]\nname = 'P'\ntargets.urgent = { claim = '15m' }\n"
    told = mistakes(source)
    assert len(told) == 3
    assert told[0].startswith("line 8: policies[0].targets: nothing is said of high cases")


def test_what_no_clock_needs_may_be_missing_from_json() -> None:
    assert team_from_json(FEW).team.channel is None
    with pytest.raises(BadDocument) as refused:
        team_from_json(FEW, whole=True)
    assert [one.path for one in refused.value.mistakes] == ["team.channel", "team.managers"]
    assert {one.line for one in refused.value.mistakes} == {None}


def test_several_calendars_and_none_named_is_a_mistake() -> None:
    days = {"mon": ["09:00-18:00"]}
    with pytest.raises(BadDocument, match="must say which: north, south, 24x7"):
        team_from_json(
            FEW | {"calendars": {"north": days, "south": days}, "policies": [{"name": "P"}]}
        )


# Hostile input.


@pytest.mark.parametrize(
    "source",
    [
        "",
        "\0",
        "\ud800",
        "=",
        "[team",
        "team = 1",
        "team = []",
        "[[team]]\nname = 1",
        "x = " + "[" * 100_000,
        "x = " + "[" * 300 + "]" * 300,
        "x = " + "{a=" * 300 + "1" + "}" * 300,
        "x = " + "9" * 10_000,
        "a" * 1_000_000,
        "a." * 5_000 + "b = 1",
        "[team]\nname = 'S'\nname = 'S'",
        "calendars = 3\npolicies = 4\nescalation = 'x'\ndigest = []",
        "[calendars]\noffice = 3",
        "policies = [1, 2, [3]]",
        '"\\uD800" = 1',
        FIVE_LINES + "[calendars.'\\u0000']\n",
        FIVE_LINES + "closed = [" + "'x'," * 3000 + "]",
        FIVE_LINES + '[calendars.o]\nmon=["09:00-18:00"]\nclosed = [' + "'x'," * 1900 + "]",
        FIVE_LINES + "[[policies]]\nname = 'P'\nenforce_from = '9999-99-99'",
        FIVE_LINES + "[[policies]]\nname = 'P'\nenforce_from = '2026-03-01T09:00:00'",
    ],
    ids=lambda source: repr(source[-30:]),
)
def test_hostile_text_is_refused_in_words(source: str) -> None:
    assert mistakes(source)


def test_no_more_mistakes_are_told_than_anyone_reads() -> None:
    told = mistakes(FIVE_LINES + "\n".join(f"x{n} = 1" for n in range(500)))
    assert len(told) == 101
    assert told[-1] == "and 400 more mistakes; mend these first"


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = {"team": value, "when": [value]}
    return value


@pytest.mark.parametrize(
    "value",
    [
        None,
        3,
        "team",
        [],
        {},
        {"team": None},
        {"team": deep(2000)},
        FEW | {"policies": deep(2000)},
        FEW | {"policies": [deep(2000)]},
        FEW | {"calendars": {"x": deep(2000)}},
        FEW | {"calendars": {"\ud800": {}}},
        FEW | {"calendars": {"x" * 100_000: {}}},
        FEW | {"digest": {"at": "9" * 100_000}},
        FEW | {"digest": {"at": float("nan")}},
        {"team": {"name": "\ud800", "timezone": "UTC"}},
        {"team": {"name": "S", "timezone": "/etc/passwd"}},
        {1: 2, None: 3} | FEW,
    ],
    ids=lambda value: str(type(value)),
)
def test_hostile_json_is_refused_in_words(value: Any) -> None:
    with pytest.raises(BadDocument) as refused:
        team_from_json(value)
    assert len(str(refused.value)) < 5000


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["09:00-18:00", "24x7", "15m", "U0MAYA", "UTC", "urgent"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "when", "targets", "urgent", "mon", "calendar", "claim", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(
        st.sampled_from(["team", "calendars", "policies", "escalation", "digest", "x"]),
        JSON | st.lists(JSON) | st.dictionaries(st.text(max_size=3), JSON, max_size=3),
    )
)
def test_anything_at_all_is_read_or_refused_in_words(value: dict[str, Any]) -> None:
    for drawn in (value, FEW | {k: v for k, v in value.items() if k != "team"}):
        with suppress(BadDocument):
            team_from_json(drawn, whole=True)


# Lines.


def test_lines_are_found_in_every_way_of_writing_toml() -> None:
    source = """\
# [not.this]
a.b = 1
"c d".'e' = "x # y"  # [nor.this]

[one."two.three"]  # a header
key = '''
[nor.this]
'''
list = [
  1,  # ]
  [2, 3],
  { x = "}", y.z = [4,
    5] },
]
[[many]]
n = 1
[[many.more]]
m = \"\"\"\\\"\"\"\\"
]\"\"\"
[[many]]
n = 2026-03-01T09:00:00Z
[many.inside]
o = 1
"""
    assert lines_of(source) == {
        ("a",): 2,
        ("a", "b"): 2,
        ("c d",): 3,
        ("c d", "e"): 3,
        ("one",): 5,
        ("one", "two.three"): 5,
        ("one", "two.three", "key"): 6,
        ("one", "two.three", "list"): 9,
        ("one", "two.three", "list", 0): 10,
        ("one", "two.three", "list", 1): 11,
        ("one", "two.three", "list", 1, 0): 11,
        ("one", "two.three", "list", 1, 1): 11,
        ("one", "two.three", "list", 2): 12,
        ("one", "two.three", "list", 2, "x"): 12,
        ("one", "two.three", "list", 2, "y"): 12,
        ("one", "two.three", "list", 2, "y", "z"): 12,
        ("one", "two.three", "list", 2, "y", "z", 0): 12,
        ("one", "two.three", "list", 2, "y", "z", 1): 13,
        ("many",): 15,
        ("many", 0): 15,
        ("many", 0, "n"): 16,
        ("many", 0, "more"): 17,
        ("many", 0, "more", 0): 17,
        ("many", 0, "more", 0, "m"): 18,
        ("many", 1): 20,
        ("many", 1, "n"): 21,
        ("many", 1, "inside"): 22,
        ("many", 1, "inside", "o"): 23,
    }
