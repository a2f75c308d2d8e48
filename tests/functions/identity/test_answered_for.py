"""Programs of an organization act while somebody can answer for them."""

from uuid import UUID

import pytest

from tests.accounts import Account, approved_user
from tests.accounts import root as make_root
from tests.api import Api, ApiAnswer
from tests.colleagues import colleague


@pytest.fixture
def root(api: Api) -> Account:
    return make_root(api)


@pytest.fixture
def ada(api: Api, root: Account) -> Account:
    return approved_user(api, root, "ada@example.com")


@pytest.fixture
def key(ada: Account) -> str:
    """Of a service account of Ada's organization."""
    made = ada.api.post("/service-accounts", {"name": "Import", "role": "editor"})
    assert made.status == 201, made.content
    answer = ada.api.post(
        "/api-keys",
        {"name": "Import", "scopes": ["posts:read"], "service_account_id": made.json["data"]["id"]},
    )
    assert answer.status == 201, answer.content
    shown: str = answer.json["data"]["key"]
    return shown


def _posts(api: Api, key: str) -> ApiAnswer:
    return api.request("GET", "/posts", headers={"X-API-Key": key})


def test_a_program_rests_with_the_only_owner(
    api: Api, root: Account, ada: Account, key: str
) -> None:
    assert _posts(api, key).status == 200
    root.api.post(f"/system/users/{ada.user_id}/disable")
    answer = _posts(api, key)
    assert (answer.status, answer.codes) == (403, ["ACCOUNT_DISABLED"])
    root.api.post(f"/system/users/{ada.user_id}/enable")
    assert _posts(api, key).status == 200
    root.api.delete(f"/system/users/{ada.user_id}")
    assert _posts(api, key).status == 403
    root.api.post(f"/system/users/{ada.user_id}/restore")
    assert _posts(api, key).status == 200


def test_another_owner_answers_for_it(api: Api, root: Account, ada: Account, key: str) -> None:
    colleague(api, root, ada, "owner")
    root.api.post(f"/system/users/{ada.user_id}/disable")
    assert _posts(api, key).status == 200


def test_an_admin_does_not(api: Api, root: Account, ada: Account, key: str) -> None:
    colleague(api, root, ada, "admin")
    root.api.post(f"/system/users/{ada.user_id}/disable")
    assert _posts(api, key).status == 403


def test_nor_does_what_it_has_scheduled_leave(root: Account, ada: Account, key: str) -> None:
    from shared.identity.api import active_users
    from shared.infrastructure.database import transaction

    (program,) = ada.api.get("/service-accounts").json["data"]
    for change, leaves in (("disable", False), ("enable", True)):
        root.api.post(f"/system/users/{ada.user_id}/{change}")
        with transaction() as session:
            asked = [UUID(program["id"]), root.user_id]
            assert active_users(session, asked) == {*asked[not leaves :]}
