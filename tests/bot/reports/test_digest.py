"""The daily digest: when it is due and which period it covers."""

from datetime import date, datetime

import pytest

from bot.reports.digest import Digest
from bot.team import read_team
from tests.builders import a_team, berlin
from tests.world import TEAM


def test_a_digest_is_not_made_before_its_time() -> None:
    team = a_team(at=berlin("2026-03-02 12:00"))
    assert Digest.make(team, at=berlin("2026-03-03 08:59")) is None


def test_a_digest_covers_the_time_since_the_previous_one() -> None:
    team = a_team(at=berlin("2026-03-02 12:00"))
    made = Digest.make(team, at=berlin("2026-03-03 09:00"))
    assert made is not None
    digest, pending = made
    assert digest.local_date == date(2026, 3, 3)
    assert digest.until == berlin("2026-03-03 09:00")
    assert pending.key == digest.delivery
    assert Digest.make(team, at=berlin("2026-03-03 09:01")) is None


def test_the_digest_after_friday_is_on_monday() -> None:
    team = a_team(at=berlin("2026-03-06 09:00"))
    assert team.next_digest_at == berlin("2026-03-09 09:00")


def test_after_an_outage_of_several_days_one_digest_covers_them_all() -> None:
    team = a_team(at=berlin("2026-03-02 12:00"))
    made = Digest.make(team, at=berlin("2026-03-06 07:00"))
    assert made is not None
    digest, _ = made
    assert digest.local_date == date(2026, 3, 5)
    assert digest.since < berlin("2026-03-02 12:00")
    assert team.next_digest_at == berlin("2026-03-06 09:00")


@pytest.mark.parametrize(
    ("before", "due"),
    [
        ("2026-03-28T12:00:00+01:00", "2026-03-29T03:00:00+02:00"),  # 02:30 does not exist
        ("2026-10-24T12:00:00+02:00", "2026-10-25T02:30:00+02:00"),  # 02:30 occurs twice
    ],
)
def test_one_digest_is_made_on_nights_when_the_clocks_change(before: str, due: str) -> None:
    source = TEAM.replace('at = "09:00"', 'at = "02:30"\ndays = ["sun"]')
    team = a_team(source, at=datetime.fromisoformat(before))
    assert team.next_digest_at == datetime.fromisoformat(due)


def test_applying_a_document_does_not_lose_a_digest_that_is_due() -> None:
    team = a_team(at=berlin("2026-03-02 12:00"))
    team.revise(team.document, team.channel, at=berlin("2026-03-03 09:00"))
    assert team.next_digest_at == berlin("2026-03-03 09:00")


def test_a_new_digest_time_applies_to_the_next_digest() -> None:
    team = a_team(at=berlin("2026-03-02 12:00"))
    later = read_team(TEAM.replace('at = "09:00"', 'at = "10:30"'))
    team.revise(later, team.channel, at=berlin("2026-03-02 13:00"))
    assert team.next_digest_at == berlin("2026-03-03 10:30")


def test_a_later_digest_time_does_not_repeat_a_digest_that_was_made() -> None:
    team = a_team(at=berlin("2026-03-02 12:00"))
    assert Digest.make(team, at=berlin("2026-03-03 09:00")) is not None
    later = read_team(TEAM.replace('at = "09:00"', 'at = "10:00"'))
    team.revise(later, team.channel, at=berlin("2026-03-03 09:30"))
    assert team.next_digest_at == berlin("2026-03-04 10:00")
