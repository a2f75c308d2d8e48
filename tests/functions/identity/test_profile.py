"""/users/me, /user/dashboard and PATCH /system/users/{user_id}."""

from typing import Any

import pytest

from shared.kernel.ids import new_id
from tests.accounts import Account, approved_user, register
from tests.accounts import root as make_root
from tests.api import Api
from tests.functions.identity.conftest import Sql


@pytest.fixture
def root(api: Api) -> Account:
    return make_root(api)


@pytest.fixture
def ada(api: Api, root: Account) -> Account:
    return approved_user(api, root, "ada@example.com")


def test_one_sees_oneself(ada: Account) -> None:
    answer = ada.api.get("/users/me")
    assert answer.status == 200
    assert answer.json == ada.api.get("/auth/me").json
    assert (answer.json["email"], answer.json["timezone"]) == (ada.email, "UTC")


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"name": " <b>Ada</b>  King "}, {"name": "Ada King"}),
        ({"timezone": "Europe/Berlin", "locale": "de-AT"}, {}),
        ({"avatar_url": "https://example.com/ada.png"}, {}),
        ({"locale": "fr", "is_root": True, "email": "eve@example.com"}, {"locale": "fr"}),
    ],
)
def test_what_is_sent_changes_and_shows_at_once(
    ada: Account, changes: dict[str, Any], shown: dict[str, Any]
) -> None:
    before = ada.api.get("/users/me").json
    after = before | (shown or changes)
    assert ada.api.patch("/users/me", changes).json == after
    assert ada.api.get("/auth/me").json == after


def test_a_picture_can_be_taken_away(ada: Account) -> None:
    ada.api.patch("/users/me", {"avatar_url": "https://example.com/ada.png"})
    assert ada.api.patch("/users/me", {"avatar_url": None}).json["avatar_url"] is None


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({}, [("NO_FIELDS_TO_UPDATE", None)]),
        ({"unknown": 1}, [("NO_FIELDS_TO_UPDATE", None)]),
        (
            {"name": "", "timezone": "Mars/Olympus"},
            [("VALIDATION_ERROR", "name"), ("INVALID_TIMEZONE", "timezone")],
        ),
        (
            {"name": None, "timezone": None, "locale": None},
            [("VALIDATION_ERROR", field) for field in ("name", "timezone", "locale")],
        ),
        ({"name": "x" * 256}, [("VALIDATION_ERROR", "name")]),
        ({"name": 7}, [("VALIDATION_ERROR", "name")]),
        ({"locale": "not a locale"}, [("VALIDATION_ERROR", "locale")]),
        ({"timezone": "../../etc/passwd"}, [("INVALID_TIMEZONE", "timezone")]),
        ({"avatar_url": "javascript:alert(1)"}, [("VALIDATION_ERROR", "avatar_url")]),
        ({"avatar_url": "data:image/png;base64,AA"}, [("VALIDATION_ERROR", "avatar_url")]),
        ({"avatar_url": "https://e.com/" + "x" * 2048}, [("VALIDATION_ERROR", "avatar_url")]),
    ],
)
def test_all_that_is_wrong_is_told_and_nothing_changes(
    ada: Account, changes: dict[str, Any], problems: list[tuple[str, str | None]]
) -> None:
    before = ada.api.get("/users/me").json
    answer = ada.api.patch("/users/me", changes)
    assert answer.status == 400
    told = [(error["error_code"], error.get("field")) for error in answer.json["errors"]]
    assert told == problems
    assert ada.api.get("/users/me").json == before


def test_a_change_tells_which_fields_and_no_change_tells_nothing(ada: Account, sql: Sql) -> None:
    for _ in range(2):
        ada.api.patch("/users/me", {"name": "Grace", "locale": "en"})
    told = sql("SELECT json_agg(details) FROM business_events WHERE name = 'USER_UPDATED'")
    assert told == [{"fields": ["name"]}]


def test_the_dashboard_greets_and_lists_organizations(ada: Account) -> None:
    answer = ada.api.get("/user/dashboard")
    assert answer.status == 200
    told = answer.json["data"]
    assert told["message"]
    assert told["user"] == ada.api.get("/auth/me").json
    assert [each["id"] for each in told["organizations"]] == [str(ada.organization_id)]


def test_root_changes_anybody_and_others_only_themselves(
    api: Api, root: Account, ada: Account
) -> None:
    def path(account: Account) -> str:
        return f"/system/users/{account.user_id}"

    bob = register(api)
    assert root.api.patch(path(bob), {"name": "Robert"}).json["name"] == "Robert"
    assert ada.api.patch(path(ada), {"name": "Augusta"}).json["name"] == "Augusta"
    assert ada.api.get("/auth/me").json["name"] == "Augusta"
    for user_id in (bob.user_id, new_id()):
        answer = ada.api.patch(f"/system/users/{user_id}", {"name": "Eve"})
        assert (answer.status, answer.codes) == (403, ["FORBIDDEN"])
    for unknown in (str(new_id()), "abc"):
        answer = root.api.patch(f"/system/users/{unknown}", {"name": "Eve"})
        assert (answer.status, answer.codes) == (404, ["USER_NOT_FOUND"])


def test_pending_people_and_strangers_have_no_profile_to_change(api: Api, root: Account) -> None:
    pending = register(api)
    for method, path in (
        ("GET", "/users/me"),
        ("PATCH", "/users/me"),
        ("GET", "/user/dashboard"),
    ):
        for caller, status, code in (
            (pending.api, 403, "ACCOUNT_PENDING_APPROVAL"),
            (api, 401, "UNAUTHORIZED"),
        ):
            answer = caller.request(method, path, json={"name": "Eve"})
            assert (answer.status, answer.codes) == (status, [code])
