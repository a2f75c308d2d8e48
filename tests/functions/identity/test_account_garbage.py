"""Whatever is sent to the accounts' routes, nothing of it is our fault."""

from typing import Any

import pytest

from tests.accounts import PASSWORD, Account
from tests.accounts import root as make_root
from tests.api import Api

ODD: list[Any] = [
    None,
    7,
    [],
    {},
    "",
    "\u0000",
    "\ud800",
    "🔑" * 200,
    "x" * 10_000,
    "a@b",
    "<script>@example.com",
    "'; DROP TABLE users; --",
]
FIELDS = {
    "/auth/signup": ["email", "password", "name", "timezone", "locale", "invitation_token"],
    "/auth/forgot-password": ["email"],
    "/auth/reset-password": ["token", "new_password", "new_password_confirm"],
    "/auth/verify-email": ["token"],
    "/auth/resend-verification": ["email"],
    "/auth/change-password": ["current_password", "new_password", "revoke_all_sessions"],
}
GOOD: dict[str, Any] = {
    "password": PASSWORD,
    "token": "abc",
    "new_password": "Another-Horse-2",
    "current_password": PASSWORD,
}


@pytest.fixture
def root(api: Api) -> Account:
    return make_root(api)


@pytest.mark.parametrize(
    ("path", "field"), [(path, field) for path, fields in FIELDS.items() for field in fields]
)
def test_odd_values_are_refused_or_taken(root: Account, path: str, field: str) -> None:
    for number, value in enumerate(ODD):
        body = {**GOOD, "email": f"ada{number}@example.com", field: value}
        answer = root.api.request("POST", path, json=body, source_ip=f"192.0.2.{number}")
        assert answer.status in {200, 201, 202, 400, 401, 404, 429}, (value, answer.content)
        if answer.status == 400:
            assert answer.codes


@pytest.mark.parametrize("path", FIELDS)
@pytest.mark.parametrize("content", [b"", b"{", b"null", b"[]", b'"x"', b"\xff", b"{}"])
def test_odd_bodies_are_refused(root: Account, path: str, content: bytes) -> None:
    answer = root.api.request("POST", path, content=content)
    assert answer.status == 400, answer.content


@pytest.mark.parametrize("change", ["approve", "reject", "disable"])
@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff", b'{"reason": 7, "role": 7}'])
def test_an_odd_body_changes_nobody(root: Account, change: str, content: bytes) -> None:
    answer = root.api.request("POST", f"/system/users/{root.user_id}/{change}", content=content)
    assert answer.status == 400, answer.content
    assert answer.codes[0] in {"MALFORMED_JSON", "VALIDATION_ERROR"}


@pytest.mark.parametrize("value", ODD)
def test_odd_profiles_are_refused_or_taken(root: Account, value: Any) -> None:
    for field in ("name", "timezone", "locale", "avatar_url"):
        answer = root.api.patch("/users/me", {field: value})
        assert answer.status in {200, 400}, (field, answer.content)
    assert root.api.get("/users/me").status == 200
