"""Whoever is about to change a row is not in the way of those that merely refer to it."""

from collections.abc import Callable
from uuid import UUID

import jwt
import pytest
from sqlalchemy import text

from shared.identity.adapters.postgres import PostgresIdentity, begin
from shared.infrastructure.database import engine
from tests.accounts import Account, approved_user, root
from tests.api import Api


@pytest.fixture
def chief(api: Api) -> Account:
    return root(api)


@pytest.fixture
def ada(api: Api, chief: Account) -> Account:
    return approved_user(api, chief)


def _session_id(account: Account) -> UUID:
    return UUID(jwt.decode(account.token, options={"verify_signature": False})["sid"])


@pytest.mark.parametrize(
    ("table", "lock"),
    [
        ("users", lambda work, ada: work.users.get_for_update(ada.user_id)),
        ("user_sessions", lambda work, ada: work.sessions.get_for_update(_session_id(ada))),
        ("user_sessions", lambda work, ada: work.sessions.open_ones(ada.user_id)),
        (
            "organizations",
            lambda work, ada: work.organizations.get_for_update(ada.organization_id),
        ),
    ],
)
def test_a_row_that_is_locked_may_be_referred_to(
    ada: Account, table: str, lock: Callable[[PostgresIdentity, Account], object]
) -> None:
    with begin() as work:
        assert lock(work, ada)
        with engine().begin() as other:
            other.execute(text(f"SELECT 1 FROM {table} FOR KEY SHARE NOWAIT"))


def test_so_may_a_deleted_user(chief: Account, ada: Account) -> None:
    assert chief.api.delete(f"/system/users/{ada.user_id}").status == 204
    with begin() as work:
        assert work.users.deleted_for_update(ada.user_id)
        with engine().begin() as other:
            other.execute(text("SELECT 1 FROM users FOR KEY SHARE NOWAIT"))
