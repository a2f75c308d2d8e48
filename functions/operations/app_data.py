"""Time zones and countries, for forms: asked for once, then kept by browsers."""

import re
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated

from fastapi import Header, Response
from pydantic import BaseModel

from functions.dependencies import public
from functions.routing import Router
from shared.infrastructure.http import create_app, lambda_handler
from shared.kernel.clock import utc_now
from shared.operations.adapters.app_data_settings import AppDataSettings
from shared.operations.adapters.countries import countries
from shared.operations.adapters.time_zones import time_zone, time_zones

router = Router(prefix="/api/v1/ops/app-data", tags=["app_data"])

_QUARTER = 15
"""Minutes. Clocks are put forward and back on the hour or half an hour past it."""


class ZoneOut(BaseModel):
    """As it is now; `utc_offset` is written +05:30."""

    iana_name: str
    utc_offset: str
    display_name: str


class TimeZoneOut(ZoneOut):
    """Its id and its name are the same word."""

    id: str


class CountryOut(BaseModel):
    """Its id and its code are the same word. What is not known is null.

    `language` is of ISO 639-1, `currency` of ISO 4217, `continent` one of the UN's regions, and
    `timezone` the nearest to the capital.
    """

    id: str
    code: str
    name: str
    native_name: str | None
    language: str | None
    phone_code: str | None
    capital: str | None
    currency: str | None
    continent: str | None
    timezone: ZoneOut | None


class CountsOut(BaseModel):
    timezones_count: int
    countries_count: int


class AppDataOut(BaseModel):
    timezones: list[TimeZoneOut]
    countries: list[CountryOut]
    metadata: CountsOut


@router.get(
    "",
    dependencies=[public],
    response_model=AppDataOut,
    responses={HTTPStatus.NOT_MODIFIED.value: {"description": "It is as the caller has it"}},
)
def show(if_none_match: Annotated[str, Header()] = "") -> Response:
    """The time zones as they are now, from west to east, and the countries by name."""
    now = utc_now()
    body, tag = _built(
        now.replace(minute=now.minute // _QUARTER * _QUARTER, second=0, microsecond=0)
    )
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={AppDataSettings.read().max_age}"}
    if tag in re.findall(r'"[^"]*"', if_none_match) or if_none_match.strip() == "*":
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


@lru_cache(maxsize=1)
def _built(at: datetime) -> tuple[bytes, str]:
    """The answer and its tag, once for each quarter of an hour."""
    zones = time_zones(at=at)
    listed = [
        CountryOut(
            id=each.code,
            **{name: value for name, value in asdict(each).items() if name != "zone"},
            timezone=ZoneOut(**asdict(time_zone(each.zone, at=at))) if each.zone else None,
        )
        for each in countries()
    ]
    told = AppDataOut(
        timezones=[TimeZoneOut(id=zone.iana_name, **asdict(zone)) for zone in zones],
        countries=listed,
        metadata=CountsOut(timezones_count=len(zones), countries_count=len(listed)),
    )
    body = told.model_dump_json().encode()
    return body, f'"{sha256(body).hexdigest()[:32]}"'


app = create_app("Reference data")
app.include_router(router)
handler = lambda_handler(app)
