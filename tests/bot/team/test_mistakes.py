"""Each mistake in a team file is reported with its line and a suggested fix."""

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.team import BadDocument, read_team, team_from_json
from tests.bot.team.team_documents import FIVE_LINES, READERS, WHOLE


def mistakes(source: str) -> list[str]:
    with pytest.raises(BadDocument) as refused:
        read_team(source)
    return [str(mistake) for mistake in refused.value.mistakes]


@pytest.mark.parametrize(
    ("valid", "invalid", "line", "words"),
    [
        ('timezone = "Europe/Berlin"', 'timezone = "Europe/Berln"', 4, '"Europe/Berlin"?'),
        ('managers = ["U0MAYA", "S0MANAGERS"]', 'managers = ["maya"]', 5, "U0…"),
        ('managers = ["U0MAYA", "S0MANAGERS"]', "managers = []", 5, "write managers"),
        ('managers = ["U0MAYA", "S0MANAGERS"]', 'managers = "U0MAYA"', 5, 'managers = ["U0MAYA"]'),
        ('agents = "everyone"', 'agents = "all"', 7, "or a list of ids"),
        ('agents = "everyone"', 'agents = ["U0ANA", "ben"]', 7, '"ben" is not a Slack id'),
        ('agents = "everyone"', 'deputies_up_to = "normal"', 7, "the agents who may claim"),
        ('agents = "everyone"', 'deputies_up_to = "midle"', 7, "urgent, high, normal, low"),
        ('agents = "everyone"', 'deputies = "U0ANA"', 7, 'write deputies = ["U0ANA"]'),
        ('agents = "everyone"', 'customers_visible_to = ["x"]', 7, '"x" is not a Slack id'),
        ('agents = "everyone"', 'customers_visible_to = "x"', 7, 'visible_to = ["U0SALES"]'),
        ('agents = "everyone"', 'admins = ["ada"]', 7, '"ada" is not a Slack id'),
        ('channel = "C0SUPPORT"', 'channel = "support"', 3, '"#support"'),
        ('channel = "C0SUPPORT"', "chanel = 'C0SUPPORT'", 3, 'did you mean "channel"?'),
        ('name = "Support"', 'name = "\\u0000"', 2, "write plain text"),
        ('name = "Support"', "", 1, 'write name = "Support"'),
        ("[calendars.office]", '[calendars."24x7"]', 9, "another name"),
        ('tue = ["09:00-18:00"]', 'tuesday = ["09:00-18:00"]', 12, 'did you mean "tue"?'),
        ('tue = ["09:00-18:00"]', 'tue = ["9-18"]', 12, 'write "09:00-18:00"'),
        ('tue = ["09:00-18:00"]', 'tue = ["09:00-09:00"]', 12, '"00:00-24:00"'),
        ('"13:00-18:00"]', '"12:00-18:00"]', 11, "end one where the other begins"),
        ('country = "DE"', 'country = "Germany"', 13, 'did you mean "DE"?'),
        ('subdivision = "BE"', 'subdivision = "BER"', 13, 'did you mean "BE"?'),
        ('"2026-12-24"', '"2026-02-30"', 14, "not a real date"),
        ('"2026-12-24"', '"24.12."', 14, 'write "2026-12-24"'),
        ('["2026-12-05 10:00-14:00"]', '["2026-12-05"]', 15, '"2026-12-05 10:00-14:00"'),
        ('open = ["2026', 'day_hours = 25\nopen = ["2026', 15, "up to 24"),
        ('open = ["2026', 'day_hours = nan\nopen = ["2026', 15, "up to 24"),
        ('calendar = "office"', 'calendar = "ofice"', 28, 'did you mean "office"?'),
        ('name = "Standard"', 'name = "Enterprise"', 18, "rename one"),
        ('name = "Standard"', 'name = "S"\nwhen = { tier = ["x"] }', 28, "remove its when"),
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
        ("targets.low = ", "targets.other = ", 24, "write one of urgent, high"),
        ('["50%", "80%"]', '["50%", "100%"]', 29, '"80%" of the target'),
        ('["customer", "third_party"]', '["client"]', 31, "customer, third_party"),
        ("{ resolution = [", "{ claim = [", 31, "never pauses"),
        ('when = "unclaimed"', 'when = "unclaimd"', 34, 'did you mean "unclaimed"?'),
        ('after = "0m"', 'after = "later"', 35, "15m"),
        ('["on_duty", "channel"]', '["boss"]', 36, "on_duty"),
        ('["on_duty", "channel"]', "[]", 36, 'notify = ["on_duty", "channel"]'),
        ('["on_duty", "channel"]', '["#heads"]', 36, "write the id of that channel"),
        ('["on_duty", "channel"]', '["backup"]', 36, "backups are not supported yet"),
        ('after = "0m"', 'hours = "ofice"', 35, 'did you mean "office"?'),
        ('after = "0m"', 'if_nobody = "wait"', 35, "next, hold"),
        ('after = "0m"', 'if_nobody = { urgnt = "next" }', 35, 'did you mean "urgent"?'),
        ('after = "0m"', 'assign = "S0HEADS"', 35, "a case has a single owner"),
        ("repeat = 2", "repeat = 6", 41, "from 0 to 5"),
        ("repeat = 2", "repeat = true", 41, "from 0 to 5"),
        ("[digest]", '[departments.it]\nchanel = "C0IT"\n[digest]', 44, 'did you mean "channel"?'),
        ('at = "09:00"', 'at = "9am"', 44, 'write "09:00"'),
        ('"fri"]', '"friday"]', 45, 'did you mean "fri"?'),
        ('at = "09:00"', 'at = "09:00', 44, "check the quotes"),
        ('at = "09:00"', "at = 25:00:00", 44, "this is not TOML"),
    ],
)
def test_a_mistake_has_its_line_and_a_fix(valid: str, invalid: str, line: int, words: str) -> None:
    assert valid in WHOLE
    found = mistakes(WHOLE.replace(valid, invalid, 1))
    assert any(one.startswith(f"line {line}: ") and words in one for one in found), found


def test_a_key_of_thousands_of_parts_is_refused_at_once() -> None:
    key = "a" + ".b" * 20_000  # the TOML parser would need a minute
    assert mistakes(f"{WHOLE}\n{key} = 1\n") == [
        f"line {WHOLE.count(chr(10)) + 2}: this line has more than 200 dots; split it"
    ]


def test_every_mistake_is_reported_once() -> None:
    source = WHOLE.replace('"Europe/Berlin"\nmanagers', '"Europe/Berln"\nmanagers')
    source = source.replace('tue = ["09:00-18:00"]', 'tue = ["09:00-18:00", "17:00-19:00"]')
    source = source.replace('calendar = "office"', 'calendar = "ofice"').replace("15m", "15 min")
    source = source.replace("repeat = 2", "repeat = 9")
    assert [one.partition(": ")[0] for one in mistakes(source)] == [
        "line 4",
        "line 12",
        "line 21",
        "line 28",
        "line 41",
    ]


def test_a_seventh_level_is_refused() -> None:
    level = '[[escalation]]\nwhen = "unclaimed"\nnotify = ["channel"]\n'
    read_team(FIVE_LINES + level * 6)
    assert mistakes(FIVE_LINES + level * 7) == [
        "line 6: escalation: this has too many entries; the limit is 6"
    ]


def test_a_calendar_that_never_opens_is_refused() -> None:
    found = mistakes(FIVE_LINES + "[calendars.none]\nclosed = ['2026-12-24']\n")
    assert found == [
        "line 6: calendars.none: this has no opening hours; "
        'write some, such as mon = ["09:00-18:00"]'
    ]


def test_a_calendar_that_is_closed_for_a_year_is_refused() -> None:
    days = [date(2026, 3, 2) + timedelta(7 * n) for n in range(60)]
    source = FIVE_LINES + '[calendars.mondays]\nmon = ["09:00-18:00"]\n'
    found = mistakes(f"{source}closed = {[str(day) for day in days]}\n")
    assert found == [
        "line 8: calendars.mondays.closed: the calendar is closed for a year or more from "
        "2026-03-02; leave some of these days open"
    ]


def test_a_target_that_takes_years_of_open_time_is_refused() -> None:
    source = FIVE_LINES + '[calendars.short]\nmon = ["09:00-09:15"]\n'
    assert "open 0.25 h a week" in mistakes(source + "[[policies]]\nname = 'P'\n" + TARGETS)[0]


TARGETS = """\
targets = { urgent = { resolution = "100h" }, high = {}, normal = {}, low = {} }
"""


def test_a_policy_must_have_targets_for_every_priority() -> None:
    source = FIVE_LINES + "[[policies]]\nname = 'P'\ntargets.urgent = { claim = '15m' }\n"
    found = mistakes(source)
    assert len(found) == 3
    assert found[0].startswith("line 8: policies[0].targets: high cases have no targets; write ")
    assert found[0].endswith('targets.high = { claim = "15m" }, or {} for no clocks')


def test_json_may_omit_what_clocks_do_not_need() -> None:
    assert team_from_json(READERS).team.channel is None
    with pytest.raises(BadDocument) as refused:
        team_from_json(READERS, whole=True)
    assert [one.path for one in refused.value.mistakes] == ["team.channel", "team.managers"]
    assert {one.line for one in refused.value.mistakes} == {None}


def test_a_policy_must_choose_between_several_calendars() -> None:
    days = {"mon": ["09:00-18:00"]}
    with pytest.raises(BadDocument, match="choose one of north, south, 24x7"):
        team_from_json(
            READERS | {"calendars": {"north": days, "south": days}, "policies": [{"name": "P"}]}
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
def test_hostile_text_is_refused_with_a_message(source: str) -> None:
    assert mistakes(source)


def test_at_most_a_hundred_mistakes_are_listed() -> None:
    found = mistakes(FIVE_LINES + "\n".join(f"x{n} = 1" for n in range(500)))
    assert len(found) == 101
    assert found[-1] == "more mistakes not shown: 400; fix these first"


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
        READERS | {"policies": deep(2000)},
        READERS | {"policies": [deep(2000)]},
        READERS | {"calendars": {"x": deep(2000)}},
        READERS | {"calendars": {"\ud800": {}}},
        READERS | {"calendars": {"x" * 100_000: {}}},
        READERS | {"digest": {"at": "9" * 100_000}},
        READERS | {"digest": {"at": float("nan")}},
        {"team": {"name": "\ud800", "timezone": "UTC"}},
        {"team": {"name": "S", "timezone": "/etc/passwd"}},
        {1: 2, None: 3} | READERS,
    ],
    ids=lambda value: str(type(value)),
)
def test_hostile_json_is_refused_with_a_message(value: Any) -> None:
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
def test_any_json_is_read_or_refused_with_a_message(value: dict[str, Any]) -> None:
    for drawn in (value, READERS | {k: v for k, v in value.items() if k != "team"}):
        with suppress(BadDocument):
            team_from_json(drawn, whole=True)
