"""The cache in front of API keys: fast when warm, never older than the database."""

from typing import Any

import pytest
from sqlalchemy import text

from shared.identity.adapters import cached_keys
from shared.infrastructure.database import engine
from tests.accounts import Account, approved_user, root
from tests.api import Api, ApiAnswer


@pytest.fixture
def ada(api: Api) -> Account:
    return approved_user(api, root(api), "ada@example.com")


@pytest.fixture
def key(ada: Account) -> Any:
    """One that has been used."""
    body = {"name": "Import", "scopes": ["posts:read"]}
    made = ada.api.post("/api-keys", body).json["data"]
    assert ada.api.as_user(made["key"]).get("/auth/me").status == 200
    return made


def me(api: Api, key: Any) -> ApiAnswer:
    return api.as_user(key["key"]).get("/auth/me")


def test_a_warm_key_costs_no_query(api: Api, key: Any, statements: list[str]) -> None:
    statements.clear()
    assert me(api, key).status == 200
    assert not statements


def test_nor_in_a_container_that_has_never_seen_it(
    api: Api, key: Any, statements: list[str]
) -> None:
    cached_keys._users.clear()
    statements.clear()
    assert me(api, key).status == 200
    assert not statements


def test_revoking_reaches_other_containers_at_once(api: Api, ada: Account, key: Any) -> None:
    cached_keys._users.clear()
    assert ada.api.delete(f"/api-keys/{key['id']}").status == 204
    assert me(api, key).codes == ["INVALID_API_KEY"]


def test_another_name_of_its_user_is_seen_at_once(api: Api, ada: Account, key: Any) -> None:
    assert ada.api.patch("/users/me", {"name": "Countess"}).status == 200
    assert me(api, key).json["name"] == "Countess"


def test_noting_the_use_waits_for_nobody(api: Api, key: Any) -> None:
    """Somebody holds the row, and the last use was long ago."""
    with engine().begin() as database:
        database.execute(text("UPDATE api_keys SET last_used_at = '2001-01-01'"))
    with engine().begin() as holder:
        holder.execute(text("SELECT 1 FROM api_keys FOR UPDATE"))
        cached_keys._note_use(key["id"], "127.0.0.1")
    with engine().begin() as database:
        used = database.scalar(text("SELECT last_used_at = '2001-01-01' FROM api_keys"))
    assert used
