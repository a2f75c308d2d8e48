"""Planning, looking, moving and cancelling over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import text

from functions.publishing.schemas.requests import ListSchedules
from shared.infrastructure.database import engine
from tests.author import Author, in_future
from tests.library import Library


def test_a_schedule_is_answered_with_the_moment_in_utc_and_on_the_authors_clock(
    author: Author,
) -> None:
    _, variant = author.write()
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%d")
    answer = author.try_to_schedule(
        variant, author.connect(), run_at=f"{tomorrow}T09:00", timezone="Asia/Tokyo"
    )
    assert answer.status == 201
    data = answer.json["data"]
    assert data["run_at"] == f"{tomorrow}T00:00:00Z"
    assert data["run_at_local"] == f"{tomorrow}T09:00:00+09:00"
    assert (data["status"], data["timezone"]) == ("pending", "Asia/Tokyo")
    assert (data["attempt_count"], data["channel_id"]) == (0, "mastodon")
    assert answer.json["warnings"] == []


def test_scheduling_makes_a_draft_ready_and_its_post_scheduled(author: Author) -> None:
    post, variant = author.write()
    author.schedule(variant, author.connect())
    assert author.api.get(f"/variants/{variant}").json["data"]["status"] == "ready"
    assert author.post_status(post) == "scheduled"


def test_an_identical_schedule_is_accepted_with_a_warning(author: Author) -> None:
    _, variant = author.write()
    connection, run_at = author.connect(), in_future(hours=2)
    author.schedule(variant, connection, run_at=run_at)
    again = author.try_to_schedule(variant, connection, run_at=run_at)
    assert again.status == 201
    assert again.json["warnings"][0]["code"] == "IDENTICAL_SCHEDULE"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"run_at": in_future(hours=-1)}, 400, "SCHEDULE_TIME_MUST_BE_FUTURE"),
        ({"run_at": in_future(days=91)}, 400, "SCHEDULE_TIME_TOO_FAR"),
        ({"run_at": "9999-12-31T23:59:59-12:00"}, 400, "SCHEDULE_TIME_TOO_FAR"),
        ({"run_at": "soon"}, 400, "VALIDATION_ERROR"),
        ({"run_at": None}, 400, "SCHEDULE_REQUIRED_FIELDS_MISSING"),
        ({"run_at": {}}, 400, "VALIDATION_ERROR"),
        ({"run_at": []}, 400, "VALIDATION_ERROR"),
        ({"run_at": 1e30}, 400, "VALIDATION_ERROR"),
        ({"run_at": 1795284551}, 400, "VALIDATION_ERROR"),
        ({"run_at": "1795284551"}, 400, "VALIDATION_ERROR"),
        ({"run_at": "2026-12-24"}, 400, "VALIDATION_ERROR"),
        ({"run_at": "2026-12-24T25:00"}, 400, "VALIDATION_ERROR"),
        ({"post_variant_id": ""}, 400, "SCHEDULE_REQUIRED_FIELDS_MISSING"),
        ({"post_variant_id": "abc"}, 400, "VALIDATION_ERROR"),
        ({"post_variant_id": str(uuid4())}, 404, "VARIANT_NOT_FOUND"),
        ({"channel_connection_id": str(uuid4())}, 404, "CONNECTION_NOT_FOUND"),
        ({"timezone": "Mars/Olympus"}, 400, "INVALID_TIMEZONE"),
        ({"timezone": "UTC\x00"}, 400, "INVALID_TIMEZONE"),
        ({"timezone": 7}, 400, "VALIDATION_ERROR"),
    ],
)
def test_what_cannot_be_scheduled(
    author: Author, changes: dict[str, Any], status: int, code: str
) -> None:
    _, variant = author.write()
    answer = author.try_to_schedule(variant, author.connect(), **changes)
    assert (answer.status, answer.codes) == (status, [code])


@pytest.mark.parametrize("content", [b"", b"{", b"null", b"[]", b'"text"', b"\xff\xfe", b"7"])
def test_a_body_that_is_no_object_is_refused(author: Author, content: bytes) -> None:
    answer = author.api.request("POST", "/schedules", content=content)
    assert answer.status == 400


def test_a_time_in_the_gap_of_daylight_saving_moves_forward(
    request: pytest.FixtureRequest,
) -> None:
    with time_machine.travel("2027-03-20T12:00:00Z"):
        author: Author = request.getfixturevalue("author")
        answer = author.try_to_schedule(
            author.write()[1],
            author.connect(),
            run_at="2027-03-28T02:30:00",
            timezone="Europe/Berlin",
        )
    assert answer.json["data"]["run_at"] == "2027-03-28T01:30:00Z"
    assert answer.json["data"]["run_at_local"] == "2027-03-28T03:30:00+02:00"


def test_the_horizon_is_a_setting(author: Author, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLISHING_HORIZON_DAYS", "200")
    _, variant = author.write()
    connection = author.connect()
    assert author.try_to_schedule(variant, connection, run_at=in_future(days=199)).status == 201
    beyond = author.try_to_schedule(variant, connection, run_at=in_future(days=201))
    assert beyond.codes == ["SCHEDULE_TIME_TOO_FAR"]


def test_a_connection_of_another_network_is_refused(author: Author) -> None:
    _, variant = author.write(channel="mastodon")
    answer = author.try_to_schedule(variant, author.connect("bluesky"))
    assert (answer.status, answer.codes) == (400, ["INCOMPATIBLE_CHANNEL"])


def test_a_disconnected_connection_is_refused(author: Author) -> None:
    _, variant = author.write()
    connection = author.connect()
    author.api.delete(f"/channels/connections/{connection}")
    answer = author.try_to_schedule(variant, connection)
    assert (answer.status, answer.codes) == (400, ["CONNECTION_INACTIVE"])


def test_an_accounts_own_limit_counts(author: Author) -> None:
    _, variant = author.write("x" * 100)
    connection = author.connect()
    with engine().begin() as database:
        database.execute(text("""UPDATE channel_connections SET limits = '{"max_length": 99}'"""))
    answer = author.try_to_schedule(variant, connection)
    assert (answer.status, answer.codes) == (400, ["CONTENT_TOO_LONG"])
    [error] = answer.json["errors"]
    assert (error["meta"]["count"], error["meta"]["limit"]) == (100, 99)


def test_text_does_not_leave_without_its_media(author: Author) -> None:
    _, variant = author.write()
    with engine().begin() as database:
        database.execute(text("""UPDATE post_variants SET media = '{"images": [1]}'"""))
    answer = author.try_to_schedule(variant, author.connect())
    assert (answer.status, answer.codes) == (400, ["MEDIA_NOT_SUPPORTED"])
    assert answer.json["errors"][0]["meta"]["at"] == "media.images"


def test_what_is_scheduled_takes_only_what_its_network_shows(author: Author) -> None:
    _, variant = author.write()
    author.schedule(variant, author.connect())
    items = [{"media_id": Library(author).keep()} for _ in range(5)]
    answer = author.api.patch(f"/variants/{variant}", {"media": {"items": items}})
    assert (answer.status, answer.codes) == (400, ["TOO_MANY_MEDIA"])
    assert author.api.get(f"/variants/{variant}").json["data"]["media"] == {}
    assert author.api.patch(f"/variants/{variant}", {"content": "Still text"}).status == 200


def test_nobody_sees_or_touches_another_organizations_schedule(
    author: Author, stranger: Author
) -> None:
    schedule = author.scheduled()
    for answer in (
        stranger.api.get(f"/schedules/{schedule}"),
        stranger.api.patch(f"/schedules/{schedule}", {"timezone": "UTC"}),
        stranger.api.post(f"/schedules/{schedule}/cancel"),
        stranger.api.delete(f"/schedules/{schedule}"),
    ):
        assert (answer.status, answer.codes) == (403, ["SCHEDULE_ACCESS_DENIED"])
    assert stranger.api.get("/schedules").json["meta"]["total"] == 0
    window = {"from_date": in_future(days=-1), "to_date": in_future(days=1)}
    assert stranger.api.get("/schedules/calendar", **window).json["data"] == []
    assert author.status(schedule) == "pending"


def test_nobody_schedules_with_another_organizations_things(
    author: Author, stranger: Author
) -> None:
    _, own_variant = stranger.write()
    _, foreign_variant = author.write()
    with_variant = stranger.try_to_schedule(foreign_variant, stranger.connect())
    assert with_variant.codes == ["VARIANT_ACCESS_DENIED"]
    with_connection = stranger.try_to_schedule(own_variant, author.connect())
    assert with_connection.codes == ["CONNECTION_ACCESS_DENIED"]


@pytest.mark.parametrize("schedule_id", ["abc", str(uuid4()), "%00", "1"])
def test_an_unknown_or_malformed_id_is_not_found(author: Author, schedule_id: str) -> None:
    answer = author.api.get(f"/schedules/{schedule_id}")
    assert (answer.status, answer.codes) == (404, ["SCHEDULE_NOT_FOUND"])


def test_a_range_without_an_offset_is_in_utc() -> None:
    asked = ListSchedules.model_validate(
        {"run_at_from": "2026-03-01T09:00", "run_at_to": "2026-03-01T09:00+02:00"}
    )
    assert asked.run_at_from == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert asked.run_at_to == datetime(2026, 3, 1, 7, tzinfo=UTC)


def test_the_list_is_filtered_sorted_and_paged(author: Author) -> None:
    _, variant = author.write()
    connection = author.connect()
    later, sooner = (
        author.schedule(variant, connection, run_at=in_future(hours=hours)) for hours in (5, 3)
    )
    author.api.post(f"/schedules/{later}/cancel")
    everything = author.api.get("/schedules").json
    assert [row["id"] for row in everything["data"]] == [sooner, later]
    assert everything["meta"] == {"total": 2, "limit": 50, "offset": 0}
    pending = author.api.get("/schedules", status="pending").json
    assert [row["id"] for row in pending["data"]] == [sooner]
    second = author.api.get("/schedules", limit=1, offset=1).json
    assert [row["id"] for row in second["data"]] == [later]
    in_range = author.api.get("/schedules", run_at_from=in_future(hours=4)).json
    assert [row["id"] for row in in_range["data"]] == [later]


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 101}, {"offset": -1}, {"status": "gone"}, {"post_id": "x"}]
)
def test_a_filter_that_means_nothing_is_refused(author: Author, query: dict[str, Any]) -> None:
    answer = author.api.get("/schedules", **query)
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])


def test_the_calendar_needs_a_range_and_holds_to_it(author: Author) -> None:
    schedule = author.scheduled()
    missing = author.api.get("/schedules/calendar", from_date=in_future())
    assert (missing.status, missing.codes) == (400, ["MISSING_DATE_RANGE"])
    inside = author.api.get(
        "/schedules/calendar", from_date=in_future(), to_date=in_future(hours=2)
    )
    assert [row["id"] for row in inside.json["data"]] == [schedule]
    outside = author.api.get(
        "/schedules/calendar", from_date=in_future(hours=2), to_date=in_future(hours=3)
    )
    assert outside.json["data"] == []


def test_a_schedule_moves(author: Author) -> None:
    schedule = author.scheduled()
    moved = author.api.patch(f"/schedules/{schedule}", {"run_at": in_future(days=2)})
    assert moved.status == 200
    assert moved.json["data"]["next_attempt_at"] == moved.json["data"]["run_at"]


def test_a_new_zone_alone_keeps_the_time_on_the_authors_clock(author: Author) -> None:
    _, variant = author.write()
    day = (datetime.now(UTC) + timedelta(days=3)).strftime("%Y-%m-%d")
    schedule = author.schedule(
        variant, author.connect(), run_at=f"{day}T09:00", timezone="Asia/Tokyo"
    )
    moved = author.api.patch(f"/schedules/{schedule}", {"timezone": "UTC"})
    assert moved.json["data"]["run_at"] == f"{day}T09:00:00Z"


def test_fields_that_are_not_the_callers_are_ignored(author: Author) -> None:
    schedule = author.scheduled()
    forged = {"status": "success", "attempt_count": 99, "error_code": "X", "fencing_token": 9}
    assert author.api.patch(f"/schedules/{schedule}", forged).status == 200
    after = author.look(schedule)["schedule"]
    assert (after["status"], after["attempt_count"], after["error_code"]) == ("pending", 0, None)


def test_cancelling_takes_the_post_back_to_draft_or_cancelled(author: Author) -> None:
    post, variant = author.write()
    schedule = author.schedule(variant, author.connect())
    answer = author.api.post(f"/schedules/{schedule}/cancel", {"reason": "not today"})
    assert answer.status == 200
    assert answer.json["data"]["status"] == "cancelled"
    assert answer.json["data"]["cancellation_reason"] == "not today"
    assert author.post_status(post) in {"draft", "cancelled"}
    again = author.api.post(f"/schedules/{schedule}/cancel")
    assert (again.status, again.codes) == (409, ["SCHEDULE_ALREADY_CANCELLED"])


def test_deleting_cancels_and_permanently_also_hides(author: Author) -> None:
    schedule = author.scheduled()
    assert author.api.delete(f"/schedules/{schedule}").status == 204
    assert author.status(schedule) == "cancelled"
    assert author.api.delete(f"/schedules/{schedule}", permanent="true").status == 204
    assert author.api.get(f"/schedules/{schedule}").status == 404


def test_text_the_database_cannot_hold_is_refused(author: Author) -> None:
    schedule = author.scheduled()
    answer = author.api.post(f"/schedules/{schedule}/cancel", {"reason": "a\x00b"})
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])
    lone_surrogate = author.api.request(
        "POST", f"/schedules/{schedule}/cancel", content=b'{"reason": "\\ud800"}'
    )
    assert lone_surrogate.status == 400
