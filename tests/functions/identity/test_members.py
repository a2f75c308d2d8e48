"""Members of an organization: shown, and given roles."""

from functools import partial

import pytest

from shared.identity.domain.roles import PERMISSIONS, Role
from shared.kernel.ids import new_id
from tests.accounts import Account
from tests.api import Api
from tests.colleagues import colleague, path, permissions, refused
from tests.functions.identity.conftest import Sql
from tests.functions.identity.managing import assign, grant, remove, revoke
from tests.simultaneously import simultaneously


def test_members_are_listed_by_when_they_joined(api: Api, root: Account, ada: Account) -> None:
    people = [ada, *(colleague(api, root, ada, role) for role in ("admin", "viewer"))]
    page = ada.api.get(path(ada, "members"))
    assert [each["id"] for each in page.json["data"]] == [str(each.user_id) for each in people]
    assert [each["role"] for each in page.json["data"]] == ["owner", "admin", "viewer"]
    assert page.json["pagination"]["total"] == 3
    second = ada.api.get(path(ada, "members"), per_page=2, page=2)
    assert [each["id"] for each in second.json["data"]] == [str(people[2].user_id)]


def test_members_are_found_by_name_and_address(api: Api, root: Account, ada: Account) -> None:
    bob = colleague(api, root, ada)

    def found(search: str) -> list[str]:
        answer = ada.api.get(path(ada, "members"), search=search)
        return [each["id"] for each in answer.json["data"]]

    assert found(bob.email.upper()) == [str(bob.user_id)]
    assert found(ada.email.partition("@")[0]) == [str(ada.user_id)]
    assert found("%") == found("root@") == []


def test_deleted_accounts_are_not_shown(api: Api, root: Account, ada: Account, sql: Sql) -> None:
    bob = colleague(api, root, ada)
    sql("UPDATE users SET deleted_at = now() WHERE id = :id", id=bob.user_id)
    assert len(ada.api.get(path(ada, "members")).json["data"]) == 1
    for answer in (
        ada.api.get(path(ada, "members", bob.user_id)),
        assign(ada, bob, "viewer"),
        remove(ada, bob),
    ):
        assert refused(answer) == (404, ["MEMBER_NOT_FOUND"])


def test_a_member_shows_what_they_may(api: Api, root: Account, ada: Account) -> None:
    bob = colleague(api, root, ada, "user")
    shown = bob.api.get(path(ada, "members", bob.user_id)).json["data"]
    assert (shown["email"], shown["role"], shown["custom_role_id"]) == (bob.email, "user", None)
    assert shown["permissions"] == sorted(PERMISSIONS[Role.USER])
    assert (shown["granted"], shown["status"]) == ([], "active")


@pytest.mark.parametrize("unknown", [str(new_id()), "abc", "%00"])
def test_strangers_are_no_members(root: Account, ada: Account, unknown: str) -> None:
    for member in (unknown, str(root.user_id)):
        one = path(ada, "members", member)
        for answer in (
            ada.api.get(one),
            ada.api.patch(one, {"role": "user"}),
            ada.api.delete(one),
            ada.api.request("PUT", f"{one}/grants/posts:read"),
            ada.api.delete(f"{one}/grants/posts:read"),
        ):
            assert refused(answer) == (404, ["MEMBER_NOT_FOUND"])


def test_a_new_role_holds_from_the_next_request_on(api: Api, root: Account, ada: Account) -> None:
    bob = colleague(api, root, ada, "viewer")
    assert permissions(bob) == PERMISSIONS[Role.VIEWER]
    for role in (Role.ADMIN, Role.USER, Role.EDITOR, Role.OWNER):
        answer = assign(ada, bob, role)
        assert (answer.status, answer.json["data"]["role"]) == (200, role)
        assert permissions(bob) == PERMISSIONS[role]
    assert bob.api.get("/auth/me").json["roles"] == ["owner"]


@pytest.mark.parametrize(
    ("manager", "member", "wanted", "code"),
    [
        ("admin", "editor", "viewer", None),
        ("admin", "viewer", "editor", None),
        ("admin", "editor", "admin", "INSUFFICIENT_ROLE"),
        ("admin", "admin", "viewer", "INSUFFICIENT_ROLE"),
        ("admin", "owner", "viewer", "INSUFFICIENT_ROLE"),
        ("admin", "viewer", "owner", "INSUFFICIENT_ROLE"),
        ("owner", "owner", "admin", "INSUFFICIENT_ROLE"),
        ("owner", "admin", "owner", None),
        ("editor", "viewer", "user", "FORBIDDEN"),
    ],
)
def test_nobody_manages_an_equal_or_higher_member(
    api: Api, root: Account, ada: Account, manager: str, member: str, wanted: str, code: str | None
) -> None:
    by, whom = colleague(api, root, ada, manager), colleague(api, root, ada, member)
    answer = assign(by, whom, wanted)
    if code is None:
        assert (answer.status, answer.json["data"]["role"]) == (200, wanted)
    else:
        assert refused(answer) == (403, [code])
        assert whom.api.get("/auth/me").json["roles"] == [member]


def test_oneself_one_may_only_lower(api: Api, root: Account, ada: Account) -> None:
    bob = colleague(api, root, ada, "admin")
    assert refused(assign(bob, bob, "owner")) == (403, ["INSUFFICIENT_ROLE"])
    assert assign(bob, bob, "editor").json["data"]["role"] == "editor"
    assert refused(assign(bob, bob, "admin")) == (403, ["FORBIDDEN"])


def test_the_last_owner_stays_an_owner(api: Api, root: Account, ada: Account) -> None:
    assert refused(assign(ada, ada, "admin")) == (409, ["LAST_OWNER"])
    colleague(api, root, ada, "owner")
    assert assign(ada, ada, "admin").status == 200


def test_of_two_owners_who_step_down_at_once_one_stays(
    api: Api, root: Account, ada: Account, sql: Sql
) -> None:
    bob = colleague(api, root, ada, "owner")
    answers = simultaneously([partial(assign, each, each, "viewer") for each in (ada, bob)])
    assert sorted(answer.status for answer in answers) == [200, 409]
    owners = "SELECT count(*) FROM memberships WHERE organization_id = :id AND role = 'owner'"
    assert sql(owners, id=ada.organization_id) == 1


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({}, ["ROLE_NEEDED"]),
        ({"role": "user", "custom_role_id": str(new_id())}, ["ROLE_NEEDED"]),
        ({"role": "boss"}, ["VALIDATION_ERROR"]),
        ({"custom_role_id": "x"}, ["VALIDATION_ERROR"]),
    ],
)
def test_wrong_roles_are_refused(ada: Account, body: dict[str, str], codes: list[str]) -> None:
    answer = ada.api.patch(path(ada, "members", ada.user_id), body)
    assert refused(answer) == (400, codes)


def test_a_demotion_races_with_the_use_of_the_role(api: Api, root: Account, ada: Account) -> None:
    """An admin who is demoted while they raise somebody: after it, nothing of theirs works."""
    bob = colleague(api, root, ada, "admin")
    friends = [colleague(api, root, ada, "viewer") for _ in range(3)]
    demoted, *raised = simultaneously(
        [
            partial(assign, ada, bob, "viewer"),
            *(partial(assign, bob, each, "editor") for each in friends),
        ]
    )
    assert demoted.status == 200
    for friend, answer in zip(friends, raised, strict=True):
        assert answer.status in {200, 403}
        role = "editor" if answer.status == 200 else "viewer"
        assert friend.api.get("/auth/me").json["roles"] == [role]
    assert refused(assign(bob, friends[0], "user")) == (403, ["FORBIDDEN"])


def test_a_role_is_given_by_the_administrators_name_for_it_too(
    api: Api, root: Account, ada: Account
) -> None:
    bob = colleague(api, root, ada, "viewer")
    answer = ada.api.patch(f"/system/admin/users/{bob.user_id}/roles", {"role": "editor"})
    assert (answer.status, answer.json["data"]["role"]) == (200, "editor")
    stranger = ada.api.patch(f"/system/admin/users/{root.user_id}/roles", {"role": "user"})
    assert refused(stranger) == (404, ["MEMBER_NOT_FOUND"])


def test_a_key_stands_no_higher_than_its_scopes(api: Api, root: Account, ada: Account) -> None:
    """A key of an owner that may manage members makes nobody an admin."""
    bob = colleague(api, root, ada, "viewer")
    made = ada.api.post(
        "/api-keys", {"name": "Robot", "scopes": ["members:manage", *PERMISSIONS[Role.VIEWER]]}
    )
    assert made.status == 201, made.content
    key = api.as_user(made.json["data"]["key"])
    one = path(ada, "members", bob.user_id)
    assert refused(key.patch(one, {"role": "admin"})) == (403, ["PERMISSION_NOT_HELD"])
    assert key.delete(one).status == 204


def test_root_is_above_everybody_but_leaves_an_owner(api: Api, root: Account, ada: Account) -> None:
    token_owner = colleague(api, root, root, "owner")
    assert assign(root, token_owner, "viewer").status == 200
    assert refused(assign(root, root, "viewer")) == (409, ["LAST_OWNER"])


def test_changes_are_told_with_who_did_them(
    api: Api, root: Account, ada: Account, sql: Sql
) -> None:
    bob = colleague(api, root, ada, "viewer")
    assign(ada, bob, "user")
    grant(ada, bob, "posts:delete")
    revoke(ada, bob, "posts:delete")
    remove(ada, bob)
    told = (
        "SELECT string_agg(name, ' ' ORDER BY occurred_at) FROM business_events"
        " WHERE organization_id = :organization AND subject_id = :bob AND actor_id = :ada"
    )
    assert sql(told, organization=ada.organization_id, bob=bob.user_id, ada=ada.user_id) == (
        "ROLE_ASSIGNED PERMISSION_GRANTED PERMISSION_REVOKED MEMBER_REMOVED"
    )
