"""DELETE /system/users/{user_id}, and back."""

from typing import Any

import pytest

from tests.accounts import PASSWORD, Account, approved_user, register
from tests.accounts import root as make_root
from tests.api import Api, ApiAnswer
from tests.colleagues import colleague
from tests.functions.identity.conftest import Sql


@pytest.fixture
def root(api: Api) -> Account:
    return make_root(api)


@pytest.fixture
def ada(api: Api, root: Account) -> Account:
    return approved_user(api, root, "ada@example.com")


def _delete(root: Account, account: Account, **query: Any) -> ApiAnswer:
    return root.api.delete(f"/system/users/{account.user_id}", **query)


def _restore(root: Account, account: Account) -> ApiAnswer:
    return root.api.post(f"/system/users/{account.user_id}/restore")


def _login(api: Api, account: Account) -> ApiAnswer:
    return api.post("/auth/login", {"email": account.email, "password": PASSWORD})


def test_a_deleted_user_is_nobody(api: Api, root: Account, ada: Account) -> None:
    assert ada.api.get("/auth/me").status == 200
    assert _delete(root, ada).status == 204
    assert ada.api.get("/auth/me").codes == ["INVALID_TOKEN"]
    assert api.post("/auth/refresh", {"refresh_token": ada.refresh_token}).status == 401
    assert _login(api, ada).codes == ["INVALID_CREDENTIALS"]
    assert (_delete(root, ada).status, _delete(root, ada).codes) == (404, ["USER_NOT_FOUND"])


def test_the_address_is_free_and_the_new_account_sees_nothing_of_the_old(
    api: Api, root: Account, ada: Account
) -> None:
    ada.api.post("/posts", {"title": "Mine", "description": "Text"})
    _delete(root, ada)
    again = approved_user(api, root, ada.email)
    assert again.user_id != ada.user_id
    assert again.organization_id != ada.organization_id
    assert again.api.get("/posts").json["data"] == []
    assert ada.api.get("/auth/me").status == 401


def test_restored_one_is_as_before_and_signs_in_anew(api: Api, root: Account, ada: Account) -> None:
    ada.api.post("/posts", {"title": "Mine", "description": "Text"})
    _delete(root, ada)
    answer = _restore(root, ada)
    assert (answer.status, answer.json["status"]) == (200, "active")
    assert ada.api.get("/auth/me").status == 401
    opened = _login(api, ada)
    assert opened.json["user"]["organization"]["id"] == str(ada.organization_id)
    (post,) = api.as_user(opened.json["access_token"]).get("/posts").json["data"]
    assert post["title"] == "Mine"
    assert _restore(root, ada).codes == ["USER_NOT_FOUND"]


def test_a_pending_account_comes_back_pending(api: Api, root: Account) -> None:
    bob = register(api)
    _delete(root, bob)
    assert _restore(root, bob).json["status"] == "pending_approval"


def test_it_stays_deleted_where_somebody_has_the_address_by_now(
    api: Api, root: Account, ada: Account
) -> None:
    _delete(root, ada)
    register(api, ada.email)
    answer = _restore(root, ada)
    assert (answer.status, answer.codes) == (409, ["EMAIL_ALREADY_REGISTERED"])
    assert root.api.get("/system/users/deleted").json["pagination"]["total"] == 1


def test_others_are_not_left_without_an_owner(
    api: Api, root: Account, ada: Account, sql: Sql
) -> None:
    viewer, editor = (colleague(api, root, ada, role) for role in ("viewer", "editor"))
    answer = _delete(root, ada)
    assert (answer.status, answer.codes) == (409, ["LAST_OWNER"])
    (error,) = answer.json["errors"]
    assert error["meta"]["organizations"] == [{"id": str(ada.organization_id), "name": "Ada"}]
    assert ada.api.get("/auth/me").status == 200

    assert _delete(root, ada, hand_over="true").status == 204
    assert editor.api.get("/auth/me").json["roles"] == ["owner"]
    assert viewer.api.get("/auth/me").json["roles"] == ["viewer"]
    told = sql("SELECT subject_id FROM business_events WHERE name = 'OWNERSHIP_TRANSFERRED'")
    assert told == editor.user_id


def test_of_equals_the_one_who_was_there_first_inherits(
    api: Api, root: Account, ada: Account
) -> None:
    first, second = (colleague(api, root, ada, "admin") for _ in range(2))
    _delete(root, ada, hand_over="true")
    assert first.api.get("/auth/me").json["roles"] == ["owner"]
    assert second.api.get("/auth/me").json["roles"] == ["admin"]


def test_those_who_cannot_act_do_not_inherit(api: Api, root: Account, ada: Account) -> None:
    """An organization whose only other member is disabled has nobody to be left."""
    bob = colleague(api, root, ada, "admin")
    root.api.post(f"/system/users/{bob.user_id}/disable")
    assert _delete(root, ada).status == 204


def test_a_second_owner_is_enough(api: Api, root: Account, ada: Account) -> None:
    bob = colleague(api, root, ada, "owner")
    assert _delete(root, ada).status == 204
    assert bob.api.get("/auth/me").json["roles"] == ["owner"]


def test_what_proves_the_person_elsewhere_is_free_again(
    api: Api, root: Account, ada: Account, sql: Sql
) -> None:
    sql(
        "INSERT INTO external_identities (id, user_id, provider, issuer, subject, email,"
        " created_at) VALUES (gen_random_uuid(), :id, 'google', 'https://g', '1', :email, now())",
        id=ada.user_id,
        email=ada.email,
    )
    _delete(root, ada)
    assert sql("SELECT count(*) FROM external_identities") == 0


def test_links_in_mails_are_worth_nothing(api: Api, root: Account, ada: Account, sql: Sql) -> None:
    api.post("/auth/forgot-password", {"email": ada.email})
    _delete(root, ada)
    _restore(root, ada)
    good = "SELECT count(*) FROM one_time_tokens WHERE user_id = :id AND used_at IS NULL"
    assert sql(good, id=ada.user_id) == 0
