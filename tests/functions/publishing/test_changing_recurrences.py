"""Series that people change: one occurrence, or all of them, at noon of a certain Friday."""

import pytest

from tests.author import Author
from tests.functions.publishing.series import (
    change,
    look,
    moments,
    planned,
    recurring,
    rows,
    run_planner,
    try_to_recur,
)

pytestmark = pytest.mark.usefixtures("noon")


def test_one_is_skipped_and_stays_so(author: Author) -> None:
    series = recurring(author, rule="FREQ=WEEKLY")
    first, second = series["next_occurrences"][0]["schedule_id"], "2026-11-27T18:00:00Z"
    assert author.api.post(f"/schedules/{first}/cancel").status == 200
    run_planner()
    assert look(author, series)["next_at"] == second
    assert author.api.delete(f"/schedules/{first}", permanent="true").status == 204
    change("UPDATE recurrences SET planned_until = created_at")
    assert run_planner() == 1
    assert [row.status for row in rows(series)] == ["cancelled", "pending"]


def test_one_is_moved_and_stays_so(author: Author) -> None:
    series = recurring(author)
    moved = series["next_occurrences"][0]["schedule_id"]
    author.api.patch(f"/schedules/{moved}", {"run_at": "2026-11-20T20:15:00Z"})
    change("UPDATE recurrences SET planned_until = created_at")
    assert run_planner() == 1
    first = look(author, series)["next_occurrences"][0]
    assert (first["schedule_id"], first["run_at"]) == (moved, "2026-11-20T20:15:00Z")
    assert first["occurrence_at"] == "2026-11-20T18:00:00Z"
    assert len(rows(series)) == 14


def test_a_new_rule_replaces_what_nobody_has_touched(author: Author) -> None:
    series = recurring(author)
    today, tomorrow, saturday = (
        each["schedule_id"]
        for each in series["next_occurrences"][:2] + series["next_occurrences"][8:9]
    )
    author.api.patch(f"/schedules/{today}", {"run_at": "2026-11-20T20:15:00Z"})
    author.api.post(f"/schedules/{tomorrow}/cancel")
    answer = author.api.patch(f"/recurrences/{series['id']}", {"rule": "FREQ=WEEKLY;BYDAY=SA,SU"})
    assert answer.status == 200
    assert moments(answer.json["data"]) == [
        "11-20T20:15",
        "11-22T18:00",
        "11-28T18:00",
        "11-29T18:00",
    ]
    assert saturday in {each["schedule_id"] for each in answer.json["data"]["next_occurrences"]}
    assert author.status(tomorrow) == "cancelled"


def test_a_new_zone_alone_keeps_the_time_on_the_clock(author: Author) -> None:
    series = recurring(author, rule="FREQ=WEEKLY", timezone="Europe/Berlin")
    answer = author.api.patch(f"/recurrences/{series['id']}", {"timezone": "America/Lima"})
    changed = answer.json["data"]
    assert (changed["timezone"], changed["starts_at"]) == ("America/Lima", "2026-11-20T18:00:00")
    assert moments(changed) == ["11-20T18:00", "11-27T18:00"]
    assert changed["next_at"] == "2026-11-20T23:00:00Z"


def test_a_zone_with_the_same_clock_keeps_the_schedules(author: Author) -> None:
    series = recurring(author, rule="FREQ=WEEKLY", timezone="Europe/Berlin")
    answer = author.api.patch(f"/recurrences/{series['id']}", {"timezone": "Europe/Paris"})
    before, after = series["next_occurrences"], answer.json["data"]["next_occurrences"]
    assert [each["schedule_id"] for each in after] == [each["schedule_id"] for each in before]
    assert {row.timezone for row in rows(series)} == {"Europe/Paris"}


def test_a_rule_that_does_not_do_changes_nothing(author: Author) -> None:
    series = recurring(author)
    answer = author.api.patch(f"/recurrences/{series['id']}", {"rule": "FREQ=SECONDLY"})
    assert (answer.status, answer.codes) == (400, ["RECURRENCE_TOO_FREQUENT"])
    assert look(author, series) == series


def test_a_paused_series_leaves_nothing_to_be_sent_and_goes_on_where_it_was(author: Author) -> None:
    series = recurring(author)
    moved, skipped = (each["schedule_id"] for each in series["next_occurrences"][:2])
    author.api.patch(f"/schedules/{moved}", {"run_at": "2026-11-20T20:15:00Z"})
    author.api.post(f"/schedules/{skipped}/cancel")
    paused = author.api.post(f"/recurrences/{series['id']}/pause").json["data"]
    assert (paused["status"], moments(paused)) == ("paused", ["11-20T20:15"])
    assert run_planner() == 0
    assert author.api.post(f"/recurrences/{series['id']}/pause").status == 200
    resumed = author.api.post(f"/recurrences/{series['id']}/resume").json["data"]
    assert resumed["status"] == "active"
    expected = moments(series)
    assert moments(resumed) == ["11-20T20:15", *expected[2:]]


def test_what_waits_for_a_publisher_is_cancelled(author: Author) -> None:
    series = recurring(author, rule="FREQ=DAILY;COUNT=2")
    queued = series["next_occurrences"][0]["schedule_id"]
    change(
        "UPDATE schedules SET status = 'queued', fencing_token = 1, lease_expires_at = run_at"
        " WHERE id = :id",
        id=queued,
    )
    author.api.post(f"/recurrences/{series['id']}/pause")
    assert [(str(row.id), row.status) for row in rows(series)] == [(queued, "cancelled")]
    author.api.post(f"/recurrences/{series['id']}/resume")
    assert [row.status for row in rows(series)] == ["cancelled", "pending"]


def test_what_is_being_sent_goes_on(author: Author) -> None:
    series = recurring(author, rule="FREQ=DAILY;COUNT=2")
    change(
        "UPDATE schedules SET status = 'processing', fencing_token = 1, lease_expires_at = run_at"
        " WHERE id = :id",
        id=series["next_occurrences"][0]["schedule_id"],
    )
    assert author.api.delete(f"/recurrences/{series['id']}").status == 204
    assert [row.status for row in rows(series)] == ["processing", "cancelled"]


def test_an_ended_series_cancels_what_nobody_has_moved(author: Author) -> None:
    series = recurring(author, rule="FREQ=DAILY;COUNT=3")
    moved = series["next_occurrences"][0]["schedule_id"]
    author.api.patch(f"/schedules/{moved}", {"run_at": "2026-11-20T20:15:00Z"})
    ended = author.api.post(f"/recurrences/{series['id']}/end").json["data"]
    assert (ended["status"], moments(ended)) == ("ended", ["11-20T20:15"])
    assert [row.status for row in rows(series)] == ["pending", "cancelled", "cancelled"]
    assert {row.cancellation_reason for row in rows(series)} == {None, "series ended"}
    assert author.api.post(f"/recurrences/{series['id']}/end").status == 200
    for refused in (
        author.api.post(f"/recurrences/{series['id']}/pause"),
        author.api.post(f"/recurrences/{series['id']}/resume"),
        author.api.patch(f"/recurrences/{series['id']}", {"rule": "FREQ=WEEKLY"}),
    ):
        assert (refused.status, refused.codes) == (409, ["RECURRENCE_ENDED"])


def test_a_deleted_series_is_on_no_list(author: Author) -> None:
    series = recurring(author)
    assert author.api.delete(f"/recurrences/{series['id']}").status == 204
    assert planned(series) == []
    assert author.post_status(series["post_id"]) == "cancelled"
    assert author.api.get("/recurrences").json["data"] == []
    for answer in (
        author.api.get(f"/recurrences/{series['id']}"),
        author.api.delete(f"/recurrences/{series['id']}"),
    ):
        assert (answer.status, answer.codes) == (404, ["RECURRENCE_NOT_FOUND"])


def test_the_parts_of_a_thread_recur_together(author: Author) -> None:
    _, variant = author.write(thread=[("and then", 60)])
    answer = try_to_recur(author, variant, author.connect(), rule="FREQ=DAILY;COUNT=2")
    series = answer.json["data"]
    assert [(row.occurrence_at.day, row.part) for row in rows(series)] == [
        (20, 0),
        (20, 1),
        (21, 0),
        (21, 1),
    ]
    assert len(series["next_occurrences"]) == 2
    author.api.post(f"/recurrences/{series['id']}/pause")
    assert rows(series) == []
    author.api.post(f"/recurrences/{series['id']}/resume")
    author.api.post(f"/recurrences/{series['id']}/end")
    assert [row.status for row in rows(series)] == ["cancelled"] * 4
