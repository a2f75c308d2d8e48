"""Series over HTTP, at noon of a certain Friday."""

from typing import Any
from uuid import uuid4

import pytest
from time_machine import Traveller

from tests.author import Author
from tests.functions.publishing.series import (
    change,
    look,
    moments,
    recurring,
    told,
    try_to_recur,
)

pytestmark = pytest.mark.usefixtures("noon")


def test_a_series_shows_what_it_has_planned(author: Author) -> None:
    series = recurring(
        author,
        rule="FREQ=WEEKLY;BYDAY=MO,FR",
        starts_at="2026-11-20T09:00",
        timezone="Europe/Berlin",
    )
    assert moments(series) == ["11-23T09:00", "11-27T09:00", "11-30T09:00", "12-04T09:00"]
    assert (series["status"], series["problem"]) == ("active", None)
    assert (series["starts_at"], series["timezone"]) == ("2026-11-20T09:00:00", "Europe/Berlin")
    assert series["next_at"] == series["next_occurrences"][0]["run_at"] == "2026-11-23T08:00:00Z"
    assert series["planned_until"] == "2026-12-04T12:00:00Z"
    assert look(author, series) == series


def test_occurrences_are_schedules(author: Author) -> None:
    series = recurring(author)
    occurrence = series["next_occurrences"][0]
    schedule = author.look(occurrence["schedule_id"])["schedule"]
    assert schedule["recurrence_id"] == series["id"]
    assert schedule["occurrence_at"] == schedule["run_at"] == "2026-11-20T18:00:00Z"
    assert author.api.get("/schedules").json["meta"]["total"] == 14
    assert author.post_status(series["post_id"]) == "scheduled"
    variant = author.api.get(f"/variants/{series['post_variant_id']}").json["data"]
    assert variant["status"] == "ready"


def test_a_series_that_begins_far_away_has_nothing_planned(author: Author) -> None:
    series = recurring(author, rule="FREQ=YEARLY", starts_at="2027-06-01T09:00")
    assert (series["next_occurrences"], series["next_at"]) == ([], None)
    assert (series["status"], series["problem"]) == ("active", None)
    sooner = recurring(author, rule="FREQ=MONTHLY", starts_at="2026-12-31T09:00")
    assert moments(sooner) == ["12-31T09:00"]


@pytest.mark.parametrize("step", ["pause", "end"])
def test_a_series_that_does_not_go_on_has_no_next(author: Author, step: str) -> None:
    series = recurring(author)
    author.api.post(f"/recurrences/{series['id']}/{step}")
    shown = look(author, series)
    assert (shown["next_occurrences"], shown["next_at"]) == ([], None)


def test_a_series_with_a_problem_has_no_next(author: Author) -> None:
    series = recurring(author)
    change("UPDATE channel_connections SET status = 'error'")
    shown = look(author, series)
    assert (shown["problem"], shown["next_at"]) == ("CONNECTION_ERROR", None)
    assert shown["next_occurrences"] == series["next_occurrences"]
    [listed] = author.api.get("/recurrences").json["data"]
    assert listed["next_at"] is None


def test_the_schedules_of_a_series_are_listed_whatever_became_of_them(author: Author) -> None:
    series = recurring(author)
    recurring(author)
    ids = [each["schedule_id"] for each in series["next_occurrences"]]
    author.api.post(f"/schedules/{ids[0]}/cancel")
    change("UPDATE schedules SET status = 'skipped' WHERE id = :id", id=ids[1])
    query = {"recurrence_id": series["id"]}
    found = author.api.get("/schedules", **query).json
    assert ([each["id"] for each in found["data"]], found["meta"]["total"]) == (ids, 14)
    skipped = author.api.get("/schedules", **query, status="skipped").json["data"]
    assert [each["id"] for each in skipped] == [ids[1]]
    refused = author.api.get("/schedules", recurrence_id="abc")
    assert (refused.status, refused.codes) == (400, ["VALIDATION_ERROR"])
    assert author.api.get("/schedules", recurrence_id=str(uuid4())).json["data"] == []


def test_a_start_with_an_offset_is_read_off_the_clock(author: Author) -> None:
    series = recurring(author, starts_at="2026-11-20T18:00Z", timezone="Europe/Berlin")
    assert series["starts_at"] == "2026-11-20T19:00:00"


def test_without_a_zone_it_is_the_callers(author: Author) -> None:
    series = recurring(author, timezone=None)
    assert series["timezone"] == "UTC"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"rule": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"}, 400, "RECURRENCE_NEVER_FIRES"),
        ({"rule": "FREQ=DAILY;UNTIL=20261120T120000Z"}, 400, "RECURRENCE_NEVER_FIRES"),
        ({"rule": "FREQ=MINUTELY;INTERVAL=14"}, 400, "RECURRENCE_TOO_FREQUENT"),
        ({"rule": "FREQ=SECONDLY"}, 400, "RECURRENCE_TOO_FREQUENT"),
        ({"rule": "every day"}, 400, "RECURRENCE_RULE_INVALID"),
        ({"rule": ""}, 400, "RECURRENCE_RULE_INVALID"),
        ({"rule": "FREQ=DAILY\x00"}, 400, "RECURRENCE_RULE_INVALID"),
        ({"rule": "FREQ=DAILY;BYHOUR=" + "9," * 3000 + "9"}, 400, "RECURRENCE_RULE_INVALID"),
        ({"rule": 7}, 400, "VALIDATION_ERROR"),
        ({"rule": None}, 400, "VALIDATION_ERROR"),
        ({"starts_at": "2026-11-20"}, 400, "VALIDATION_ERROR"),
        ({"starts_at": 0}, 400, "VALIDATION_ERROR"),
        ({"starts_at": "9999-12-31T23:59:59-12:00"}, 400, "RECURRENCE_START_TOO_FAR"),
        ({"starts_at": "0001-01-01T00:00:00+12:00"}, 400, "RECURRENCE_START_TOO_FAR"),
        ({"starts_at": "2040-01-01T00:00"}, 400, "RECURRENCE_START_TOO_FAR"),
        ({"timezone": "Mars/Olympus"}, 400, "INVALID_TIMEZONE"),
        ({"post_variant_id": "abc"}, 400, "VALIDATION_ERROR"),
        ({"post_variant_id": str(uuid4())}, 404, "VARIANT_NOT_FOUND"),
        ({"channel_connection_id": str(uuid4())}, 404, "CONNECTION_NOT_FOUND"),
    ],
)
def test_what_cannot_recur(author: Author, changes: dict[str, Any], status: int, code: str) -> None:
    _, variant = author.write()
    answer = try_to_recur(author, variant, author.connect(), **changes)
    assert (answer.status, answer.codes) == (status, [code])
    assert author.api.get("/recurrences").json["meta"]["total"] == 0


def test_a_connection_that_does_not_fit_is_refused(author: Author) -> None:
    _, variant = author.write()
    answer = try_to_recur(author, variant, author.connect("bluesky"))
    assert (answer.status, answer.codes) == (400, ["INCOMPATIBLE_CHANNEL"])


def test_a_preview_keeps_nothing(author: Author) -> None:
    answer = author.api.post(
        "/recurrences/preview",
        {
            "rule": "FREQ=DAILY",
            "starts_at": "2027-03-27T02:30",
            "timezone": "Europe/Berlin",
            "count": 3,
        },
    )
    assert answer.status == 200
    assert answer.json["data"] == {
        "timezone": "Europe/Berlin",
        "occurrences": [
            {"run_at": "2027-03-27T01:30:00Z", "run_at_local": "2027-03-27T02:30:00+01:00"},
            {"run_at": "2027-03-28T01:30:00Z", "run_at_local": "2027-03-28T03:30:00+02:00"},
            {"run_at": "2027-03-29T00:30:00Z", "run_at_local": "2027-03-29T02:30:00+02:00"},
        ],
    }
    assert author.api.get("/recurrences").json["meta"]["total"] == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"count": 0}, "VALIDATION_ERROR"),
        ({"count": 51}, "VALIDATION_ERROR"),
        ({"rule": "FREQ=HOURLY;BYMINUTE=0,5"}, "RECURRENCE_TOO_FREQUENT"),
        ({"timezone": "x"}, "INVALID_TIMEZONE"),
    ],
)
def test_a_preview_refuses_what_a_series_would(
    author: Author, changes: dict[str, Any], code: str
) -> None:
    body = {"rule": "FREQ=DAILY", "starts_at": "2026-11-20T18:00", **changes}
    answer = author.api.post("/recurrences/preview", body)
    assert (answer.status, answer.codes) == (400, [code])


def test_series_are_listed_filtered_and_paged(noon: Traveller, author: Author) -> None:
    one = recurring(author)
    noon.shift(1)
    other = recurring(author)
    author.api.post(f"/recurrences/{one['id']}/pause")
    everything = author.api.get("/recurrences").json
    assert [series["id"] for series in everything["data"]] == [other["id"], one["id"]]
    assert len(everything["data"][0]["next_occurrences"]) == 5
    assert everything["meta"] == {"limit": 50, "offset": 0, "total": 2}
    for query, expected in (
        ({"status": "paused"}, one),
        ({"post_id": other["post_id"]}, other),
        ({"post_variant_id": one["post_variant_id"]}, one),
        ({"channel_connection_id": other["channel_connection_id"]}, other),
        ({"limit": 1, "offset": 1}, one),
    ):
        found = author.api.get("/recurrences", **query).json["data"]
        assert [series["id"] for series in found] == [expected["id"]], query


@pytest.mark.parametrize("query", [{"limit": 0}, {"status": "gone"}, {"post_id": "x"}])
def test_a_filter_that_means_nothing_is_refused(author: Author, query: dict[str, Any]) -> None:
    answer = author.api.get("/recurrences", **query)
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])


@pytest.mark.parametrize("recurrence_id", ["abc", str(uuid4()), "%00"])
def test_an_unknown_or_malformed_id_is_not_found(author: Author, recurrence_id: str) -> None:
    answer = author.api.get(f"/recurrences/{recurrence_id}")
    assert (answer.status, answer.codes) == (404, ["RECURRENCE_NOT_FOUND"])


def test_nobody_sees_or_touches_another_organizations_series(
    author: Author, stranger: Author
) -> None:
    series = recurring(author)
    path = f"/recurrences/{series['id']}"
    for answer in (
        stranger.api.get(path),
        stranger.api.patch(path, {"rule": "FREQ=WEEKLY"}),
        stranger.api.post(f"{path}/pause"),
        stranger.api.post(f"{path}/resume"),
        stranger.api.post(f"{path}/end"),
        stranger.api.delete(path),
    ):
        assert (answer.status, answer.codes) == (403, ["RECURRENCE_ACCESS_DENIED"])
    assert stranger.api.get("/recurrences").json["meta"]["total"] == 0
    assert look(author, series) == series
    foreign = try_to_recur(stranger, author.write()[1], stranger.connect())
    assert foreign.codes == ["VARIANT_ACCESS_DENIED"]


def test_a_key_makes_one_series(author: Author) -> None:
    _, variant = author.write()
    connection = author.connect()
    body = {
        "post_variant_id": variant,
        "channel_connection_id": connection,
        "rule": "FREQ=DAILY",
        "starts_at": "2026-11-20T18:00",
    }
    first, again = (
        author.api.post("/recurrences", body, headers={"Idempotency-Key": "once"}) for _ in range(2)
    )
    assert first.json == again.json
    assert author.api.get("/recurrences").json["meta"]["total"] == 1


def test_each_step_is_told(author: Author) -> None:
    series = recurring(author, rule="FREQ=DAILY;COUNT=2")
    author.api.post(f"/recurrences/{series['id']}/pause")
    ids = [each["schedule_id"] for each in series["next_occurrences"]]
    assert told(ids) == {
        ("SCHEDULE_CREATED", ids[0]),
        ("SCHEDULE_CREATED", ids[1]),
        ("SCHEDULE_DELETED", ids[0]),
        ("SCHEDULE_DELETED", ids[1]),
    }
