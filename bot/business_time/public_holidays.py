"""Public holidays of a country or a subdivision, from the ``holidays`` package."""

import difflib
from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays
from holidays.registry import COUNTRIES

from bot.messages import N_, Sentence

LANGUAGE = "en_US"  # without it, the names depend on the locale of the process


@dataclass(frozen=True)
class Region:
    """A country's ISO code, with an optional subdivision."""

    country: str
    subdivision: str | None = None

    def mistake(self) -> tuple[str, Sentence] | None:
        """Return the name of the unknown field and a message, or None if both are known."""
        known = _known()
        if self.country not in known:
            return "country", _unknown_country(self.country[:80], list(known))
        if self.subdivision is None or self.subdivision in known[self.country]:
            return None
        return "subdivision", _unknown_subdivision(self.subdivision[:80], self.country, known)


def public_holidays(region: Region, year: int) -> dict[date, str]:
    """Return the names of a region's public holidays in one year, by date."""
    # expand=False, because the library's objects otherwise add years while they are read.
    country = holidays.country_holidays(region.country, subdiv=region.subdivision, expand=False)
    language = LANGUAGE if LANGUAGE in country.supported_languages else None
    return dict(
        holidays.country_holidays(
            region.country, subdiv=region.subdivision, years=year, expand=False, language=language
        ).items()
    )


@cache
def _known() -> dict[str, list[str]]:
    """Return the subdivisions of each country, by country code."""
    return holidays.list_supported_countries(include_aliases=True)


def _unknown_country(country: str, codes: list[str]) -> Sentence:
    by_name = {code.casefold(): code for code in codes}
    for name, (_, code, *aliases) in COUNTRIES.items():
        by_name |= {word.casefold(): code for word in (name.replace("_", " "), *aliases)}
    wanted = country.strip().replace("_", " ").casefold()
    near = difflib.get_close_matches(wanted, by_name, n=1)
    if near:
        return Sentence.of(
            N_('the holidays of "{country}" are unknown; did you mean "{meant}"?'),
            country=country,
            meant=by_name[near[0]],
        )
    return Sentence.of(
        N_('the holidays of "{country}" are unknown; write an ISO country code, such as "DE"'),
        country=country,
    )


def _unknown_subdivision(name: str, country: str, known: dict[str, list[str]]) -> Sentence:
    subdivisions = known[country]
    if not subdivisions:
        return Sentence.of(
            N_("{country} has the same holidays everywhere; leave the subdivision out"),
            country=country,
        )
    by_spelling = {code.casefold(): code for code in subdivisions}
    near = difflib.get_close_matches(name.strip().casefold(), by_spelling, n=1)
    if near:
        return Sentence.of(
            N_('{country} has no subdivision "{name}"; did you mean "{meant}"?'),
            country=country,
            name=name,
            meant=by_spelling[near[0]],
        )
    return Sentence.of(
        N_('{country} has no subdivision "{name}"; it has {known}'),
        country=country,
        name=name,
        known=", ".join(subdivisions[:20]),
    )
