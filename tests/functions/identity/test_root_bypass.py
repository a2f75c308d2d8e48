"""What root does beyond their role in an organization is written down; nothing else is."""

import pytest

from tests.accounts import Account, approved_user, root
from tests.api import Api
from tests.functions.identity.conftest import Sql

COUNT = "SELECT count(*) FROM business_events WHERE name = 'ROOT_BYPASS'"


@pytest.fixture
def chief(api: Api) -> Account:
    return root(api)


def demote(chief: Account, sql: Sql, role: str) -> None:
    sql("UPDATE memberships SET role = :role WHERE user_id = :id", role=role, id=chief.user_id)
    _forget()


def _forget() -> None:
    from shared.identity.adapters.cached_access import user_key
    from shared.identity.adapters.tables import users
    from shared.infrastructure.cache import cache
    from shared.infrastructure.database import transaction

    with transaction() as session:
        everybody = session.scalars(users.select().with_only_columns(users.c.id)).all()
    cache().delete_many(user_key(each) for each in everybody)


def test_a_change_that_only_the_flag_allows_is_told(chief: Account, sql: Sql) -> None:
    demote(chief, sql, "viewer")
    assert chief.api.post("/posts", {"description": "Tea"}).status == 201
    assert sql(COUNT) == 1
    details = sql("SELECT details FROM business_events WHERE name = 'ROOT_BYPASS'")
    assert details == {
        "permission": "posts:write",
        "request": "POST /api/v1/posts",
        "role": "viewer",
    }


def test_to_look_is_no_change(chief: Account, sql: Sql) -> None:
    demote(chief, sql, "viewer")
    assert chief.api.get("/service-accounts").status == 200
    assert sql(COUNT) == 0


def test_what_the_role_allows_bypasses_nothing(chief: Account, sql: Sql) -> None:
    demote(chief, sql, "editor")
    assert chief.api.post("/posts", {"description": "Tea"}).status == 201
    assert sql(COUNT) == 0


def test_nor_does_what_is_roots_by_office(api: Api, chief: Account, sql: Sql) -> None:
    approved_user(api, chief)
    assert sql(COUNT) == 0


def test_whoever_is_not_root_bypasses_nothing(api: Api, chief: Account, sql: Sql) -> None:
    ada = approved_user(api, chief)
    sql("UPDATE memberships SET role = 'viewer' WHERE user_id = :id", id=ada.user_id)
    _forget()
    assert ada.api.post("/posts", {"description": "Tea"}).codes == ["FORBIDDEN"]
    assert sql(COUNT) == 0
