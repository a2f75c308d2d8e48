"""Permissions that a member is given beyond their role."""

from functools import partial

import pytest

from shared.identity.domain.roles import PERMISSIONS, Role
from tests.accounts import Account
from tests.api import Api
from tests.colleagues import colleague, custom_role, path, permissions, refused
from tests.functions.identity.conftest import Sql
from tests.functions.identity.managing import grant, revoke
from tests.simultaneously import simultaneously


def test_a_grant_adds_to_the_role_and_is_taken_back(api: Api, root: Account, ada: Account) -> None:
    bob = colleague(api, root, ada, "viewer")
    for _ in range(2):
        shown = grant(ada, bob, "channels:connect")
        assert (shown.status, shown.json["data"]["granted"]) == (200, ["channels:connect"])
    assert permissions(bob) == PERMISSIONS[Role.VIEWER] | {"channels:connect"}
    assert revoke(ada, bob, "channels:connect").status == 204
    assert permissions(bob) == PERMISSIONS[Role.VIEWER]
    assert refused(revoke(ada, bob, "channels:connect")) == (404, ["GRANT_NOT_FOUND"])


def test_of_simultaneous_grants_one_is_told_of(
    api: Api, root: Account, ada: Account, sql: Sql
) -> None:
    bob = colleague(api, root, ada, "viewer")
    answers = simultaneously([partial(grant, ada, bob, "posts:write")] * 4)
    assert {answer.status for answer in answers} == {200}
    assert sql("SELECT count(*) FROM business_events WHERE name = 'PERMISSION_GRANTED'") == 1


def test_grants_are_set_all_at_once(api: Api, root: Account, ada: Account) -> None:
    bob = colleague(api, root, ada, "viewer")
    both = (
        (path(ada, "members", bob.user_id, "grants"), "PUT"),
        (
            f"/system/admin/users/{bob.user_id}/permissions",
            "PATCH",
        ),
    )
    for words in (["posts:write", "posts:delete"], ["posts:delete", "channels:connect"], []):
        for one, method in both:
            answer = ada.api.request(method, one, json={"permissions": words})
            assert (answer.status, answer.json["data"]["granted"]) == (200, sorted(words))
        assert permissions(bob) == PERMISSIONS[Role.VIEWER] | set(words)


def test_of_many_grants_none_is_given_that_one_does_not_hold(
    api: Api, root: Account, ada: Account
) -> None:
    keeper = custom_role(ada, "keeper", "members:read", "posts:read", "roles:manage")
    by = colleague(api, root, ada, custom_role_id=keeper)
    poor = colleague(api, root, ada, custom_role_id=custom_role(ada, "poor", "posts:read"))
    one = f"/system/admin/users/{poor.user_id}/permissions"
    lacking = by.api.patch(one, {"permissions": ["members:read", "posts:write"]})
    assert refused(lacking) == (403, ["PERMISSION_NOT_HELD"])
    unknown = by.api.patch(one, {"permissions": ["posts:fly"]})
    assert refused(unknown) == (400, ["UNKNOWN_PERMISSION"])
    assert permissions(poor) == {"posts:read"}


@pytest.mark.parametrize("word", ["posts:fly", "users:read", "channels:connect:own", "posts"])
def test_only_words_that_mean_something_are_granted(ada: Account, word: str) -> None:
    assert refused(grant(ada, ada, word)) == (400, ["UNKNOWN_PERMISSION"])


def test_nobody_grants_what_they_do_not_hold(api: Api, root: Account, ada: Account) -> None:
    role_id = custom_role(ada, "keeper", "members:read", "posts:read", "roles:manage")
    keeper = colleague(api, root, ada, custom_role_id=role_id)
    poor = custom_role(ada, "poor", "posts:read")
    bob = colleague(api, root, ada, custom_role_id=poor)
    assert grant(keeper, bob, "members:read").status == 200
    answer = grant(keeper, bob, "posts:write")
    assert refused(answer) == (403, ["PERMISSION_NOT_HELD"])
    assert answer.json["errors"][0]["meta"] == {"permissions": ["posts:write"]}
    assert refused(grant(keeper, keeper, "posts:read")) == (403, ["INSUFFICIENT_ROLE"])
    assert refused(grant(keeper, ada, "posts:read")) == (403, ["INSUFFICIENT_ROLE"])
    assert refused(revoke(bob, keeper, "posts:read")) == (403, ["FORBIDDEN"])
