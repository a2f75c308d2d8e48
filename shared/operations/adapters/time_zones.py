"""The time zones to choose from, by the tz database's own list of them.

That list has one zone for all places whose clocks have agreed since 1970, and none of the some 300
older names that mean the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

_COORDINATES = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?")
"""ISO 6709: latitude and longitude in degrees, minutes and perhaps seconds."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A zone's principal location, in degrees north and east, and the countries that keep it."""

    zone: str
    countries: frozenset[str]
    latitude: float
    longitude: float


@dataclass(frozen=True, kw_only=True)
class TimeZone:
    """As it is at an instant; `utc_offset` is written +05:30."""

    iana_name: str
    utc_offset: str
    display_name: str


def table(name: str) -> Iterator[list[str]]:
    """The rows of a table of the tz database."""
    text = (files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8")
    yield from (line.split("\t") for line in text.splitlines() if line and line[0] != "#")


@cache
def places() -> tuple[Place, ...]:
    """By country; within one, roughly the most populous first."""
    return tuple(
        _place(zone, countries, coordinates)
        for countries, coordinates, zone, *_ in table("zone1970.tab")
    )


def time_zone(name: str, *, at: datetime) -> TimeZone:
    offset = at.astimezone(ZoneInfo(name)).isoformat()[-len("+05:30") :]
    shown = f"(UTC{offset}) {name.replace('_', ' ')}"
    return TimeZone(iana_name=name, utc_offset=offset, display_name=shown)


def time_zones(*, at: datetime) -> list[TimeZone]:
    """Those of all places and UTC, from west to east."""
    zones = [time_zone(name, at=at) for name in ("UTC", *(place.zone for place in places()))]
    return sorted(zones, key=lambda zone: (int(zone.utc_offset.replace(":", "")), zone.iana_name))


def _place(zone: str, countries: str, coordinates: str) -> Place:
    found = _COORDINATES.fullmatch(coordinates)
    assert found is not None, f"{zone} lies at {coordinates}"
    north, *latitude, east, degrees, minutes, seconds = found.groups("0")
    return Place(
        zone=zone,
        countries=frozenset(countries.split(",")),
        latitude=_degrees(north, *latitude),
        longitude=_degrees(east, degrees, minutes, seconds),
    )


def _degrees(sign: str, degrees: str, minutes: str, seconds: str) -> float:
    return float(f"{sign}1") * (int(degrees) + int(minutes) / 60 + int(seconds) / 3600)
