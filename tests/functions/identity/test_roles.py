"""Roles: the built-in ones, and those an organization makes of permission words."""

from functools import partial
from typing import Any

import pytest

from shared.identity.domain.roles import PERMISSIONS, Role
from shared.kernel.ids import new_id
from tests.accounts import Account, approved_user
from tests.accounts import root as make_root
from tests.api import Api, ApiAnswer
from tests.colleagues import colleague, custom_role, invite, path, permissions, refused
from tests.functions.identity.conftest import Sql
from tests.simultaneously import simultaneously


@pytest.fixture
def root(api: Api) -> Account:
    return make_root(api)


@pytest.fixture
def ada(api: Api, root: Account) -> Account:
    return approved_user(api, root)


def create(by: Account, **body: Any) -> ApiAnswer:
    given = {"slug": "guest", "name": "Guest", "permissions": ["posts:read"], **body}
    return by.api.post(path(by, "roles"), given)


def change(by: Account, role_id: str, **body: Any) -> ApiAnswer:
    return by.api.patch(path(by, "roles", role_id), body)


def assign(by: Account, member: Account, **choice: str) -> ApiAnswer:
    return by.api.patch(path(by, "members", member.user_id), choice)


def listed(account: Account) -> dict[str, dict[str, Any]]:
    answer = account.api.get(path(account, "roles"))
    assert answer.status == 200, answer.content
    return {each["slug"]: each for each in answer.json["data"]}


def test_the_built_in_roles_come_first_with_how_many_have_them(
    api: Api, root: Account, ada: Account
) -> None:
    role_id = custom_role(ada, "guest", "posts:read")
    colleague(api, root, ada, "viewer")
    colleague(api, root, ada, custom_role_id=role_id)
    found = listed(ada)
    assert list(found) == ["owner", "admin", "editor", "user", "viewer", "guest"]
    assert [each["members"] for each in found.values()] == [1, 0, 0, 0, 1, 1]
    assert found["user"]["permissions"] == sorted(PERMISSIONS[Role.USER])
    assert found["owner"]["id"] is None
    assert found["guest"]["id"] == role_id


def test_a_role_is_made_of_words(ada: Account) -> None:
    answer = create(
        ada,
        slug="guest-writer_2",
        name="<i>Guest</i> writer",
        description="Writes now and then",
        permissions=["posts:write:own", "posts:read", "posts:read"],
    )
    assert answer.status == 201
    made = answer.json["data"]
    assert made["permissions"] == ["posts:read", "posts:write:own"]
    assert (made["name"], made["description"]) == ("Guest writer", "Writes now and then")
    assert ada.api.get(path(ada, "roles", made["id"])).json["data"] == made


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"slug": "owner"}, "INVALID_ROLE_SLUG"),
        ({"slug": ""}, "INVALID_ROLE_SLUG"),
        ({"slug": "Gäste"}, "INVALID_ROLE_SLUG"),
        ({"slug": "x" * 61}, "INVALID_ROLE_SLUG"),
        ({"slug": "guest\n"}, "INVALID_ROLE_SLUG"),
        ({"name": "<b></b>"}, "VALIDATION_ERROR"),
        ({"description": "x" * 1001}, "VALIDATION_ERROR"),
        ({"permissions": ["posts:fly"]}, "UNKNOWN_PERMISSION"),
        ({"permissions": ["users:approve"]}, "UNKNOWN_PERMISSION"),
        ({"permissions": ["members:manage:own"]}, "UNKNOWN_PERMISSION"),
        ({"permissions": "posts:read"}, "VALIDATION_ERROR"),
        ({"permissions": [f"x:{number}" for number in range(101)]}, "VALIDATION_ERROR"),
        ({"permissions": ["\u0000"]}, "UNKNOWN_PERMISSION"),
        ({"description": "\u0000"}, "VALIDATION_ERROR"),
    ],
)
def test_wrong_roles_are_refused(ada: Account, body: dict[str, Any], code: str) -> None:
    assert refused(create(ada, **body)) == (400, [code])


def test_a_slug_is_taken_once_and_free_again_when_its_role_is_deleted(ada: Account) -> None:
    role_id = custom_role(ada, "guest", "posts:read")
    assert refused(create(ada)) == (409, ["ROLE_SLUG_TAKEN"])
    assert ada.api.delete(path(ada, "roles", role_id)).status == 204
    assert create(ada).status == 201


def test_of_simultaneous_roles_with_one_slug_one_is_made(ada: Account) -> None:
    answers = simultaneously([partial(create, ada)] * 4)
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409]


def test_an_organization_has_so_many_roles_and_no_more(ada: Account, sql: Sql) -> None:
    sql(
        "INSERT INTO custom_roles (id, organization_id, slug, name, permissions, created_by,"
        " created_at, updated_at) SELECT gen_random_uuid(), :organization, 'r' || n, 'R', '{}',"
        " :user, now(), now() FROM generate_series(1, 50) n",
        organization=ada.organization_id,
        user=ada.user_id,
    )
    assert refused(create(ada)) == (409, ["TOO_MANY_ROLES"])


def test_a_custom_role_says_all_that_its_member_may(api: Api, root: Account, ada: Account) -> None:
    role_id = custom_role(ada, "guest", "posts:read", "posts:write:own")
    bob = colleague(api, root, ada, custom_role_id=role_id)
    me = bob.api.get("/auth/me").json
    assert (me["roles"], me["permissions"]) == (["guest"], ["posts:read", "posts:write:own"])
    assert me["organization"]["role"] == "guest"
    assert bob.api.get("/posts").status == 200
    assert bob.api.get("/channels/connections").codes == ["FORBIDDEN"]
    assert bob.api.get(path(ada, "members")).codes == ["FORBIDDEN"]


def test_a_changed_role_holds_for_all_its_members_from_the_next_request_on(
    api: Api, root: Account, ada: Account
) -> None:
    """A bulk effect: no row of any of them is written, and each of them was cached."""
    role_id = custom_role(ada, "guest", "posts:read")
    members = [colleague(api, root, ada, custom_role_id=role_id) for _ in range(3)]
    assert [permissions(each) for each in members] == [{"posts:read"}] * 3
    assert change(ada, role_id, permissions=["posts:read", "posts:write"]).status == 200
    assert [permissions(each) for each in members] == [{"posts:read", "posts:write"}] * 3
    assert members[0].api.post("/posts", {"description": "Hello"}).status == 201
    assert change(ada, role_id, permissions=[]).status == 200
    assert [each.api.get("/posts").codes for each in members] == [["FORBIDDEN"]] * 3


def test_changing_only_what_is_given(ada: Account) -> None:
    role_id = custom_role(ada, "guest", "posts:read")
    before = ada.api.get(path(ada, "roles", role_id)).json["data"]
    after = change(ada, role_id, name="Visitor").json["data"]
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"name", "updated_at"}
    assert refused(change(ada, role_id, permissions=["x:y"])) == (400, ["UNKNOWN_PERMISSION"])
    assert refused(change(ada, role_id, name="")) == (400, ["VALIDATION_ERROR"])


def test_a_role_in_use_stays(api: Api, root: Account, ada: Account) -> None:
    role_id = custom_role(ada, "guest", "posts:read")
    members = [colleague(api, root, ada, custom_role_id=role_id) for _ in range(2)]
    sent = invite(ada, "new@example.com", custom_role_id=role_id).json["data"]["id"]
    one = path(ada, "roles", role_id)
    refusal = ada.api.delete(one)
    assert refused(refusal) == (409, ["ROLE_IN_USE"])
    assert refusal.json["errors"][0]["meta"] == {"members": 2, "invitations": 1}
    for each in members:
        assert assign(ada, each, role="viewer").status == 200
    refusal = ada.api.delete(one)
    assert refusal.json["errors"][0]["meta"] == {"members": 0, "invitations": 1}
    ada.api.delete(path(ada, "invitations", sent))
    assert ada.api.delete(one).status == 204
    assert refused(ada.api.get(one)) == (404, ["ROLE_NOT_FOUND"])
    assert refused(assign(ada, members[0], custom_role_id=role_id)) == (404, ["ROLE_NOT_FOUND"])


def test_deleting_a_role_races_with_giving_it(api: Api, root: Account, ada: Account) -> None:
    role_id = custom_role(ada, "guest", "posts:read")
    bob = colleague(api, root, ada, "viewer")
    given, deleted = simultaneously(
        [
            partial(assign, ada, bob, custom_role_id=role_id),
            partial(ada.api.delete, path(ada, "roles", role_id)),
        ]
    )
    assert (given.status, deleted.status) in {(200, 409), (404, 204)}


def test_whose_role_was_deleted_while_they_were_is_a_viewer_when_restored(
    api: Api, root: Account, ada: Account, sql: Sql
) -> None:
    role_id = custom_role(ada, "guest", "posts:read", "posts:write")
    bob = colleague(api, root, ada, custom_role_id=role_id)
    sql("UPDATE users SET deleted_at = now() WHERE id = :id", id=bob.user_id)
    assert ada.api.delete(path(ada, "roles", role_id)).status == 204
    sql("UPDATE users SET deleted_at = NULL WHERE id = :id", id=bob.user_id)
    assert permissions(bob) == PERMISSIONS[Role.VIEWER]


def test_nobody_makes_or_changes_a_role_that_is_not_below_their_own(
    api: Api, root: Account, ada: Account
) -> None:
    everything = sorted(PERMISSIONS[Role.ADMIN])
    admin = colleague(api, root, ada, "admin")
    assert refused(create(admin, permissions=everything)) == (403, ["INSUFFICIENT_ROLE"])
    made = create(ada, slug="deputy", permissions=everything).json["data"]["id"]
    assert refused(change(admin, made, permissions=[])) == (403, ["INSUFFICIENT_ROLE"])
    bob = colleague(api, root, ada, "viewer")
    assert refused(assign(admin, bob, custom_role_id=made)) == (403, ["INSUFFICIENT_ROLE"])
    assert assign(ada, bob, custom_role_id=made).status == 200
    assert refused(assign(admin, bob, role="viewer")) == (403, ["INSUFFICIENT_ROLE"])


def test_nobody_raises_the_role_they_have(api: Api, root: Account, ada: Account) -> None:
    keeper = custom_role(ada, "keeper", "roles:manage", "members:manage", "members:read")
    bob = colleague(api, root, ada, custom_role_id=keeper)
    own = change(bob, keeper, permissions=["roles:manage"])
    assert refused(own) == (403, ["INSUFFICIENT_ROLE"])
    lacking = create(bob, permissions=["posts:read"])
    assert refused(lacking) == (403, ["PERMISSION_NOT_HELD"])
    assert create(bob, permissions=["members:read"]).status == 201
    assert refused(assign(bob, bob, role="admin")) == (403, ["INSUFFICIENT_ROLE"])


def test_roles_are_for_who_may_manage_them(api: Api, root: Account, ada: Account) -> None:
    role_id = custom_role(ada, "guest", "posts:read")
    bob = colleague(api, root, ada, "editor")
    assert set(listed(bob)) > {"guest"}
    for answer in (
        create(bob, slug="mine"),
        change(bob, role_id, name="Mine"),
        bob.api.delete(path(ada, "roles", role_id)),
    ):
        assert refused(answer) == (403, ["FORBIDDEN"])


def test_another_organizations_roles_are_out_of_reach(root: Account, ada: Account) -> None:
    theirs = custom_role(root, "theirs", "posts:read")
    assert "theirs" not in listed(ada)
    for role_id, status, code in (
        (theirs, 403, "ROLE_ACCESS_DENIED"),
        (str(new_id()), 404, "ROLE_NOT_FOUND"),
        ("abc", 404, "ROLE_NOT_FOUND"),
    ):
        one = path(ada, "roles", role_id)
        for answer in (
            ada.api.get(one),
            ada.api.patch(one, {"name": "X"}),
            ada.api.delete(one),
        ):
            assert refused(answer) == (status, [code])
