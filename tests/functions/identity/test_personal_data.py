"""People get what is kept about them, and are forgotten when they ask for it."""

import json
import re
from typing import Any

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.accounts import PASSWORD, Account
from tests.api import Api
from tests.author import Author
from tests.functions.identity.second_factor import begin_totp


def _export(account: Account) -> dict[str, Any]:
    answer = account.api.get("/users/me/export")
    assert answer.status == 200, answer.content
    assert answer.headers["cache-control"] == "no-store"
    data: dict[str, Any] = answer.json["data"]
    return data


def test_what_is_kept_about_somebody_is_handed_to_them(ada: Account, chief: Account) -> None:
    Author.of(ada).write()
    begin_totp(ada)
    data = _export(ada)
    assert data["account"]["email"] == ada.email
    assert [each["role"] for each in data["about"]["memberships"]] == ["owner"]
    assert data["about"]["user_sessions"]
    assert data["about"]["totp_secrets"]
    assert data["made"]["posts.created_by"] == 1
    assert "USER_APPROVED" in {each["name"] for each in data["events"]}


def test_nothing_in_it_proves_anybody_or_is_of_others(ada: Account, chief: Account) -> None:
    begin_totp(ada)
    said = json.dumps(_export(ada))
    assert chief.email not in said
    keys = set(re.findall(r'"([a-z_]+)":', said))
    assert not [each for each in keys if re.search("hash|secret|sealed|credential", each)] or (
        keys & {"totp_secrets"}
    )
    with engine().connect() as database:
        row = database.execute(
            text(
                "SELECT password_hash, refresh_token_hash FROM users"
                " JOIN user_sessions ON user_id = users.id WHERE users.id = :id"
            ),
            {"id": ada.user_id},
        ).first()
    assert row is not None
    assert not [each for each in row if each in said]


def test_whoever_is_erased_is_nobody(api: Api, ada: Account, chief: Account) -> None:
    Author.of(ada).write("Words that stay")
    begin_totp(ada)
    erased = ada.api.post("/users/me/erase", {"password": PASSWORD})
    assert erased.status == 204, erased.content
    assert ada.api.get("/auth/me").status == 401
    again = api.post("/auth/login", {"email": ada.email, "password": PASSWORD})
    assert again.status == 401
    assert not _told_of(ada)
    with engine().connect() as database:
        told = database.scalars(
            text("SELECT name FROM business_events WHERE subject_id = :id OR actor_id = :id"),
            {"id": ada.user_id},
        ).all()
        posts = database.scalar(
            text("SELECT count(*) FROM posts WHERE created_by = :id"), {"id": ada.user_id}
        )
    assert {"USER_APPROVED", "USER_DELETED"} <= set(told)
    assert posts == 1


def _told_of(account: Account) -> list[str]:
    """The tables that still have the address in any column."""
    with engine().connect() as database:
        tables = database.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ).all()
        return [
            table
            for table in tables
            if database.scalar(
                text(f"SELECT EXISTS (SELECT FROM {table} AS one WHERE one::text ILIKE :told)"),
                {"told": f"%{account.email}%"},
            )
        ]


def test_the_address_is_free_again(api: Api, ada: Account) -> None:
    ada.api.post("/users/me/erase", {"password": PASSWORD})
    body = {"email": ada.email, "password": PASSWORD, "name": "Ada", "timezone": "UTC"}
    assert api.post("/auth/register", body).status == 201


def test_whoever_does_not_know_the_password_erases_nobody(ada: Account) -> None:
    for body in ({"password": "wrong"}, {"password": ""}):
        refused = ada.api.post("/users/me/erase", body)
        assert (refused.status, refused.codes) == (401, ["INVALID_CURRENT_PASSWORD"])
    assert ada.api.post("/users/me/erase", {}).status == 400
    assert ada.api.get("/auth/me").status == 200


def test_root_erases_others_and_nobody_brings_them_back(
    ada: Account, ben: Account, chief: Account
) -> None:
    path = f"/system/users/{ada.user_id}"
    assert ben.api.post(f"{path}/erase").codes == ["FORBIDDEN"]
    assert chief.api.delete(path).status == 204
    for _ in ("the first time", "once more"):
        assert chief.api.post(f"{path}/erase").status == 204
    assert not _told_of(ada)
    restored = chief.api.post(f"{path}/restore")
    assert (restored.status, restored.codes) == (400, ["USER_ERASED"])
    unknown = chief.api.post("/system/users/01890000-0000-7000-8000-000000000000/erase")
    assert (unknown.status, unknown.codes) == (404, ["USER_NOT_FOUND"])


@pytest.mark.parametrize("who", ["themselves", "by root"])
def test_root_is_not_erased(chief: Account, who: str) -> None:
    answer = (
        chief.api.post("/users/me/erase", {"password": PASSWORD})
        if who == "themselves"
        else chief.api.post(f"/system/users/{chief.user_id}/erase")
    )
    assert (answer.status, answer.codes) == (400, ["CANNOT_DELETE_ROOT"])
