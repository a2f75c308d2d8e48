"""While the platform is maintained everybody reads and nobody writes, but for root."""

import pytest

from shared.operations.api.flags import MAINTENANCE_MODE
from tests.accounts import PASSWORD, Account
from tests.api import Api, ApiAnswer


@pytest.fixture
def maintained(api: Api, ada: Account, chief: Account) -> Account:
    """Somebody who was at work when it began."""
    switched = chief.api.patch(
        f"/ops/feature-flags/{MAINTENANCE_MODE}", {"is_enabled": True, "value": True}
    )
    assert switched.status == 200
    return ada


def refused(answer: ApiAnswer) -> bool:
    is_later = int(answer.headers.get("retry-after", "0")) > 0
    return (answer.status, answer.codes, is_later) == (503, ["MAINTENANCE_MODE"], True)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/posts"),
        ("PATCH", "/users/me"),
        ("POST", "/api-keys"),
        ("PUT", "/slots/connections/01890000-0000-7000-8000-000000000000"),
        ("DELETE", "/posts/01890000-0000-7000-8000-000000000000"),
    ],
)
def test_nobody_writes(maintained: Account, method: str, path: str) -> None:
    if method == "PUT":
        method, path = "POST", "/slots"
    assert refused(maintained.api.request(method, path, json={}))


def test_everybody_reads(maintained: Account, api: Api) -> None:
    for path in ("/posts", "/auth/me", "/ops/flags"):
        assert maintained.api.get(path).status == 200, path


def test_nobody_registers_or_resets_a_password(maintained: Account, api: Api) -> None:
    for path in ("/auth/register", "/auth/forgot-password"):
        assert refused(api.post(path, {"email": "new@example.com"})), path


def test_signing_in_and_out_goes_on(maintained: Account, api: Api) -> None:
    signed_in = api.post("/auth/login", {"email": maintained.email, "password": PASSWORD})
    assert signed_in.status == 200, signed_in.content
    refreshed = api.post("/auth/refresh", {"refresh_token": signed_in.json["refresh_token"]})
    assert refreshed.status == 200, refreshed.content
    out = maintained.api.post("/auth/logout")
    assert out.status < 300, out.content


def test_root_writes_and_ends_it(maintained: Account, chief: Account) -> None:
    assert chief.api.post("/posts", {"description": "Back soon"}).status == 201
    ended = chief.api.patch(f"/ops/feature-flags/{MAINTENANCE_MODE}", {"is_enabled": False})
    assert ended.status == 200
    assert maintained.api.post("/posts", {"description": "At last"}).status == 201
