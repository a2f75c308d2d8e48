"""Accounts for programs: made, lent keys, changed, taken away."""

from typing import Any

import pytest

from tests.accounts import Account, approved_user, root
from tests.api import Api
from tests.functions.identity.conftest import Sql
from tests.members import member

UNKNOWN = "0192f3a4-5b6c-7d8e-9f00-112233445566"


@pytest.fixture
def chief(api: Api) -> Account:
    """Root, who lets the others in."""
    return root(api)


@pytest.fixture
def ada(api: Api, chief: Account) -> Account:
    return approved_user(api, chief)


def make(person: Api, role: str = "editor", name: str = "Importer") -> Any:
    answer = person.post("/service-accounts", {"name": name, "role": role})
    assert answer.status == 201, answer.content
    return answer.json["data"]


def lend(person: Api, account: Any, *scopes: str) -> Any:
    body = {"name": "Key", "scopes": list(scopes), "service_account_id": account["id"]}
    answer = person.post("/api-keys", body)
    assert answer.status == 201, answer.content
    return answer.json["data"]


def test_a_program_acts_as_its_account(api: Api, ada: Account) -> None:
    account = make(ada.api)
    key = lend(ada.api, account, "posts:read", "posts:write")
    assert key["acts_as"] == {
        "id": account["id"],
        "name": "Importer",
        "is_service_account": True,
    }
    program = api.as_user(key["key"])
    post = program.post("/posts", {"description": "Tea"}).json["data"]
    assert post["created_by"] == account["id"]
    assert ada.api.get(f"/posts/{post['id']}").status == 200


def test_nobody_signs_in_to_it(api: Api, ada: Account, sql: Sql) -> None:
    account = make(ada.api)
    email = sql("SELECT email FROM users WHERE id = :id", id=account["id"])
    assert email == f"{account['id']}@service.invalid"
    assert sql("SELECT password_hash FROM users WHERE id = :id", id=account["id"]) is None


def test_its_role_says_what_its_keys_may_from_the_next_request_on(api: Api, ada: Account) -> None:
    account = make(ada.api, "editor")
    program = api.as_user(lend(ada.api, account, "posts:read", "posts:write")["key"])
    assert program.post("/posts", {"description": "Tea"}).status == 201
    changed = ada.api.patch(f"/service-accounts/{account['id']}", {"role": "viewer", "name": "R"})
    assert (changed.status, changed.json["data"]["role"]) == (200, "viewer")
    assert program.post("/posts", {"description": "Tea"}).codes == ["FORBIDDEN"]
    assert program.get("/posts").status == 200


def test_a_key_cannot_say_more_than_the_role(ada: Account) -> None:
    account = make(ada.api, "viewer")
    body = {"name": "Key", "scopes": ["posts:write"], "service_account_id": account["id"]}
    refused = ada.api.post("/api-keys", body)
    assert (refused.status, refused.codes) == (400, ["SCOPE_NOT_HELD"])


def test_deleting_it_ends_its_keys(api: Api, ada: Account) -> None:
    account = make(ada.api)
    key = lend(ada.api, account, "posts:read")
    assert api.as_user(key["key"]).get("/posts").status == 200
    assert ada.api.delete(f"/service-accounts/{account['id']}").status == 204
    assert api.as_user(key["key"]).get("/posts").codes == ["INVALID_API_KEY"]
    assert ada.api.get(f"/service-accounts/{account['id']}").codes == ["SERVICE_ACCOUNT_NOT_FOUND"]
    assert ada.api.get(f"/api-keys/{key['id']}").json["data"]["status"] == "revoked"
    assert ada.api.get("/service-accounts").json["data"] == []


@pytest.mark.parametrize(
    ("role", "wanted", "codes"),
    [
        ("owner", "admin", []),
        ("owner", "owner", ["SERVICE_ACCOUNT_CANNOT_OWN"]),
        ("admin", "editor", []),
        ("admin", "admin", ["INSUFFICIENT_ROLE"]),
        ("editor", "viewer", ["FORBIDDEN"]),
    ],
)
def test_its_role_is_below_that_of_its_maker(
    api: Api, chief: Account, ada: Account, role: str, wanted: str, codes: list[str]
) -> None:
    maker = member(api, chief, ada.organization_id, role)
    answer = maker.post("/service-accounts", {"name": "x", "role": wanted})
    assert (answer.codes if codes else answer.status) == (codes or 201)


def test_one_above_is_not_managed(api: Api, chief: Account, ada: Account) -> None:
    account = make(ada.api, "admin")
    admin = member(api, chief, ada.organization_id, "admin")
    path = f"/service-accounts/{account['id']}"
    for answer in (admin.patch(path, {"name": "Mine"}), admin.delete(path)):
        assert (answer.status, answer.codes) == (403, ["INSUFFICIENT_ROLE"])


def test_nobody_gets_a_key_of_an_equal(api: Api, chief: Account, ada: Account) -> None:
    """Whoever was removed since would go on as an admin by it."""
    account = make(ada.api, "admin")
    key = lend(ada.api, account, "posts:read")
    admin = member(api, chief, ada.organization_id, "admin")
    body = {"name": "x", "scopes": ["posts:read"], "service_account_id": account["id"]}
    for answer in (admin.post("/api-keys", body), admin.post(f"/api-keys/{key['id']}/rotate")):
        assert (answer.status, answer.codes) == (403, ["INSUFFICIENT_ROLE"])
    assert api.as_user(key["key"]).get("/posts").status == 200


def test_who_manages_rotates_its_keys(api: Api, chief: Account, ada: Account) -> None:
    key = lend(ada.api, make(ada.api), "posts:read")
    admin = member(api, chief, ada.organization_id, "admin")
    answer = admin.post(f"/api-keys/{key['id']}/rotate")
    assert answer.status == 200, answer.content
    assert api.as_user(answer.json["data"]["key"]).get("/posts").status == 200
    editor = member(api, chief, ada.organization_id, "editor")
    refused = editor.post(f"/api-keys/{answer.json['data']['id']}/rotate")
    assert refused.codes == ["API_KEY_ACCESS_DENIED"]


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
@pytest.mark.parametrize("named", [UNKNOWN, "x", "a person"])
def test_what_is_none_is_not_found(ada: Account, method: str, named: str) -> None:
    account_id = ada.user_id if named == "a person" else named
    answer = ada.api.request(method, f"/service-accounts/{account_id}", json={"name": "x"})
    assert (answer.status, answer.codes) == (404, ["SERVICE_ACCOUNT_NOT_FOUND"])


def test_another_organizations_makes_no_keys_for_us(api: Api, chief: Account, ada: Account) -> None:
    account = make(ada.api)
    bob = approved_user(api, chief)
    body = {"name": "x", "scopes": ["posts:read"], "service_account_id": account["id"]}
    refused = bob.api.post("/api-keys", body)
    assert (refused.status, refused.codes) == (403, ["SERVICE_ACCOUNT_ACCESS_DENIED"])


def test_what_happens_is_told(ada: Account, sql: Sql) -> None:
    account = make(ada.api)
    lend(ada.api, account, "posts:read")
    ada.api.patch(f"/service-accounts/{account['id']}", {"name": "Other"})
    ada.api.delete(f"/service-accounts/{account['id']}")
    told = sql(
        "SELECT array_agg(name ORDER BY name) FROM business_events"
        " WHERE name LIKE 'SERVICE%' OR name LIKE 'API_KEY%'"
    )
    assert told == [
        "API_KEY_CREATED",
        "API_KEY_REVOKED",
        "SERVICE_ACCOUNT_CREATED",
        "SERVICE_ACCOUNT_DELETED",
        "SERVICE_ACCOUNT_UPDATED",
    ]
