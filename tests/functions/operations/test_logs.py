"""Records over HTTP: organizations see their own, root sees all, and one id leads to the rest."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.kernel.ids import new_id
from tests.accounts import Account, approved_user
from tests.api import Api
from tests.colleagues import colleague, path
from tests.records import change

LISTS = ["/logs/requests", "/logs/system", "/logs/events", "/logs/audit"]


def listed(account: Account, which: str, **asked: Any) -> list[Any]:
    answer = account.api.request("GET", which, query=asked)
    assert answer.status == 200, answer.content
    data: list[Any] = answer.json["data"]
    return data


def write(account: Account, request_id: str = "") -> str:
    answer = account.api.request(
        "POST",
        "/posts",
        json={"description": "Tea"},
        headers={"x-request-id": request_id} if request_id else {},
    )
    post: str = answer.json["data"]["id"]
    return post


@pytest.mark.parametrize("path", LISTS)
def test_an_organization_sees_its_own_and_root_everybodys(
    ada: Account, ben: Account, chief: Account, path: str
) -> None:
    for each in (ada, ben):
        write(each)
    change(
        "INSERT INTO system_logs (id, kept, request_id, occurred_at, organization_id, level,"
        " logger, event, function, context, trace)"
        " SELECT gen_random_uuid(), 'year', 'r', now(), id, 'ERROR', 'l', 'e', 'f', '{}', 'at line'"
        " FROM organizations"
    )
    for each in (ada, ben):
        own = listed(each, path)
        assert own
        assert {row["organization_id"] for row in own} == {str(each.organization_id)}
    seen = {row["organization_id"] for row in listed(chief, path, limit=200)}
    assert {str(ada.organization_id), str(ben.organization_id)} <= seen
    only = listed(chief, path, organization_id=ben.organization_id)
    assert {row["organization_id"] for row in only} == {str(ben.organization_id)}
    refused = ada.api.get(path, organization_id=ben.organization_id)
    assert (refused.status, refused.codes) == (403, ["ORGANIZATION_ACCESS_DENIED"])


def test_a_trace_is_shown_to_root_only(ada: Account, chief: Account) -> None:
    change(
        "INSERT INTO system_logs (id, kept, request_id, occurred_at, organization_id, level,"
        " logger, event, function, context, trace) VALUES (gen_random_uuid(), 'year', 'r', now(),"
        " :of, 'ERROR', 'l', 'e', 'f', '{}', 'at line 7')",
        of=ada.organization_id,
    )
    assert listed(ada, "/logs/system")[0]["trace"] is None
    assert listed(chief, "/logs/system")[0]["trace"] == "at line 7"


@pytest.mark.parametrize("which", [*LISTS, "/logs/requests/stats", "/audit/verify"])
def test_who_may_not_read_them_does_not(api: Api, ada: Account, chief: Account, which: str) -> None:
    assert api.get(which).status == 401
    assert colleague(api, chief, ada, "editor").api.get(which).status == 403
    assert colleague(api, chief, ada, "admin").api.get(which).status == 200


def test_a_page_follows_the_other_whatever_comes_meanwhile(ada: Account) -> None:
    posts = [write(ada) for _ in range(5)]
    seen, cursor = list[str](), ""
    while True:
        answer = ada.api.get("/logs/events", name="POST_CREATED", limit=2, cursor=cursor).json
        seen += [row["subject_id"] for row in answer["data"]]
        write(ada)
        cursor = answer["pagination"]["next_cursor"]
        assert answer["pagination"]["has_more"] == (cursor is not None)
        if cursor is None:
            break
    assert seen == posts[::-1]


def test_requests_are_found_by_what_is_known_of_them(ada: Account) -> None:
    write(ada, "the-first")
    ada.api.get(f"/posts/{uuid4()}")
    ada.api.get("/posts", limit=0)

    def found(**asked: Any) -> set[tuple[str, int]]:
        rows = listed(ada, "/logs/requests", **asked)
        return {(row["method"], row["status_code"]) for row in rows}

    assert found(request_id="the-first") == {("POST", 201)}
    assert found(path="/api/v1/posts/{post_id}") == {("GET", 404)}
    assert found(status="4xx") == {("GET", 404), ("GET", 400)}
    assert found(status_code=400) == {("GET", 400)}
    assert found(error_code="POST_NOT_FOUND") == {("GET", 404)}
    assert found(user_id=ada.user_id, method="POST", path="/api/v1/posts") == {("POST", 201)}
    assert found(user_id=uuid4()) == set()
    assert found(slower_than_ms=1e9) == set()
    now = datetime.now(UTC)
    assert found(**{"from": (now + timedelta(minutes=1)).isoformat()}) == set()
    assert found(to=(now - timedelta(minutes=1)).isoformat()) == set()
    assert ("POST", 201) in found(**{"from": (now - timedelta(minutes=1)).isoformat()})


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/logs/requests", {"limit": 0}),
        ("/logs/requests", {"limit": 201}),
        ("/logs/requests", {"cursor": "nonsense"}),
        ("/logs/requests", {"status": "teapot"}),
        ("/logs/requests", {"path": "\0"}),
        ("/logs/requests", {"slower_than_ms": "nan"}),
        ("/logs/requests", {"from": "yesterday"}),
        ("/logs/requests", {"request_id": "no id"}),
        ("/logs/requests", {"organization_id": "x"}),
        ("/logs/system", {"level": "LOUD"}),
        ("/logs/events", {"name": "POST_READ"}),
        ("/logs/audit", {"actor_id": "me"}),
        ("/logs/requests/stats", {"from": "2026-01-01", "to": "2026-06-01"}),
        ("/logs/requests/stats", {"from": "2026-01-02", "to": "2026-01-01"}),
        ("/logs/timeline", {}),
        ("/logs/timeline", {"post_id": uuid4(), "request_id": "x"}),
    ],
)
def test_what_cannot_be_meant_is_refused(ada: Account, path: str, asked: dict[str, Any]) -> None:
    assert ada.api.request("GET", path, query=asked).status == 400


def test_a_range_may_begin_before_time(ada: Account) -> None:
    for moment in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"):
        for name in ("from", "to"):
            assert ada.api.get("/logs/requests", **{name: moment}).status == 200
            assert ada.api.get("/logs/requests/stats", **{name: moment}).status in {200, 400}


def test_figures_of_a_path_are_those_of_its_requests(ada: Account) -> None:
    for _ in range(3):
        write(ada)
    ada.api.get(f"/posts/{uuid4()}")
    change("UPDATE request_logs SET duration_ms = 10 WHERE path = '/api/v1/posts'")
    change(
        "INSERT INTO request_logs SELECT :id, 'half_year', request_id, occurred_at,"
        " organization_id, principal_type, principal_id, user_id, method, path, 503, 50, 0, 0,"
        " 'DATABASE_UNAVAILABLE', address, user_agent, function, context"
        " FROM request_logs WHERE path = '/api/v1/posts' LIMIT 1",
        id=new_id(),
    )
    told = ada.api.get("/logs/requests/stats", **{"from": "2020-01-01", "to": "2020-01-02"}).json
    assert (told["total"]["count"], told["total"]["p50_ms"], told["paths"]) == (0, None, [])
    told = ada.api.get("/logs/requests/stats").json
    by_path = {(each["method"], each["path"]): each for each in told["paths"]}
    posts = by_path["POST", "/api/v1/posts"]
    assert (posts["count"], posts["p50_ms"]) == (4, 10)
    assert posts["p99_ms"] == pytest.approx(48.8)
    assert (posts["error_rate"], posts["client_error_rate"]) == (0.25, 0)
    assert by_path["GET", "/api/v1/posts/{post_id}"]["client_error_rate"] == 1
    assert told["total"]["count"] == sum(each["count"] for each in told["paths"])


def test_a_timeline_has_all_that_one_request_led_to(ada: Account, ben: Account) -> None:
    post = write(ada, "the-first")
    told = ada.api.get("/logs/timeline", request_id="the-first").json
    assert told["is_complete"]
    assert {(each["tier"], each["what"]) for each in told["moments"]} == {
        ("event", "POST_CREATED"),
        ("audit", "POST_CREATED"),
        ("request", "POST /api/v1/posts"),
    }
    assert {each["request_id"] for each in told["moments"]} == {"the-first"}
    assert {each["subject_id"] for each in told["moments"]} == {post, None}
    for stranger, asked in ((ben, "the-first"), (ada, "unknown")):
        answer = stranger.api.get("/logs/timeline", request_id=asked)
        assert (answer.status, answer.codes) == (404, ["REQUEST_NOT_FOUND"])


def test_a_timeline_has_all_that_happened_to_a_post(
    ada: Account, ben: Account, chief: Account
) -> None:
    post = write(ada)
    variant = ada.api.post(
        f"/posts/{post}/variants", {"channel_id": "mastodon", "content": "Tea"}
    ).json["data"]["id"]
    ada.api.patch(f"/posts/{post}", {"title": "Green tea"})
    ada.api.delete(f"/variants/{variant}")
    told = ada.api.get("/logs/timeline", post_id=post).json["moments"]
    assert [each["what"] for each in told if each["tier"] == "event"] == [
        "POST_CREATED",
        "POST_VARIANT_CREATED",
        "POST_UPDATED",
        "POST_VARIANT_DELETED",
    ]
    assert len([each for each in told if each["tier"] == "request"]) == 4
    assert [each["at"] for each in told] == sorted(each["at"] for each in told)
    refused = ben.api.get("/logs/timeline", post_id=post)
    assert (refused.status, refused.codes) == (403, ["POST_ACCESS_DENIED"])
    assert ada.api.get("/logs/timeline", post_id=uuid4()).status == 404
    assert chief.api.get("/logs/timeline", post_id=post).status == 200


def test_entries_of_the_audit_log_are_shown_to_who_may_read_them(
    api: Api, ada: Account, chief: Account
) -> None:
    post = write(ada)
    watcher = colleague(api, chief, ada, "viewer")
    granted = ada.api.request("PUT", path(ada, "members", watcher.user_id, "grants", "logs:read"))
    assert granted.status < 300, granted.content
    told = watcher.api.get("/logs/timeline", post_id=post).json["moments"]
    assert {each["tier"] for each in told} == {"event", "request"}
    assert watcher.api.get("/logs/audit").status == 403


def test_a_program_that_may_use_some_channels_only_sees_none_of_it(
    api: Api, ada: Account, chief: Account
) -> None:
    made = ada.api.post(
        "/api-keys", {"name": "CI", "scopes": ["logs:read"], "channels": ["mastodon"]}
    )
    assert made.status == 201, made.content
    key = made.json["data"]["key"]
    answer = api.request("GET", "/logs/events", headers={"x-api-key": key})
    assert (answer.status, answer.codes) == (403, ["CHANNEL_ACCESS_DENIED"])
    assert approved_user(api, chief).api.get("/logs/events").status == 200
