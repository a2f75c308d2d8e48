"""The calendar shows what is planned in a range with all that it names, on the asked clock."""

from typing import Any

import pytest
import time_machine
from sqlalchemy import event

from shared.infrastructure.database import engine
from shared.publishing.adapters import queries
from tests.accounts import Account
from tests.api import Api, ApiAnswer
from tests.author import Author, in_future
from tests.line import Line, make_due
from tests.members import member


def look(author: Author, **query: Any) -> ApiAnswer:
    """At the next three days, unless the query says otherwise."""
    days = {"from_date": in_future(hours=-1), "to_date": in_future(days=3)}
    return author.api.get("/schedules/calendar", **{**days, **query})


def shown(author: Author, **query: Any) -> list[str]:
    answer = look(author, **query)
    assert answer.status == 200, answer.content
    return [each["id"] for each in answer.json["data"]]


def test_each_is_shown_with_all_it_names(author: Author) -> None:
    post = author.api.post(
        "/posts", {"title": "Spring menu", "description": "x", "tags": ["spring", "menu"]}
    ).json["data"]["id"]
    variant = author.api.post(
        f"/posts/{post}/variants", {"channel_id": "mastodon", "content": "Asparagus " * 30}
    ).json["data"]["id"]
    connection = author.connect()
    schedule = author.schedule(variant, connection)
    account = author.api.get(f"/channels/connections/{connection}").json["data"]
    (item,) = look(author).json["data"]
    assert item["id"] == schedule
    assert item["post"] == {
        "id": post,
        "title": "Spring menu",
        "status": "scheduled",
        "tags": ["spring", "menu"],
    }
    assert item["variant"] == {
        "id": variant,
        "channel_id": "mastodon",
        "excerpt": ("Asparagus " * 30)[:140],
    }
    assert item["connection"] == {
        "id": connection,
        "display_name": account["display_name"],
        "account_username": account["account_username"],
        "account_avatar": account["account_avatar"],
        "status": "connected",
    }
    assert item.keys() == {*author.look(schedule)["schedule"], "post", "variant", "connection"}


@pytest.mark.parametrize("noon", ["2027-03-26T12:00:00Z"], indirect=True)
def test_times_are_on_the_clock_that_is_asked_for(
    noon: time_machine.Traveller, author: Author
) -> None:
    author.schedule(
        author.write()[1], author.connect(), run_at="2027-03-28T09:00", timezone="Europe/Berlin"
    )
    days = {"from_date": "2027-03-28", "to_date": "2027-03-28"}
    for zone, local, count in (
        (None, "2027-03-28T07:00:00+00:00", 1),
        ("Asia/Tokyo", "2027-03-28T16:00:00+09:00", 1),
        ("Pacific/Kiritimati", "2027-03-28T21:00:00+14:00", 1),
        ("America/Los_Angeles", "2027-03-28T00:00:00-07:00", 1),
        ("Pacific/Honolulu", "", 0),
    ):
        told = look(author, **days, **({"timezone": zone} if zone else {})).json
        assert len(told["data"]) == count, zone
        assert told["meta"]["timezone"] == (zone or "UTC")
        for item in told["data"]:
            assert item["run_at"] == "2027-03-28T07:00:00Z"
            assert item["run_at_local"] == local
            assert item["timezone"] == "Europe/Berlin"
    meta = look(author, **days, timezone="Asia/Tokyo").json["meta"]
    assert meta == {
        "from_date": "2027-03-27T15:00:00Z",
        "to_date": "2027-03-28T15:00:00Z",
        "timezone": "Asia/Tokyo",
        "limit": 1000,
        "truncated": False,
    }


def test_the_clock_is_the_callers_own_by_default(api: Api, chief: Account, author: Author) -> None:
    assert chief.api.patch("/users/me", {"timezone": "Asia/Tokyo"}).status == 200
    assert look(Author.of(chief)).json["meta"]["timezone"] == "Asia/Tokyo"


def test_it_is_narrowed_down(author: Author, line: Line) -> None:
    def tagged(*tags: str, channel: str = "mastodon") -> tuple[str, str]:
        post, variant = author.write(channel=channel)
        author.api.patch(f"/posts/{post}", {"tags": list(tags)})
        return post, variant

    connection, other = author.connect(), author.connect("bluesky")
    spring = author.schedule(tagged("spring", "tea")[1], connection, run_at=in_future(hours=1))
    tea = author.schedule(tagged("tea")[1], connection, run_at=in_future(hours=2))
    sky = author.schedule(tagged(channel="bluesky")[1], other, run_at=in_future(hours=3))
    out = author.schedule(tagged("old")[1], connection, run_at=in_future(seconds=30))
    author.api.post(f"/schedules/{tea}/cancel")
    make_due(out)
    line.run()
    for query, expected in (
        ({}, [out, spring, tea, sky]),
        ({"channel_id": "bluesky"}, [sky]),
        ({"channel_id": "nowhere"}, []),
        ({"channel_connection_id": connection}, [out, spring, tea]),
        ({"tags": "spring"}, [spring]),
        ({"tags": "spring, old,none"}, [out, spring]),
        ({"status": "pending"}, [spring, sky]),
        ({"status": "pending,cancelled"}, [spring, tea, sky]),
        ({"post_status": "published"}, [out]),
        ({"post_status": "scheduled", "tags": "tea"}, [spring]),
        ({"from_date": in_future(minutes=90)}, [tea, sky]),
        ({"to_date": in_future(minutes=90)}, [out, spring]),
    ):
        assert shown(author, **query) == expected, query


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"from_date": ""}, "MISSING_DATE_RANGE"),
        ({"to_date": ""}, "MISSING_DATE_RANGE"),
        ({"from_date": "soon"}, "VALIDATION_ERROR"),
        ({"from_date": "2027-02-30"}, "VALIDATION_ERROR"),
        ({"from_date": "1795284551"}, "VALIDATION_ERROR"),
        ({"from_date": "2027-02-03T25:00"}, "VALIDATION_ERROR"),
        ({"to_date": "9999-12-31"}, "VALIDATION_ERROR"),
        ({"from_date": "2027-03-02", "to_date": "2027-03-01"}, "INVALID_DATE_RANGE"),
        ({"from_date": "2027-03-01", "to_date": "2027-07-01"}, "DATE_RANGE_TOO_LONG"),
        ({"timezone": "Mars/Olympus"}, "INVALID_TIMEZONE"),
        ({"timezone": "../etc/passwd"}, "INVALID_TIMEZONE"),
        ({"timezone": "x" * 101}, "VALIDATION_ERROR"),
        ({"status": "gone"}, "VALIDATION_ERROR"),
        ({"status": "pending,gone"}, "VALIDATION_ERROR"),
        ({"post_status": "gone"}, "VALIDATION_ERROR"),
        ({"channel_id": "a\x00b"}, "VALIDATION_ERROR"),
        ({"tags": "a\x00b"}, "VALIDATION_ERROR"),
        ({"tags": ",".join(map(str, range(51)))}, "VALIDATION_ERROR"),
        ({"channel_connection_id": "x"}, "VALIDATION_ERROR"),
    ],
)
def test_what_means_nothing_is_refused(author: Author, query: dict[str, Any], code: str) -> None:
    answer = look(author, **query)
    assert (answer.status, answer.codes) == (400, [code])


def test_it_takes_as_many_statements_however_much_it_shows(author: Author) -> None:
    connection = author.connect()
    counts = []
    for more in (1, 4):
        for _ in range(more):
            author.schedule(author.write()[1], connection)
        author.api.get("/auth/me")
        statements: list[str] = []
        listen = (engine(), "before_cursor_execute", _note(statements))
        event.listen(*listen)
        try:
            look(author, tags="", post_status="scheduled")
        finally:
            event.remove(*listen)
        counts.append(len([each for each in statements if each.startswith("SELECT")]))
    assert counts == [3, 3], "one for each context"


def _note(statements: list[str]) -> Any:
    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    return note


def test_more_than_it_shows_is_said(author: Author, monkeypatch: pytest.MonkeyPatch) -> None:
    _, variant = author.write()
    connection = author.connect()
    ids = [author.schedule(variant, connection, run_at=in_future(hours=h)) for h in (1, 2, 3)]
    with monkeypatch.context() as patch:
        patch.setattr(queries, "CALENDAR_LIMIT", 2)
        told = look(author).json
    assert [each["id"] for each in told["data"]] == ids[:2]
    assert told["meta"]["truncated"]
    assert not look(author).json["meta"]["truncated"]


def test_nobody_sees_another_organizations_plans(author: Author, stranger: Author) -> None:
    author.scheduled()
    own = stranger.scheduled()
    assert shown(stranger) == [own]


def test_what_one_may_not_read_is_left_out(api: Api, author: Author) -> None:
    author.scheduled()
    for scopes, seen in (
        (["schedules:read"], set()),
        (["schedules:read", "posts:read"], {"post", "variant"}),
        (["schedules:read", "channels:read"], {"connection"}),
    ):
        key = author.api.post("/api-keys", {"name": "Key", "scopes": scopes}).json["data"]["key"]
        program = Author(api.as_user(key))
        (item,) = look(program).json["data"]
        parts = ("post", "variant", "connection")
        assert {part for part in parts if item[part] is not None} == seen
        by_tag = look(program, tags="spring")
        assert by_tag.status == (200 if "posts:read" in scopes else 403)


def test_who_reaches_only_their_own_sees_no_more(api: Api, chief: Account, author: Author) -> None:
    organization = author.api.get("/auth/me").json["organization"]["id"]
    user = Author(member(api, chief, organization, "user"))
    connection = author.connect()
    own, mine = author.write()[1], author.write()[1]
    assert author.api.post(f"/variants/{mine}/mark-ready").status == 200
    others = user.schedule(user.write()[1], connection)
    with_others_post = user.schedule(mine, connection)
    own_schedule = author.schedule(own, connection)
    body = {"name": "Own", "scopes": ["schedules:read:own", "posts:read:own"]}
    program = Author(api.as_user(author.api.post("/api-keys", body).json["data"]["key"]))
    assert shown(program) == [own_schedule]
    assert set(shown(author)) == {others, with_others_post, own_schedule}
    body["scopes"] = ["schedules:read", "posts:read:own"]
    program = Author(api.as_user(author.api.post("/api-keys", body).json["data"]["key"]))
    seen = {each["id"]: each["post"] is not None for each in look(program).json["data"]}
    assert seen == {others: False, with_others_post: True, own_schedule: True}


def test_what_was_deleted_is_shown_without_its_post(author: Author, line: Line) -> None:
    post, variant = author.write()
    schedule = author.schedule(variant, author.connect())
    make_due(schedule)
    line.run()
    assert author.api.delete(f"/posts/{post}").status == 204
    (item,) = look(author).json["data"]
    assert (item["status"], item["post"], item["variant"]) == ("success", None, None)
    assert item["connection"] is not None


def test_the_list_shows_what_it_is_asked_to(author: Author) -> None:
    schedule = author.scheduled()
    (bare,) = author.api.get("/schedules").json["data"]
    assert bare == author.look(schedule)["schedule"]
    (item,) = author.api.get("/schedules", include="post,connection").json["data"]
    assert item.keys() - bare.keys() == {"post", "connection"}
    assert (item["post"]["status"], item["connection"]["status"]) == ("scheduled", "connected")
    (item,) = author.api.get("/schedules", include="variant").json["data"]
    assert item.keys() - bare.keys() == {"variant"}
    assert item["variant"]["excerpt"] == "Good morning"


def test_the_list_is_paged_by_numbers_as_well(author: Author) -> None:
    _, variant = author.write()
    connection = author.connect()
    ids = [author.schedule(variant, connection, run_at=in_future(hours=h)) for h in (1, 2, 3)]
    second = author.api.get("/schedules", limit=2, page=2).json
    assert [each["id"] for each in second["data"]] == ids[2:]
    assert second["meta"] == {"total": 3, "limit": 2, "offset": 2}
    of_post = author.api.get("/schedules", post_id=author.look(ids[0])["schedule"]["post_id"])
    assert of_post.json["meta"]["total"] == 3
    for query in ({"page": 1, "offset": 1}, {"page": 0}, {"include": "post,owner"}):
        answer = author.api.get("/schedules", **query)
        assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"]), query
