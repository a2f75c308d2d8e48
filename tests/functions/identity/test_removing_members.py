"""Whoever is removed from an organization, or leaves it, is out at once, with what was theirs."""

from functools import partial

import pytest

from tests.accounts import PASSWORD, Account, approved_user
from tests.api import Api
from tests.colleagues import colleague, invited, path, refused, switched
from tests.functions.identity.conftest import Sql
from tests.functions.identity.managing import assign, grant, remove
from tests.simultaneously import simultaneously


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


def test_an_owner_who_steps_down_can_be_removed_by_an_admin_only_after_that(
    api: Api, root: Account, ada: Account
) -> None:
    bob = colleague(api, root, ada, "owner")
    admin = colleague(api, root, ada, "admin")
    lowered, removed = simultaneously(
        [partial(assign, bob, bob, "editor"), partial(remove, admin, bob)]
    )
    assert (lowered.status, removed.status) in {(200, 204), (200, 403)}


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
