"""Keys that programs prove themselves with: made, shown once, used, rotated, revoked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from shared.infrastructure.database import engine
from tests.accounts import PASSWORD, Account, approved_user, register, root
from tests.api import Api, ApiAnswer
from tests.functions.identity.conftest import Sql
from tests.letters import letters
from tests.members import member
from tests.simultaneously import simultaneously


@pytest.fixture
def chief(api: Api) -> Account:
    """Root, who lets the others in."""
    return root(api)


@pytest.fixture
def ada(api: Api, chief: Account) -> Account:
    return approved_user(api, chief)


def make(person: Api, *scopes: str, **more: Any) -> Any:
    answer = person.post("/api-keys", {"name": "Import", "scopes": list(scopes), **more})
    assert answer.status == 201, answer.content
    return answer.json["data"]


def with_key(api: Api, key: str, method: str = "GET", path: str = "/posts") -> ApiAnswer:
    return api.request(method, path, headers={"X-API-Key": key})


def test_a_key_is_shown_once_and_kept_as_a_hash(api: Api, ada: Account, sql: Sql) -> None:
    answer = ada.api.post("/api-keys", {"name": "Import", "scopes": ["posts:read"]})
    made = answer.json["data"]
    assert made["key"].startswith(made["prefix"] + "_lux_"[:1])
    assert len(made["key"]) == len("lux_12345678_") + 43
    assert answer.headers["cache-control"] == "no-store"
    shown = ada.api.get(f"/api-keys/{made['id']}")
    assert shown.json["data"] == {name: made[name] for name in made if name != "key"}
    assert made["key"].encode() not in shown.content
    kept = sql("SELECT to_jsonb(api_keys)::text FROM api_keys")
    assert made["key"].removeprefix(made["prefix"]) not in kept
    told = sql("SELECT string_agg(details::text, '') FROM business_events")
    assert made["key"] not in told


@pytest.mark.parametrize("header", ["X-API-Key", "Authorization"])
def test_either_header_proves_it(api: Api, ada: Account, header: str) -> None:
    key = make(ada.api, "posts:read")["key"]
    sent = key if header == "X-API-Key" else f"Bearer {key}"
    assert api.request("GET", "/posts", headers={header: sent}).status == 200


def test_a_key_does_what_its_scopes_say_and_no_more(api: Api, ada: Account) -> None:
    key = make(ada.api, "posts:read")["key"]
    assert with_key(api, key).status == 200
    refused = api.request("POST", "/posts", json={"description": "Tea"}, headers={"X-API-Key": key})
    assert (refused.status, refused.codes) == (403, ["FORBIDDEN"])


def test_nor_more_than_whom_it_acts_as_at_that_moment(
    api: Api, chief: Account, ada: Account, sql: Sql
) -> None:
    editor = member(api, chief, ada.organization_id, "editor")
    key = make(editor, "posts:write")["key"]
    others = ada.api.post("/posts", {"description": "Tea"}).json["data"]["id"]
    path, change = f"/posts/{others}", {"description": "Coffee"}

    def edit() -> ApiAnswer:
        return api.request("PATCH", path, json=change, headers={"X-API-Key": key})

    assert edit().status == 200
    user = editor.get("/auth/me").json["id"]
    changed = ada.api.request(
        "PATCH", f"/organizations/{ada.organization_id}/members/{user}", json={"role": "user"}
    )
    assert changed.status == 200, changed.content
    assert (edit().status, edit().codes) == (403, ["POST_ACCESS_DENIED"])


def test_a_key_of_root_is_not_root(api: Api, chief: Account) -> None:
    made = chief.api.post("/api-keys", {"name": "x", "scopes": ["users:read"]})
    assert (made.status, made.codes) == (400, ["UNKNOWN_PERMISSION"])
    key = make(chief.api, "posts:read")["key"]
    assert with_key(api, key).status == 200
    assert with_key(api, key, path="/system/users").codes == ["FORBIDDEN"]


def test_nobody_lends_what_they_do_not_hold(api: Api, chief: Account, ada: Account) -> None:
    viewer = member(api, chief, ada.organization_id, "viewer")
    refused = viewer.post("/api-keys", {"name": "x", "scopes": ["posts:read", "posts:write:own"]})
    assert (refused.status, refused.codes) == (403, ["PERMISSION_NOT_HELD"])
    assert refused.json["errors"][0]["meta"] == {"permissions": ["posts:write:own"]}


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"scopes": []}, "VALIDATION_ERROR", "scopes"),
        ({"scopes": ["posts:fly"]}, "UNKNOWN_PERMISSION", "scopes"),
        ({"name": "  "}, "VALIDATION_ERROR", "name"),
        ({"channels": []}, "VALIDATION_ERROR", "channels"),
        ({"expires_at": "2001-01-01T00:00:00Z"}, "EXPIRY_IN_THE_PAST", "expires_at"),
        ({"expires_at": "2101-01-01T00:00:00"}, "VALIDATION_ERROR", "expires_at"),
        ({"expires_at": "2101-01-01T00:00:00Z"}, "EXPIRY_TOO_FAR", "expires_at"),
        ({"expires_at": "9999-12-31T23:59:59-12:00"}, "EXPIRY_TOO_FAR", "expires_at"),
        ({"expires_at": "0001-01-01T00:00:00+14:00"}, "EXPIRY_IN_THE_PAST", "expires_at"),
        ({"service_account_id": "x"}, "VALIDATION_ERROR", "service_account_id"),
    ],
)
def test_bad_wishes_are_named(ada: Account, body: Any, code: str, field: str) -> None:
    answer = ada.api.post("/api-keys", {"name": "Import", "scopes": ["posts:read"], **body})
    error = answer.json["errors"][0]
    assert (answer.status, error["error_code"], error["field"]) == (400, code, field)


def test_an_unknown_channel_is_not_found(ada: Account) -> None:
    wish = {"name": "Import", "scopes": ["posts:read"], "channels": ["mastodon", "morse"]}
    answer = ada.api.post("/api-keys", wish)
    error = answer.json["errors"][0]
    told = answer.status, error["error_code"], error["field"]
    assert told == (404, "CHANNEL_NOT_FOUND", "channels")
    assert ada.api.get("/api-keys").json["data"] == []


@pytest.mark.parametrize(
    "key", ["", "lux_", "lux_aaaaaaaa_" + 43 * "a", "lux_" + 10_000 * "a", "lux_aaaaaaaa_ü", "x"]
)
def test_what_is_no_key_proves_nobody(api: Api, ada: Account, key: str) -> None:
    answer = api.request("GET", "/posts", headers={"X-API-Key": key})
    assert answer.status == 401
    assert answer.codes in (["INVALID_API_KEY"], ["UNAUTHORIZED"])
    assert answer.headers["www-authenticate"] == "Bearer"


def test_revoking_is_immediate_and_for_good(api: Api, ada: Account, sql: Sql) -> None:
    made = make(ada.api, "posts:read")
    assert with_key(api, made["key"]).status == 200
    for _ in range(2):
        assert ada.api.delete(f"/api-keys/{made['id']}").status == 204
        assert with_key(api, made["key"]).codes == ["INVALID_API_KEY"]
    shown = ada.api.get(f"/api-keys/{made['id']}").json["data"]
    assert (shown["status"], shown["revoked_by"]) == ("revoked", str(ada.user_id))
    assert sql("SELECT count(*) FROM business_events WHERE name = 'API_KEY_REVOKED'") == 1


def test_a_key_expires_on_the_second_though_it_is_cached(api: Api, ada: Account) -> None:
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=5)
    made = make(ada.api, "posts:read", expires_at=moment.isoformat())
    with time_machine.travel(moment - timedelta(milliseconds=1), tick=False):
        assert with_key(api, made["key"]).status == 200
    with time_machine.travel(moment, tick=False):
        assert with_key(api, made["key"]).codes == ["API_KEY_EXPIRED"]


def test_rotating_puts_another_in_its_place(api: Api, ada: Account) -> None:
    old = make(ada.api, "posts:read", channels=["mastodon"])
    assert with_key(api, old["key"]).status == 200
    answer = ada.api.post(f"/api-keys/{old['id']}/rotate")
    assert answer.status == 200, answer.content
    new = answer.json["data"]
    assert with_key(api, old["key"]).codes == ["INVALID_API_KEY"]
    assert with_key(api, new["key"]).status == 200
    same = ("name", "scopes", "channels", "acts_as", "expires_at")
    assert {name: new[name] for name in same} == {name: old[name] for name in same}
    again = ada.api.post(f"/api-keys/{old['id']}/rotate")
    assert (again.status, again.codes) == (409, ["API_KEY_REVOKED"])


def test_rotating_waits_for_what_happens_to_the_account(ada: Account, sql: Sql) -> None:
    """Or a key would be made that whoever deletes the account has not seen."""
    made = make(ada.api, "posts:read")
    with ThreadPoolExecutor(1) as pool, engine().begin() as deleting:
        deleting.execute(
            text("UPDATE users SET deleted_at = now() WHERE id = :id"), {"id": ada.user_id}
        )
        rotate = partial(ada.api.post, f"/api-keys/{made['id']}/rotate")
        rotated = pool.submit(simultaneously, [rotate])
        with pytest.raises(TimeoutError):
            rotated.result(0.5)
        deleting.commit()
        (answer,) = rotated.result(10)
    assert (answer.status, answer.codes) == (401, ["INVALID_TOKEN"])
    assert sql("SELECT count(*) FROM api_keys") == 1


def test_whose_account_is_disabled_has_no_keys(api: Api, chief: Account, ada: Account) -> None:
    key = make(ada.api, "posts:read")["key"]
    assert with_key(api, key).status == 200
    assert chief.api.post(f"/system/users/{ada.user_id}/disable").status == 200
    assert with_key(api, key).codes == ["ACCOUNT_DISABLED"]


def test_a_key_makes_no_keys_and_changes_no_account(api: Api, ada: Account) -> None:
    made = make(ada.api, "api_keys:manage", "api_keys:read")
    sent = {"X-API-Key": made["key"]}
    for method, path in (
        ("POST", "/api-keys"),
        ("GET", "/api-keys"),
        ("POST", f"/api-keys/{made['id']}/rotate"),
        ("DELETE", f"/api-keys/{made['id']}"),
        ("POST", "/service-accounts"),
        ("POST", "/auth/logout"),
    ):
        body = {"name": "x", "scopes": ["posts:read"], "role": "user"}
        answer = api.request(method, path, json=body, headers=sent)
        assert (answer.status, answer.codes) == (403, ["SESSION_REQUIRED"]), path
    assert api.request("GET", "/service-accounts", headers=sent).status == 200


def test_a_key_says_whom_it_acts_as(api: Api, ada: Account) -> None:
    key = make(ada.api, "posts:read")["key"]
    me = with_key(api, key, path="/auth/me")
    assert (me.status, me.json["id"]) == (200, str(ada.user_id))
    assert me.json["permissions"] == ["posts:read"]


def test_everybody_keeps_their_own_and_managers_see_all(
    api: Api, chief: Account, ada: Account
) -> None:
    viewer, admin = (
        member(api, chief, ada.organization_id, "viewer"),
        member(api, chief, ada.organization_id, "admin"),
    )
    theirs, own = make(ada.api, "posts:read"), make(viewer, "posts:read")

    def listed(person: Api) -> set[str]:
        return {key["id"] for key in person.get("/api-keys").json["data"]}

    assert listed(viewer) == {own["id"]}
    assert listed(admin) == {own["id"], theirs["id"]}
    for method, path in (
        ("GET", f"/api-keys/{theirs['id']}"),
        ("POST", f"/api-keys/{theirs['id']}/rotate"),
        ("DELETE", f"/api-keys/{theirs['id']}"),
    ):
        answer = viewer.request(method, path)
        assert (answer.status, answer.codes) == (403, ["API_KEY_ACCESS_DENIED"])
    assert admin.post(f"/api-keys/{own['id']}/rotate").status in {403, 404}
    assert with_key(api, own["key"]).status == 200
    assert admin.delete(f"/api-keys/{own['id']}").status == 204
    assert with_key(api, own["key"]).status == 401


def test_use_is_noted_about_once_a_minute(api: Api, ada: Account, sql: Sql) -> None:
    made = make(ada.api, "posts:read")
    used = "SELECT last_used_at::text FROM api_keys"
    assert sql(used) is None
    api.request("GET", "/posts", headers={"X-API-Key": made["key"]}, source_ip="203.0.113.9")
    first = sql(used)
    assert first is not None
    assert sql("SELECT last_used_address FROM api_keys") == "203.0.113.9"
    with_key(api, made["key"])
    assert sql(used) == first


def test_nobody_collects_keys_without_end(ada: Account, sql: Sql) -> None:
    make(ada.api, "posts:read")
    sql(
        "INSERT INTO api_keys SELECT gen_random_uuid(), organization_id, user_id, name, prefix,"
        " md5(n::text), scopes, channels, created_by, created_at, expires_at"
        " FROM api_keys, generate_series(1, 49) n"
    )
    refused = ada.api.post("/api-keys", {"name": "x", "scopes": ["posts:read"]})
    assert (refused.status, refused.codes) == (409, ["TOO_MANY_API_KEYS"])


def test_a_repeated_request_makes_one_key_and_shows_it_once(ada: Account, sql: Sql) -> None:
    body = {"name": "x", "scopes": ["posts:read"]}
    sent = {"Idempotency-Key": "once"}
    first = ada.api.post("/api-keys", body, headers=sent)
    again = ada.api.post("/api-keys", body, headers=sent)
    assert (first.status, again.status, again.codes) == (201, 409, ["ANSWER_SHOWN_ONCE"])
    assert sql("SELECT count(*) FROM api_keys") == 1
    kept = bytes(sql("SELECT body FROM idempotent_answers"))
    assert first.json["data"]["key"].encode() not in kept


def test_without_a_cache_keys_prove_all_the_same(api: Api, chief: Account, no_cache: None) -> None:
    made = make(chief.api, "posts:read")
    assert with_key(api, made["key"]).status == 200
    assert chief.api.delete(f"/api-keys/{made['id']}").status == 204
    assert with_key(api, made["key"]).status == 401


def test_who_waits_for_approval_makes_no_key(api: Api, chief: Account) -> None:
    waiting = register(api)
    refused = waiting.api.post("/api-keys", {"name": "x", "scopes": ["posts:read"]})
    assert refused.codes == ["ACCOUNT_PENDING_APPROVAL"]


def _grow_old(sql: Sql) -> None:
    sql("UPDATE user_sessions SET created_at = now() - interval '10 minutes'")


def test_an_old_session_needs_the_password_too(ada: Account, sql: Sql) -> None:
    """A stolen one does not become a key that outlives it."""
    made = make(ada.api, "posts:read")
    _grow_old(sql)
    body = {"name": "Import", "scopes": ["posts:read"]}
    for path, sent in (("/api-keys", body), (f"/api-keys/{made['id']}/rotate", {})):
        refused = ada.api.post(path, sent)
        assert (refused.status, refused.codes) == (403, ["FRESH_PROOF_NEEDED"])
        wrong = ada.api.post(path, {**sent, "password": "Wrong-Horse-1"})
        assert (wrong.status, wrong.codes) == (401, ["INVALID_CURRENT_PASSWORD"])
        assert ada.api.post(path, {**sent, "password": PASSWORD}).status in {200, 201}


def test_whose_account_makes_a_key_hears_of_it(ada: Account) -> None:
    made = make(ada.api, "posts:read")
    assert ada.api.post(f"/api-keys/{made['id']}/rotate").status == 200
    found = letters("security_changed", to=ada.email)
    changes = [letter["parameters"]["change"] for letter in found]
    assert changes == ["api_key_created", "api_key_rotated"]
    assert made["key"] not in str(found)


def test_the_database_keeps_no_day_that_nobody_can_read(ada: Account, sql: Sql) -> None:
    make(ada.api, "posts:read")
    with pytest.raises(IntegrityError, match="ck_api_keys_expires_at"):
        sql("UPDATE api_keys SET expires_at = '9999-12-31T23:59:59-12:00'")
