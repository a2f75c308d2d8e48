"""The countries there are by ISO 3166, with what the library `countryinfo` knows of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import acos, cos, radians, sin
from typing import Any

from countryinfo import CountryInfo, CountryNotFoundError

from shared.operations.adapters.time_zones import Place, places, table


@dataclass(frozen=True, kw_only=True)
class Country:
    """What is not known is None; of several, each field has the first.

    `language` is of ISO 639-1, `currency` of ISO 4217; `continent` is one of the UN's regions.
    `zone` is the one nearest to the capital, where clocks do not agree all over the country.
    """

    code: str
    name: str
    native_name: str | None
    language: str | None
    phone_code: str | None
    capital: str | None
    currency: str | None
    continent: str | None
    zone: str | None


@cache
def countries() -> tuple[Country, ...]:
    """All of them, by name."""
    found = [_country(code, name) for code, name in table("iso3166.tab")]
    return tuple(sorted(found, key=lambda country: country.name))


def _country(code: str, name: str) -> Country:
    known = _known(code)
    phone_code = _first(known.get("callingCodes"))
    return Country(
        code=code,
        name=_first(known.get("name")) or name,
        native_name=_first(known.get("nativeName")),
        language=_first(known.get("languages")),
        phone_code=phone_code and f"+{phone_code}",
        capital=_first(known.get("capital")),
        currency=_first(known.get("currencies")),
        continent=_first(known.get("region")),
        zone=_zone(code, known.get("capital_latlng") or []),
    )


def _known(code: str) -> dict[str, Any]:
    """Of that country, and not of another that the library takes the code for."""
    try:
        found = CountryInfo(code)
    except CountryNotFoundError:
        return {}
    return dict(found.info()) if found.iso(2) == code else {}


def _first(told: Any) -> str | None:
    """The library has one or several where it likes, and blanks where it knows nothing."""
    if isinstance(told, list):
        told = told[0] if told else None
    return told or None


def _zone(code: str, capital: Sequence[float]) -> str | None:
    its = [place for place in places() if code in place.countries]
    if not its:
        return None
    if len(capital) != len(("latitude", "longitude")):
        return its[0].zone
    return min(its, key=lambda place: _angle(place, *capital)).zone


def _angle(place: Place, latitude: float, longitude: float) -> float:
    """Between two points as seen from the centre of the Earth."""
    there, here = radians(place.latitude), radians(latitude)
    between = cos(radians(place.longitude - longitude))
    return acos(min(1.0, sin(there) * sin(here) + cos(there) * cos(here) * between))
