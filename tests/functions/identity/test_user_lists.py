"""Filters of /system/users, and who waits or was deleted."""

from typing import Any

import pytest

from tests.accounts import Account, approved_user, register
from tests.accounts import root as make_root
from tests.api import Api
from tests.functions.identity.conftest import Sql


@pytest.fixture
def root(api: Api) -> Account:
    return make_root(api)


def _names(account: Account, path: str = "/system/users", **query: Any) -> list[str]:
    answer = account.api.get(path, **query)
    assert answer.status == 200, answer.content
    names = [user["name"] for user in answer.json["data"]]
    assert answer.json["pagination"]["total"] == len(names)
    return names


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("GRACE", ["Grace Hopper"]),
        ("hop", ["Grace Hopper"]),
        ("@example.com", ["100% Ada_", "Grace Hopper", "Root"]),
        ("100%", ["100% Ada_"]),
        ("%", ["100% Ada_"]),
        ("a_", ["100% Ada_"]),
        ("\\", []),
        ("'; DROP TABLE users; --", []),
        ("", ["100% Ada_", "Grace Hopper", "Root"]),
    ],
)
def test_search_is_in_names_and_addresses_and_literal(
    api: Api, root: Account, search: str, found: list[str]
) -> None:
    register(api, "grace@example.com", name="Grace Hopper")
    register(api, "ada@example.com", name="100% Ada_")
    assert _names(root, search=search) == found


def test_filters_narrow_together(api: Api, root: Account, sql: Sql) -> None:
    ada = approved_user(api, root)
    register(api, name="Bob")
    sql("UPDATE users SET auth_method = 'oauth', name = 'Oda' WHERE id = :id", id=ada.user_id)
    assert _names(root, is_root="true") == ["Root"]
    assert _names(root, is_root="false", auth_method="password") == ["Bob"]
    assert _names(root, auth_method="oauth", status="active") == ["Oda"]
    assert _names(root, auth_method="oauth", status="disabled") == []


def test_who_waits(api: Api, root: Account) -> None:
    approved_user(api, root)
    register(api, name="Bob")
    register(api, name="Eve")
    assert _names(root, "/system/users/pending") == ["Eve", "Bob"]
    assert _names(root, "/system/users/pending", search="bo") == ["Bob"]


def test_who_was_deleted(api: Api, root: Account) -> None:
    people = [register(api, name=name) for name in ("Bob", "Eve", "Mallory")]
    for person in people[:2]:
        root.api.delete(f"/system/users/{person.user_id}")
    assert _names(root, "/system/users/deleted") == ["Eve", "Bob"]
    answer = root.api.get("/system/users/deleted", per_page=1, page=2)
    assert answer.json["data"][0]["deleted_at"].endswith("Z")
    assert _names(root) == ["Mallory", "Root"]


@pytest.mark.parametrize(
    "query", [{"auth_method": "magic"}, {"is_root": "maybe"}, {"search": "x" * 256}]
)
def test_wrong_filters_are_refused(root: Account, query: dict[str, Any]) -> None:
    answer = root.api.get("/system/users", **query)
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])


def test_text_no_database_takes_is_no_fault_of_ours(root: Account) -> None:
    assert root.api.get("/system/users", search="a\u0000b").status in {200, 400}
