"""Public holidays of a country or one of its parts, by name, from the holidays library."""

import difflib
from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays
from holidays.registry import COUNTRIES

LANGUAGE = "en_US"  # else the names would be in the language of whoever started the process


@dataclass(frozen=True)
class Region:
    """A country's ISO code, and perhaps a subdivision's."""

    country: str
    subdivision: str | None = None

    def mistake(self) -> tuple[str, str] | None:
        """The part that the library does not know, and what would be right; or None."""
        known = _known()
        if self.country not in known:
            return "country", _no_such_country(self.country[:80], list(known))
        if self.subdivision is None or self.subdivision in known[self.country]:
            return None
        return "subdivision", _no_such_part(self.subdivision[:80], self.country, known)


def public_holidays(region: Region, year: int) -> dict[date, str]:
    """Asked afresh for each year: the library's own objects grow while they are read."""
    country = holidays.country_holidays(region.country, subdiv=region.subdivision, expand=False)
    speaks = LANGUAGE if LANGUAGE in country.supported_languages else None
    return dict(
        holidays.country_holidays(
            region.country, subdiv=region.subdivision, years=year, expand=False, language=speaks
        ).items()
    )


@cache
def _known() -> dict[str, list[str]]:
    """The parts of each country, by its code."""
    return holidays.list_supported_countries(include_aliases=True)


def _no_such_country(country: str, codes: list[str]) -> str:
    by_name = {code.casefold(): code for code in codes}
    for name, (_, code, *aliases) in COUNTRIES.items():
        by_name |= {word.casefold(): code for word in (name.replace("_", " "), *aliases)}
    wanted = country.strip().replace("_", " ").casefold()
    near = difflib.get_close_matches(wanted, by_name, n=1)
    cure = f'did you mean "{by_name[near[0]]}"?' if near else 'write its ISO code, such as "DE"'
    return f'no holidays are known for the country "{country}"; {cure}'


def _no_such_part(part: str, country: str, known: dict[str, list[str]]) -> str:
    parts = known[country]
    if not parts:
        return f"{country} has the same holidays everywhere; leave the subdivision out"
    by_spelling = {word.casefold(): word for word in parts}
    near = difflib.get_close_matches(part.strip().casefold(), by_spelling, n=1)
    some = ", ".join(parts[:20])
    cure = f'did you mean "{by_spelling[near[0]]}"?' if near else f"it has {some}"
    return f'{country} has no part "{part}"; {cure}'
