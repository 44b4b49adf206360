"""A team file: its content and its defaults."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.business_time import ALWAYS
from bot.priority import Priority
from bot.team import BadDocument, EscalateWhen, TeamDocument, read_team, team_from_json
from tests.bot.team.team_documents import FIVE_LINES, READERS, WHOLE


def test_a_complete_document_is_read() -> None:
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


def test_a_document_survives_a_round_trip_through_json() -> None:
    document = read_team(WHOLE)
    dumped = json.loads(document.model_dump_json())
    assert team_from_json(dumped, whole=True) == document


def test_toml_dates_and_times_need_no_quotes() -> None:
    source = FIVE_LINES + "[digest]\nat = 08:30:00\n[[policies]]\nname = 'P'\n"
    source += "enforce_from = 2026-03-01\n[calendars.office]\nmon = ['09:00-18:00']\n"
    document = read_team(source + "closed = [2026-12-24]\n")
    assert document.digest.at == "08:30"
    assert document.calendars["office"].closed == ("2026-12-24",)
    starts = document.policy_for(priority=Priority.LOW).enforce_from
    assert starts == datetime(2026, 2, 28, 23, tzinfo=UTC)


def test_the_first_policy_that_fits_applies() -> None:
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
        ({"tier": ["gold"]}, False),  # the case has no tier
        ({}, True),
    ],
)
def test_a_policy_fits_if_all_its_conditions_match(when: dict[str, Any], fits: bool) -> None:
    document = team_from_json(
        READERS | {"policies": [{"name": "Special", "when": when}, {"name": "Rest"}]}
    )
    policy = document.policy_for(
        priority=Priority.URGENT, category="billing", source="phone", customer="Acme"
    )
    assert policy.name == ("Special" if fits else "Rest")


def test_a_day_in_a_target_has_the_day_hours_of_the_calendar() -> None:
    source = WHOLE.replace('open = ["2026', 'day_hours = 7.5\nopen = ["2026')
    document = read_team(source)
    assert document.policy("Standard").target(Priority.NORMAL, "update") == timedelta(hours=7.5)
    assert document.policy("Enterprise").target(Priority.NORMAL, "update") == timedelta(hours=24)


def test_a_clock_without_a_target_does_not_run() -> None:
    document = team_from_json(
        READERS | {"policies": [{"name": "P", "targets": {"urgent": {"claim": "15m"}, "high": {}}}]}
    )
    policy = document.policy("P")
    assert policy.target(Priority.URGENT, "claim") == timedelta(minutes=15)
    assert policy.target(Priority.URGENT, "resolution") is None
    assert policy.target(Priority.HIGH, "claim") is None
    assert policy.target(Priority.LOW, "claim") is None


def test_the_claim_clock_never_pauses_and_total_resolution_pauses_with_resolution() -> None:
    policy = read_team(WHOLE).policy("Standard")
    assert policy.pauses("resolution", "customer")
    assert policy.pauses("total_resolution", "third_party")
    assert not policy.pauses("claim", "customer")
    assert not policy.pauses("update", "customer")


def test_a_warning_is_a_share_of_the_target_or_a_time_before_it_is_due() -> None:
    source = WHOLE.replace('warn_at = ["50%", "80%"]', 'warn_at = ["80%", "30m"]')
    share, ahead = read_team(source).policy("Standard").warn_at
    assert share.reached_after(timedelta(hours=4)) == timedelta(hours=3, minutes=12)
    assert ahead.reached_after(timedelta(hours=4)) == timedelta(hours=3, minutes=30)
    assert ahead.reached_after(timedelta(minutes=15)) == timedelta(0)


def test_a_level_may_be_reached_before_the_due_time() -> None:
    document = read_team(WHOLE.replace('after = "60m"', 'after = "-1h30m"'))
    assert document.escalation[1].offset(ALWAYS) == -timedelta(minutes=90)


def test_a_policy_uses_the_only_calendar_by_default() -> None:
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
def test_a_digest_is_due_at_its_local_time_on_its_days(after: str, day: str, due: str) -> None:
    found = read_team(WHOLE).digest_due(datetime.fromisoformat(after))
    assert found == (date.fromisoformat(day), datetime.fromisoformat(due))


def digest(zone: str, at: str) -> TeamDocument:
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    team = {"name": "Support", "timezone": zone}
    return team_from_json({"team": team, "digest": {"at": at, "days": days}})


def test_a_digest_at_a_skipped_time_comes_at_the_next_valid_time() -> None:
    found = digest("Europe/Berlin", "02:30").digest_due(datetime(2026, 3, 29, 0, tzinfo=UTC))
    assert found == (date(2026, 3, 29), datetime(2026, 3, 29, 1, tzinfo=UTC))


def test_a_digest_at_a_repeated_time_comes_once() -> None:
    document = digest("Europe/Berlin", "02:30")
    first = document.digest_due(datetime(2026, 10, 24, 12, tzinfo=UTC))
    assert first == (date(2026, 10, 25), datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    assert document.digest_due(first[1])[0] == date(2026, 10, 26)


def test_a_day_that_the_time_zone_skips_has_no_digest() -> None:
    document = digest("Pacific/Apia", "09:00")
    day, due = document.digest_due(datetime(2011, 12, 29, 8, tzinfo=UTC))
    assert day == date(2011, 12, 29)
    assert document.digest_due(due)[0] == date(2011, 12, 31)


def test_questions_match_their_category_case_insensitively() -> None:
    asking = FIVE_LINES + '[[questions]]\ncategory = "Outage"\nask = "Known?"\nor = "Look first"\n'
    document = read_team(asking)
    [question] = document.questions_for("OUTAGE")
    assert (question.ask, question.otherwise) == ("Known?", "Look first")
    assert document.questions_for("") == document.questions_for("Billing") == []
    with pytest.raises(BadDocument, match='did you mean "category"'):
        read_team(asking.replace("category", "categry"))
    with pytest.raises(BadDocument, match="ask, or"):
        read_team(asking.replace("or =", "xyzzy ="))
