"""/acl: the permissions there are, and what the caller may do, many at once."""

from typing import Any
from uuid import UUID

import pytest

from shared.identity.domain.permissions import CATALOGUE
from shared.kernel.ids import new_id
from tests.accounts import Account, approved_user
from tests.accounts import root as make_root
from tests.api import Api
from tests.colleagues import colleague, custom_role, path


@pytest.fixture
def root(api: Api) -> Account:
    return make_root(api)


@pytest.fixture
def ada(api: Api, root: Account) -> Account:
    return approved_user(api, root)


def decisions(api: Api, *checks: tuple[str, object]) -> list[str | None]:
    """How far each permission reaches; None where it does not."""
    asked = []
    for word, thing in checks:
        resource, _, action = word.partition(":")
        asked.append({"resource": resource, "action": action} | _about(thing))
    answer = api.post("/acl/check", {"checks": asked})
    assert answer.status == 200, answer.content
    found: list[dict[str, Any]] = answer.json["data"]
    assert [(each["resource"], each["action"]) for each in found] == [
        (each["resource"], each["action"]) for each in asked
    ]
    assert all(each["allowed"] is (each["condition"] is not None) for each in found)
    return [each["condition"] for each in found]


def _about(thing: object) -> dict[str, str]:
    return {} if thing is None else {"resource_id": str(thing)}


def post(account: Account) -> UUID:
    answer = account.api.post("/posts", {"description": "Hello"})
    assert answer.status == 201, answer.content
    return UUID(answer.json["data"]["id"])


def test_the_catalogue_says_what_the_caller_holds(api: Api, root: Account, ada: Account) -> None:
    bob = colleague(api, root, ada, "user")
    found = {each["permission"]: each for each in bob.api.get("/acl/permissions").json["data"]}
    assert found.keys() == CATALOGUE.keys()
    assert found["posts:write"] == {
        "permission": "posts:write",
        "resource": "posts",
        "action": "write",
        "description": "write and change posts and their variants",
        "conditions": ["own", "any"],
        "held": "own",
    }
    assert (found["posts:read"]["held"], found["channels:connect"]["held"]) == ("any", None)
    assert found["channels:connect"]["conditions"] == ["any"]


def test_many_questions_are_answered_in_their_order(api: Api, root: Account, ada: Account) -> None:
    bob = colleague(api, root, ada, "user")
    asked = ["posts:read", "posts:write", "members:manage", "schedules:write", "users:read"]
    assert decisions(bob.api, *((word, None) for word in asked)) == [
        "any",
        "own",
        None,
        "own",
        None,
    ]


@pytest.mark.parametrize("word", ["posts:fly", "cakes:bake", ":", "posts:write:own", "posts:"])
def test_what_is_no_permission_nobody_holds(root: Account, ada: Account, word: str) -> None:
    for account in (root, ada):
        assert decisions(account.api, (word, None), (word, new_id())) == [None, None]


def test_own_reaches_what_one_has_written(api: Api, root: Account, ada: Account) -> None:
    bob = colleague(api, root, ada, "user")
    mine, hers = post(bob), post(ada)
    asked = [
        ("posts:write", mine),
        ("posts:write", hers),
        ("posts:read", hers),
        ("posts:delete", mine),
    ]
    assert decisions(bob.api, *asked) == ["own", None, "any", "own"]
    assert decisions(ada.api, *asked) == ["any"] * 4


def test_other_organizations_things_and_unknown_ones_are_out_of_reach(
    api: Api, root: Account, ada: Account
) -> None:
    role = custom_role(root, "theirs", "posts:read")
    asked = [
        ("posts:read", post(root)),
        ("organization:update", root.organization_id),
        ("members:manage", root.user_id),
        ("roles:manage", role),
        *((word, new_id()) for word in CATALOGUE),
    ]
    assert decisions(ada.api, *asked) == [None] * len(asked)


@pytest.mark.usefixtures("simulator")
def test_ones_own_organizations_things_are_within_reach(
    api: Api, root: Account, ada: Account
) -> None:
    role = custom_role(ada, "guest", "posts:read")
    bob = colleague(api, root, ada)
    connection = ada.api.post(
        "/channels/connect", {"channel_id": "mastodon", "mock_connection": True}
    )
    assert connection.status == 201, connection.content
    key = ada.api.post("/api-keys", {"name": "Robot", "scopes": ["posts:read"]})
    assert key.status == 201, key.content
    asked: list[tuple[str, object]] = [
        ("organization:update", ada.organization_id),
        ("members:manage", bob.user_id),
        ("roles:manage", role),
        ("api_keys:manage", key.json["data"]["id"]),
        ("channels:disconnect", connection.json["id"]),
    ]
    assert decisions(ada.api, *asked) == ["any"] * len(asked)
    assert decisions(bob.api, *asked) == [None] * len(asked)


def test_root_may_what_is_the_platforms(root: Account, ada: Account) -> None:
    assert decisions(root.api, ("users:approve", None), ("posts:write", None)) == ["any", "any"]
    assert decisions(ada.api, ("users:approve", None)) == [None]


def test_a_changed_role_changes_the_answer_at_once(api: Api, root: Account, ada: Account) -> None:
    bob = colleague(api, root, ada, "viewer")
    assert decisions(bob.api, ("posts:write", None)) == [None]
    ada.api.patch(path(ada, "members", bob.user_id), {"role": "editor"})
    assert decisions(bob.api, ("posts:write", None)) == ["any"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"checks": []},
        {"checks": [{"resource": "posts"}]},
        {"checks": [{"resource": "posts", "action": "read", "resource_id": "x"}]},
        {"checks": [{"resource": "x" * 61, "action": "read"}]},
        {"checks": [{"resource": "posts", "action": "read"}] * 101},
        {"checks": "posts:read"},
    ],
)
def test_wrong_questions_are_refused(ada: Account, body: dict[str, object]) -> None:
    answer = ada.api.post("/acl/check", body)
    assert (answer.status, set(answer.codes)) == (400, {"VALIDATION_ERROR"})


def test_strangers_are_told_nothing(api: Api) -> None:
    for answer in (api.get("/acl/permissions"), api.post("/acl/check", {"checks": []})):
        assert (answer.status, answer.codes) == (401, ["UNAUTHORIZED"])
