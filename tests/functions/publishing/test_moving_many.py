"""Many schedules are moved at once, each judged for itself; nobody moves what has changed."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event

from shared.infrastructure.database import engine
from shared.operations.api.flags import BULK_OPERATIONS, is_enabled
from tests.accounts import Account
from tests.api import ApiAnswer
from tests.author import Author, in_future
from tests.line import Line, make_due
from tests.simulator.client import Simulator
from tests.simultaneously import simultaneously

THREAD = [("Second", 60), ("Third", 60)]


def drag(author: Author, **body: Any) -> ApiAnswer:
    return author.api.post("/schedules/bulk-reschedule", body)


def to(schedule: str, **changes: Any) -> dict[str, Any]:
    return {"schedule_id": schedule, "run_at": in_future(days=2), **changes}


def run_at(author: Author, schedule: str) -> datetime:
    return datetime.fromisoformat(author.look(schedule)["schedule"]["run_at"])


def version(author: Author, schedule: str) -> str:
    found: str = author.look(schedule)["schedule"]["version"]
    return found


def errors(answer: ApiAnswer) -> dict[str, str]:
    assert answer.status == 200, answer.content
    data = answer.json["data"]
    assert data["failed"] == len(data["errors"])
    assert data["moved"] == len(data["schedules"])
    return {each["schedule_id"]: each["error_code"] for each in data["errors"]}


def test_each_goes_to_its_own_moment(author: Author) -> None:
    _, variant = author.write()
    connection = author.connect()
    first, second = (author.schedule(variant, connection) for _ in range(2))
    moment = in_future(days=1)
    day = moment[:10]
    answer = drag(
        author,
        moves=[
            to(second, run_at=moment, version=version(author, second)),
            {
                "schedule_id": first.upper(),
                "run_at_local": f"{day}T23:30:00",
                "timezone": "America/Lima",
            },
        ],
    )
    assert errors(answer) == {}
    moved = answer.json["data"]["schedules"]
    assert [each["id"] for each in moved] == [second, first]
    assert datetime.fromisoformat(moved[0]["run_at"]) == datetime.fromisoformat(moment)
    assert moved[1]["run_at_local"] == f"{day}T23:30:00-05:00"
    assert moved == [author.look(each)["schedule"] for each in (second, first)]


def test_each_is_judged_for_itself(author: Author, stranger: Author) -> None:
    _, variant = author.write()
    connection = author.connect()
    good, seen, late, gone, odd = (author.schedule(variant, connection) for _ in range(5))
    root = author.schedule(author.write(thread=THREAD)[1], connection, run_at=in_future(hours=5))
    follow_up = author.api.get("/schedules", run_at_from=in_future(hours=4)).json["data"][1]["id"]
    foreign, nobodys = stranger.scheduled(), str(uuid4())
    old = version(author, seen)
    author.api.patch(f"/schedules/{seen}", {"run_at": in_future(hours=2)})
    author.api.post(f"/schedules/{gone}/cancel")
    stays = {each: run_at(author, each) for each in (seen, late, gone, odd, follow_up)}
    answer = drag(
        author,
        moves=[
            to(good),
            to(seen, version=old),
            to(late, run_at=in_future(days=91)),
            to(gone),
            to(odd, timezone="Mars/Olympus"),
            to(foreign),
            to(nobodys),
            to("nonsense"),
            to(follow_up),
        ],
    )
    assert errors(answer) == {
        seen: "PRECONDITION_FAILED",
        late: "SCHEDULE_TIME_TOO_FAR",
        gone: "SCHEDULE_CANNOT_BE_MODIFIED",
        odd: "INVALID_TIMEZONE",
        foreign: "SCHEDULE_ACCESS_DENIED",
        nobodys: "SCHEDULE_NOT_FOUND",
        "nonsense": "SCHEDULE_NOT_FOUND",
        follow_up: "SCHEDULE_FOLLOWS_ANOTHER",
    }
    assert [each["id"] for each in answer.json["data"]["schedules"]] == [good]
    assert {each: run_at(author, each) for each in stays} == stays
    assert run_at(author, root) < run_at(author, follow_up)


def test_all_move_or_none(author: Author) -> None:
    _, variant = author.write()
    connection = author.connect()
    first, second = (author.schedule(variant, connection) for _ in range(2))
    before = {each: author.look(each) for each in (first, second)}
    answer = drag(author, atomic=True, moves=[to(first), to("nonsense"), to(second)])
    assert errors(answer) == {
        first: "OTHERS_REFUSED",
        "nonsense": "SCHEDULE_NOT_FOUND",
        second: "OTHERS_REFUSED",
    }
    assert {each: author.look(each) for each in (first, second)} == before
    assert errors(drag(author, atomic=True, moves=[to(first), to(second)])) == {}
    assert run_at(author, first) > datetime.fromisoformat(in_future(days=1))


def test_a_thread_is_shifted_whole_however_it_is_named(author: Author) -> None:
    author.schedule(author.write(thread=THREAD)[1], author.connect())
    parts = sorted(each["id"] for each in author.api.get("/schedules").json["data"])
    before = {part: run_at(author, part) for part in parts}
    answer = drag(author, schedule_ids=parts[::-1], shift_minutes=90)
    assert errors(answer) == {}
    assert answer.json["data"]["moved"] == 3
    hour_and_a_half = timedelta(minutes=90)
    assert {part: run_at(author, part) - before[part] for part in parts} == dict.fromkeys(
        parts, hour_and_a_half
    )
    alone = drag(author, schedule_ids=[parts[1]], shift_minutes=90)
    assert errors(alone) == {parts[1]: "SCHEDULE_FOLLOWS_ANOTHER"}
    past = drag(author, schedule_ids=parts, shift_minutes=-1000)
    assert set(errors(past).values()) == {"SCHEDULE_TIME_MUST_BE_FUTURE"}
    assert len(errors(past)) == 3


def test_what_has_failed_goes_on_where_it_still_fits(
    author: Author, line: Line, simulator: Simulator
) -> None:
    connection = author.connect()
    post, variant = author.write()
    good = author.schedule(variant, connection)
    other, thrown_away = author.write("Bye")
    bad = author.schedule(thrown_away, connection)
    for _ in range(2):
        simulator.fail("mastodon", "refuse")
    for schedule in (good, bad):
        make_due(schedule)
    line.run()
    assert {author.status(each) for each in (good, bad)} == {"failed"}
    assert author.api.delete(f"/posts/{other}").status == 204
    answer = drag(author, moves=[to(good), to(bad)])
    assert errors(answer) == {bad: "POST_DELETED"}
    assert (author.status(good), author.status(bad)) == ("pending", "failed")
    assert author.post_status(post) == "scheduled"


def test_what_is_moved_into_this_minute_wakes_the_scanner_once(author: Author, line: Line) -> None:
    _, variant = author.write()
    connection = author.connect()
    schedules = [author.schedule(variant, connection) for _ in range(3)]
    line.taken("publishing.wake")
    drag(author, moves=[to(each) for each in schedules])
    assert line.taken("publishing.wake") == []
    drag(author, moves=[to(each, run_at=in_future(seconds=2)) for each in schedules])
    assert len(line.taken("publishing.wake")) == 1


def test_what_is_being_sent_is_not_moved(author: Author, line: Line) -> None:
    schedule = author.scheduled()
    make_due(schedule)
    line.scan()
    assert author.status(schedule) == "queued"
    assert errors(drag(author, moves=[to(schedule)])) == {schedule: "SCHEDULE_CANNOT_BE_MODIFIED"}


def test_it_takes_as_many_statements_however_many_move(author: Author) -> None:
    _, variant = author.write()
    connection = author.connect()
    counts = []
    assert is_enabled(BULK_OPERATIONS), "and from now on the cache knows it"
    for many in (2, 8):
        schedules = [author.schedule(variant, connection) for _ in range(many)]
        statements: list[str] = []
        listen = (engine(), "before_cursor_execute", _note(statements))
        event.listen(*listen)
        try:
            assert errors(drag(author, schedule_ids=schedules, shift_minutes=5)) == {}
        finally:
            event.remove(*listen)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def _note(statements: list[str]) -> Any:
    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    return note


def test_those_who_move_the_same_do_not_wait_in_a_circle(author: Author) -> None:
    _, variant = author.write(thread=THREAD)
    connection = author.connect()
    schedules = [author.schedule(variant, connection) for _ in range(6)]
    before = {each: run_at(author, each) for each in schedules}
    answers = simultaneously(
        [
            partial(drag, author, schedule_ids=some, shift_minutes=10)
            for some in (schedules, schedules[::-1]) * 2
        ]
    )
    assert [errors(answer) for answer in answers] == [{}] * 4
    moved = {each: run_at(author, each) - before[each] for each in schedules}
    assert set(moved.values()) == {timedelta(minutes=40)}


def test_of_two_who_have_seen_the_same_one_moves_it(author: Author) -> None:
    schedule = author.scheduled()
    seen = version(author, schedule)
    answers = simultaneously(
        [partial(drag, author, moves=[to(schedule, version=seen)]) for _ in range(4)]
    )
    assert sorted(answer.json["data"]["moved"] for answer in answers) == [0, 0, 0, 1]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, None),
        ({"moves": []}, "moves"),
        ({"moves": None}, None),
        ({"moves": [{}]}, "moves.0.schedule_id"),
        ({"moves": [{"schedule_id": "a", "run_at": "soon"}]}, "moves.0.run_at"),
        ({"moves": [{"schedule_id": "a", "run_at": 1795284551}]}, "moves.0.run_at"),
        ({"moves": [{"schedule_id": "a", "run_at": None}]}, "moves.0.run_at"),
        ({"moves": [to("a" * 101)]}, "moves.0.schedule_id"),
        ({"moves": [to("a"), to("a")]}, None),
        ({"moves": [to(str(uuid4())) for _ in range(501)]}, "moves"),
        ({"moves": [to("a")], "schedule_ids": ["a"], "shift_minutes": 5}, None),
        ({"moves": [to("a")], "shift_minutes": 5}, None),
        ({"schedule_ids": ["a"]}, None),
        ({"shift_minutes": 5}, None),
        ({"schedule_ids": ["a"], "shift_minutes": 0}, None),
        ({"schedule_ids": ["a"], "shift_minutes": "5"}, "shift_minutes"),
        ({"schedule_ids": ["a"], "shift_minutes": 10**9}, "shift_minutes"),
        ({"schedule_ids": ["a"] * 501, "shift_minutes": 5}, "schedule_ids"),
        ({"schedule_ids": [], "shift_minutes": 5}, "schedule_ids"),
        ({"schedule_ids": ["\ud800"], "shift_minutes": 5}, "schedule_ids.0"),
    ],
)
def test_what_means_nothing_is_refused(author: Author, body: Any, field: str | None) -> None:
    answer = drag(author, **body)
    assert (answer.status, set(answer.codes)) == (400, {"VALIDATION_ERROR"})
    assert answer.json["errors"][0].get("field") == field


def test_a_nameless_version_moves_nothing(author: Author) -> None:
    schedule = author.scheduled()
    for version_ in ("", "a\x00b", "x" * 100):
        assert errors(drag(author, moves=[to(schedule, version=version_)])) == {
            schedule: "PRECONDITION_FAILED"
        }


def test_root_turns_it_off_for_everybody(chief: Account, author: Author) -> None:
    schedule = author.scheduled()
    before = run_at(author, schedule)
    flag = "/ops/feature-flags/schedules.bulk_operations"
    assert chief.api.patch(flag, {"is_enabled": False}).status == 200
    for answer in (
        drag(author, moves=[to(schedule)]),
        author.api.post("/schedules/bulk-cancel", {"schedule_ids": [schedule]}),
    ):
        assert (answer.status, answer.codes) == (403, ["FEATURE_DISABLED"])
    assert (author.status(schedule), run_at(author, schedule)) == ("pending", before)
    chief.api.patch(flag, {"enabled": True})
    assert errors(drag(author, moves=[to(schedule)])) == {}


def patch_if(author: Author, schedule: str, if_match: str) -> ApiAnswer:
    return author.api.request(
        "PATCH",
        f"/schedules/{schedule}",
        json={"run_at": in_future(hours=3)},
        headers={"If-Match": if_match},
    )


def test_one_is_moved_only_as_it_was_seen(author: Author) -> None:
    schedule = author.scheduled()
    tag = author.api.get(f"/schedules/{schedule}").headers["etag"]
    assert tag == f'"{version(author, schedule)}"'
    for stale in ('"other"', f"W/{tag}"):
        refused = patch_if(author, schedule, stale)
        assert (refused.status, refused.codes) == (412, ["PRECONDITION_FAILED"]), stale
    for no_tag in (tag.strip('"'), "", '"'):
        refused = patch_if(author, schedule, no_tag)
        assert (refused.status, refused.codes) == (400, ["VALIDATION_ERROR"]), no_tag
    moved = patch_if(author, schedule, f'"other", {tag}')
    assert moved.status == 200
    assert moved.headers["etag"] == f'"{moved.json["data"]["version"]}"' != tag
    assert patch_if(author, schedule, tag).status == 412
    assert patch_if(author, schedule, "*").status == 200
    missing = patch_if(author, str(uuid4()), tag)
    assert (missing.status, missing.codes) == (404, ["SCHEDULE_NOT_FOUND"])
