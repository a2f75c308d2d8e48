"""The database commits, and the answer that says so is lost on its way."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, event

from tests.accounts import Account, approved_user, root
from tests.api import Api


@pytest.fixture
def chief(api: Api) -> Account:
    return root(api)


@pytest.fixture
def ada(api: Api, chief: Account) -> Account:
    return approved_user(api, chief)


@pytest.fixture
def lose_answer(database: None) -> Iterator[Callable[[str], None]]:
    """Lose the answer to the next commit of a transaction that writes to a table."""
    from shared.infrastructure.database import engine

    lost: list[str] = []
    writing: set[str] = set()

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        writing.update(table for table in lost if f"UPDATE {table} SET" in statement)

    def commit(connection: Connection) -> None:
        if writing:
            lost.clear()
            writing.clear()
            driver: Any = connection.connection.driver_connection
            driver.execute("COMMIT")
            driver.close()

    event.listen(engine(), "before_cursor_execute", note)
    event.listen(engine(), "commit", commit)
    yield lost.append
    event.remove(engine(), "commit", commit)
    event.remove(engine(), "before_cursor_execute", note)


def test_who_was_shut_out_is_out(
    chief: Account, ada: Account, lose_answer: Callable[[str], None]
) -> None:
    assert ada.api.get("/auth/me").status == 200
    lose_answer("users")
    answer = chief.api.post(f"/system/users/{ada.user_id}/disable")
    assert (answer.status, answer.codes) == (503, ["DATABASE_UNAVAILABLE"])
    assert chief.api.get(f"/system/users/{ada.user_id}").json["data"]["status"] == "disabled"
    assert ada.api.get("/auth/me").status in {401, 403}


def test_a_revoked_key_opens_nothing(
    api: Api, ada: Account, lose_answer: Callable[[str], None]
) -> None:
    made = ada.api.post("/api-keys", {"name": "Import", "scopes": ["posts:read"]}).json["data"]
    program = api.as_user(made["key"])
    assert program.get("/posts").status == 200
    lose_answer("api_keys")
    assert ada.api.delete(f"/api-keys/{made['id']}").codes == ["DATABASE_UNAVAILABLE"]
    assert program.get("/posts").codes == ["INVALID_API_KEY"]
