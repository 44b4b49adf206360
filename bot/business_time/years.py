"""The years of one calendar, each computed on first use."""

from datetime import UTC, date, datetime, timedelta

from bot.business_time.openings import Openings, Piece, Rules
from bot.business_time.public_holidays import Region, public_holidays
from bot.business_time.wall_time import EPOCH, MICROSECOND

FIRST_YEAR, LAST_YEAR = 1970, 2100
REACH = 10  # years that a count may span

_FIRST = (datetime(FIRST_YEAR, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND
_LAST = (datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND


class Almanac:
    """A cache of a calendar's opening times.

    Safe to share between threads without a lock, because cached values are replaced and never
    mutated. At worst, two threads compute the same year twice.
    """

    def __init__(self, rules: Rules, region: Region | None) -> None:
        self.rules = rules
        self._region = region
        self._years: dict[int, list[Piece]] = {}
        self._holidays: dict[int, dict[date, str]] = {}
        self._openings: Openings | None = None

    def around(self, start: int, end: int | None = None) -> Openings:
        """Return openings that cover ``start``, and ``end`` if it is given.

        Raises:
            ValueError: one of them lies before 1970 or after 2100.
        """
        known, last = self._openings, start if end is None else end
        if known is not None and known.begins <= start and last < known.ends:
            return known
        if not _FIRST <= start <= last < _LAST:
            raise ValueError(f"a calendar covers the years {FIRST_YEAR} to {LAST_YEAR}")
        known = self._extend(known, _year(start), _year(last))
        while start < known.begins:
            known = self._extend(known, known.first - 1, known.last)
        while last >= known.ends:
            known = self._extend(known, known.first, known.last + 1)
        return known

    def later(self, known: Openings, at: int) -> Openings | None:
        """Return the openings extended by one year, or None if that exceeds ``REACH``."""
        if known.last >= _year(at) + REACH:
            return None
        return self._extend(known, known.first, known.last + 1)

    def earlier(self, known: Openings, at: int) -> Openings | None:
        """Return the openings extended by one earlier year; the mirror of ``later``."""
        if known.first <= _year(at) - REACH:
            return None
        return self._extend(known, known.first - 1, known.last)

    def holidays(self, year: int) -> dict[date, str]:
        """Return the names of the public holidays in ``year``, by date."""
        if self._region is None:
            return {}
        if year not in self._holidays:
            self._holidays[year] = public_holidays(self._region, year)
        return self._holidays[year]

    def _extend(self, known: Openings | None, first: int, last: int) -> Openings:
        if known is not None:
            first, last = min(first, known.first), max(last, known.last)
        years = [self._year(year) for year in range(first, last + 1)]
        self._openings = Openings.of(
            first, last, self.rules.begins(first), self.rules.begins(last + 1), years
        )
        return self._openings

    def _year(self, year: int) -> list[Piece]:
        if year not in self._years:
            self._years[year] = self.rules.year(year, self.holidays(year))
        return self._years[year]


def microseconds(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND


def instant(at: int) -> datetime:
    return EPOCH + timedelta(microseconds=at)


def _year(at: int) -> int:
    return instant(at).year
