"""Members of an organization: shown, given roles and permissions, removed."""

from functools import partial
from typing import Any

import pytest

from shared.identity.domain.roles import PERMISSIONS, Role
from shared.kernel.ids import new_id
from tests.accounts import PASSWORD, Account, approved_user
from tests.accounts import root as make_root
from tests.api import Api, ApiAnswer
from tests.colleagues import colleague, custom_role, invited, path, permissions, switched
from tests.functions.identity.conftest import Sql
from tests.simultaneously import simultaneously


@pytest.fixture
def root(api: Api) -> Account:
    return make_root(api)


@pytest.fixture
def ada(api: Api, root: Account) -> Account:
    return approved_user(api, root, "ada@example.com")


def refused(answer: ApiAnswer) -> tuple[int, list[str]]:
    return answer.status, answer.codes


def assign(by: Account, member: Account, role: str | None = None, **choice: Any) -> ApiAnswer:
    body = choice if role is None else {"role": role}
    return by.api.patch(path(by, "members", member.user_id), body)


def remove(by: Account, member: Account) -> ApiAnswer:
    return by.api.delete(path(by, "members", member.user_id))


def grant(by: Account, member: Account, permission: str) -> ApiAnswer:
    return by.api.request("PUT", path(by, "members", member.user_id, "grants", permission))


def revoke(by: Account, member: Account, permission: str) -> ApiAnswer:
    return by.api.delete(path(by, "members", member.user_id, "grants", permission))


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
    assert found("ada@") == [str(ada.user_id)]
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


def test_a_removed_member_is_out_at_once(api: Api, root: Account, ada: Account, sql: Sql) -> None:
    bob = colleague(api, root, ada)
    login = api.post("/auth/login", {"email": bob.email, "password": PASSWORD}).json
    at_home = api.as_user(login["access_token"])
    assert remove(ada, bob).status == 204
    assert refused(bob.api.get("/auth/me")) == (401, ["INVALID_TOKEN"])
    refresh = api.post("/auth/refresh", {"refresh_token": bob.refresh_token})
    assert refused(refresh) == (401, ["INVALID_TOKEN"])
    assert at_home.get("/auth/me").status == 200
    assert len(at_home.get("/organizations").json["data"]) == 1
    denied = at_home.post(path(ada, "switch"))
    assert refused(denied) == (403, ["ORGANIZATION_ACCESS_DENIED"])
    assert refused(remove(ada, bob)) == (404, ["MEMBER_NOT_FOUND"])


def test_a_removed_members_keys_and_grants_are_gone(
    api: Api, root: Account, ada: Account, sql: Sql
) -> None:
    bob = colleague(api, root, ada, "admin")
    assert grant(ada, bob, "posts:read").status == 200
    made = bob.api.post("/api-keys", {"name": "Robot", "scopes": ["posts:read"]})
    assert made.status == 201, made.content
    key = api.as_user(made.json["data"]["key"])
    assert key.get("/posts").status == 200
    assert remove(ada, bob).status == 204
    assert key.get("/posts").status == 401
    assert sql("SELECT revoked_by FROM api_keys WHERE revoked_at IS NOT NULL") == ada.user_id
    assert sql("SELECT count(*) FROM permission_grants") == 0


@pytest.mark.parametrize("way", ["leaves", "is removed"])
def test_invitations_of_a_removed_member_are_revoked(
    api: Api, root: Account, ada: Account, sql: Sql, way: str
) -> None:
    bob, carol = (colleague(api, root, ada, "admin") for _ in range(2))
    dora = approved_user(api, root, "dora@example.com")
    stale, good = invited(bob, dora.email), invited(carol, "eve@example.com")
    if way == "leaves":
        assert bob.api.post(path(ada, "leave")).status == 200
    else:
        assert remove(ada, bob).status == 204
    answer = dora.api.post("/invitations/accept", {"token": stale})
    assert refused(answer) == (409, ["INVITATION_REVOKED"])
    assert api.post("/invitations/preview", {"token": good}).status == 200
    told = "SELECT {} FROM business_events WHERE name = 'INVITATION_REVOKED'"
    assert sql(told.format("count(*)")) == 1
    assert sql(told.format("details")) == {"sender_left": True}
    assert sql(told.format("actor_id")) == (bob if way == "leaves" else ada).user_id
    accepted = "SELECT count(*) FROM invitations WHERE accepted_at IS NOT NULL AND {}"
    assert sql(accepted.format("revoked_at IS NULL")) == 2


def test_keys_a_removed_member_made_for_programs_go_on_and_are_named(
    api: Api, root: Account, ada: Account, sql: Sql
) -> None:
    bob = colleague(api, root, ada, "admin")
    account = bob.api.post("/service-accounts", {"name": "Importer", "role": "viewer"})
    program = {"service_account_id": account.json["data"]["id"], "scopes": ["posts:read"]}
    made = bob.api.post("/api-keys", {"name": "Import", **program}).json["data"]
    bob.api.post("/api-keys", {"name": "Own", "scopes": ["posts:read"]})
    revoked = bob.api.post("/api-keys", {"name": "Revoked", **program}).json["data"]
    bob.api.delete(f"/api-keys/{revoked['id']}")
    ada.api.post("/api-keys", {"name": "Another's", **program})
    assert remove(ada, bob).status == 204
    assert api.as_user(made["key"]).get("/posts").status == 200
    details = sql("SELECT details FROM business_events WHERE name = 'MEMBER_REMOVED'")
    assert details == {
        "role": "admin",
        "keys_to_rotate": [{"id": made["id"], "name": "Import"}],
    }


def test_who_is_removed_from_the_only_organization_gets_one_of_their_own(
    api: Api, root: Account, ada: Account
) -> None:
    bob = colleague(api, root, ada, "owner")
    assert assign(ada, ada, "viewer").status == 200
    assert remove(bob, ada).status == 204
    login = api.post("/auth/login", {"email": ada.email, "password": PASSWORD})
    assert login.status == 200
    assert login.json["user"]["organization"]["role"] == "owner"
    assert login.json["user"]["organization"]["id"] != str(ada.organization_id)


def test_who_may_not_remove_whom(api: Api, root: Account, ada: Account) -> None:
    admin, other = (colleague(api, root, ada, "admin") for _ in range(2))
    editor = colleague(api, root, ada, "editor")
    assert refused(remove(admin, other)) == (403, ["INSUFFICIENT_ROLE"])
    assert refused(remove(admin, ada)) == (403, ["INSUFFICIENT_ROLE"])
    assert refused(remove(editor, admin)) == (403, ["FORBIDDEN"])
    assert refused(remove(admin, admin)) == (409, ["CANNOT_REMOVE_YOURSELF"])
    assert remove(admin, editor).status == 204


def test_a_service_account_is_not_removed_as_a_member(ada: Account) -> None:
    made = ada.api.post("/service-accounts", {"name": "Robot", "role": "user"})
    assert made.status == 201, made.content
    one = path(ada, "members", made.json["data"]["id"])
    assert refused(ada.api.delete(one)) == (409, ["MEMBER_IS_SERVICE_ACCOUNT"])
    owner = ada.api.patch(one, {"role": "owner"})
    assert refused(owner) == (400, ["SERVICE_ACCOUNT_CANNOT_OWN"])


def test_removal_races_with_switching_there(api: Api, root: Account, ada: Account) -> None:
    """Whichever comes first: nobody is left in a session of an organization they are not in."""
    bob = colleague(api, root, ada)
    login = api.post("/auth/login", {"email": bob.email, "password": PASSWORD}).json
    at_home = api.as_user(login["access_token"])
    removed, moved = simultaneously(
        [partial(remove, ada, bob), partial(at_home.post, path(ada, "switch"))]
    )
    assert removed.status == 204
    assert moved.status in {200, 403}
    if moved.status == 200:
        assert api.as_user(moved.json["access_token"]).get("/auth/me").status == 401


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


def test_an_owner_who_steps_down_can_be_removed_by_an_admin_only_after_that(
    api: Api, root: Account, ada: Account
) -> None:
    bob = colleague(api, root, ada, "owner")
    admin = colleague(api, root, ada, "admin")
    lowered, removed = simultaneously(
        [partial(assign, bob, bob, "editor"), partial(remove, admin, bob)]
    )
    assert (lowered.status, removed.status) in {(200, 204), (200, 403)}


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


def test_a_role_is_given_by_the_administrators_name_for_it_too(
    api: Api, root: Account, ada: Account
) -> None:
    bob = colleague(api, root, ada, "viewer")
    answer = ada.api.patch(f"/system/admin/users/{bob.user_id}/roles", {"role": "editor"})
    assert (answer.status, answer.json["data"]["role"]) == (200, "editor")
    stranger = ada.api.patch(f"/system/admin/users/{root.user_id}/roles", {"role": "user"})
    assert refused(stranger) == (404, ["MEMBER_NOT_FOUND"])


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


def test_a_session_that_has_switched_elsewhere_stays(api: Api, root: Account, ada: Account) -> None:
    bob = colleague(api, root, ada)
    (home,) = (
        each["id"]
        for each in bob.api.get("/organizations").json["data"]
        if each["id"] != str(ada.organization_id)
    )
    at_home = switched(bob, home)
    assert remove(ada, bob).status == 204
    assert at_home.api.get("/auth/me").status == 200
