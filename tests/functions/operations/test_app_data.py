"""Time zones and countries as they are, from the tz database and ISO 3166."""

from typing import Any
from zoneinfo import available_timezones

import pytest
import time_machine

from shared.kernel.timezones import zone
from shared.operations.adapters.time_zones import table
from tests.accounts import register
from tests.api import Api


def _by_id(shown: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    by_id = {each["id"]: each for each in shown}
    assert len(by_id) == len(shown)
    return by_id


@pytest.fixture
def told(api: Api) -> Any:
    answer = api.get("/ops/app-data")
    assert answer.status == 200
    return answer.json


def test_every_zone_is_one_that_people_may_have(told: Any) -> None:
    zones = _by_id(told["timezones"])
    assert told["metadata"]["timezones_count"] == len(zones) > 300
    assert {"UTC", "Europe/Berlin", "Asia/Kolkata", "America/Lima"} <= zones.keys()
    assert len(zones) < len(available_timezones()) * 2 / 3, "none of the other names"
    assert not {"Europe/Amsterdam", "Asia/Calcutta", "US/Eastern", "GMT", "EST"} & zones.keys()
    assert all(zone(name) and zones[name]["iana_name"] == name for name in zones)


@pytest.mark.parametrize(
    ("at", "offset"),
    [
        ("2027-03-28T00:59:59Z", "+01:00"),
        ("2027-03-28T01:00:00Z", "+02:00"),
        ("2027-10-31T00:59:59Z", "+02:00"),
        ("2027-10-31T01:00:00Z", "+01:00"),
    ],
)
def test_offsets_are_those_of_now(api: Api, at: str, offset: str) -> None:
    api.get("/ops/app-data")
    with time_machine.travel(at, tick=False):
        told = api.get("/ops/app-data").json
    berlin = _by_id(told["timezones"])["Europe/Berlin"]
    assert berlin["utc_offset"] == offset
    assert berlin["display_name"] == f"(UTC{offset}) Europe/Berlin"
    assert _by_id(told["countries"])["DE"]["timezone"] == {
        name: berlin[name] for name in ("iana_name", "utc_offset", "display_name")
    }


def test_zones_go_from_west_to_east(told: Any) -> None:
    names = [each["iana_name"] for each in told["timezones"]]
    assert names[0] == "Pacific/Niue"
    assert names[-1] == "Pacific/Kiritimati"
    assert names.index("Asia/Kolkata") < names.index("Asia/Kathmandu") < names.index("Asia/Dhaka")


def test_the_countries_are_those_of_iso_3166(told: Any) -> None:
    countries = _by_id(told["countries"])
    assert countries.keys() == {code for code, _ in table("iso3166.tab")}
    assert told["metadata"]["countries_count"] == len(countries)
    assert all(each["code"] == key and each["name"] for key, each in countries.items())
    names = [each["name"] for each in told["countries"]]
    assert names == sorted(names)
    assert countries["NO"] == {
        "id": "NO",
        "code": "NO",
        "name": "Norway",
        "native_name": "Norge",
        "language": "no",
        "phone_code": "+47",
        "capital": "Oslo",
        "currency": "NOK",
        "continent": "Europe",
        "timezone": countries["DE"]["timezone"],
    }


def test_most_is_known_of_most_countries(told: Any) -> None:
    for name in ("native_name", "language", "phone_code", "capital", "currency", "continent"):
        known = [each[name] for each in told["countries"] if each[name] is not None]
        assert all(isinstance(each, str) and each for each in known), name
        assert len(known) > 225, name


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("US", "America/New_York"),
        ("RU", "Europe/Moscow"),
        ("AU", "Australia/Sydney"),
        ("KI", "Pacific/Tarawa"),
        ("CA", "America/Toronto"),
        ("CN", "Asia/Shanghai"),
        ("IN", "Asia/Kolkata"),
        ("FR", "Europe/Paris"),
        ("PT", "Europe/Lisbon"),
        ("ES", "Europe/Madrid"),
    ],
)
def test_a_countrys_zone_is_the_nearest_to_its_capital(told: Any, code: str, name: str) -> None:
    assert _by_id(told["countries"])[code]["timezone"]["iana_name"] == name


def test_every_countrys_zone_is_among_those_to_choose_from(told: Any) -> None:
    zones = _by_id(told["timezones"])
    without = [
        each["code"]
        for each in told["countries"]
        if each["timezone"] is None or each["timezone"]["iana_name"] not in zones
    ]
    assert set(without) <= {"BV", "HM"}, "nobody lives there"


def test_who_has_it_gets_nothing_again(api: Api) -> None:
    with time_machine.travel("2027-03-01T12:00:00Z", tick=False) as now:
        first = api.get("/ops/app-data")
        assert first.headers["cache-control"] == "public, max-age=900"
        tag = first.headers["etag"]
        for held in (tag, f'"other", W/{tag}', "*"):
            again = api.request("GET", "/ops/app-data", headers={"If-None-Match": held})
            assert (again.status, again.content, again.headers["etag"]) == (304, b"", tag)
        for other in ('"other"', "", tag[1:-1]):
            again = api.request("GET", "/ops/app-data", headers={"If-None-Match": other})
            assert again.status == 200
        now.move_to("2027-04-01T12:00:00Z")
        later = api.request("GET", "/ops/app-data", headers={"If-None-Match": tag})
        assert later.status == 200, "summer time has begun"


def test_a_chosen_zone_can_be_registered_with(api: Api, told: Any) -> None:
    chosen = told["timezones"][7]["iana_name"]
    assert register(api, timezone=chosen).api.get("/auth/me").json["timezone"] == chosen
