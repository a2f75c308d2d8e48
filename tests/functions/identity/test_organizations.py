"""/organizations: make one, change it, go on in another, leave, hand over."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from shared.kernel.ids import new_id
from tests.accounts import PASSWORD, Account, approved_user
from tests.accounts import root as make_root
from tests.api import Api
from tests.colleagues import colleague, path, refused, switched
from tests.functions.identity.conftest import Sql
from tests.simultaneously import simultaneously


@pytest.fixture
def root(api: Api) -> Account:
    return make_root(api)


@pytest.fixture
def ada(api: Api, root: Account) -> Account:
    return approved_user(api, root)


def create(account: Account, name: str = "Engines") -> dict[str, Any]:
    answer = account.api.post("/organizations", {"name": name})
    assert answer.status == 201, answer.content
    made: dict[str, Any] = answer.json["data"]
    return made


def names(account: Account) -> list[str]:
    return [each["name"] for each in account.api.get("/organizations").json["data"]]


def login(api: Api, account: Account) -> Account:
    answer = api.post("/auth/login", {"email": account.email, "password": PASSWORD})
    token = answer.json["access_token"]
    return replace(
        account, token=token, refresh_token=answer.json["refresh_token"], api=api.as_user(token)
    )


def test_whoever_makes_an_organization_owns_it(ada: Account) -> None:
    made = create(ada, "<b>Engines</b>  &  more")
    assert (made["name"], made["role"]) == ("Engines & more", "owner")
    assert names(ada) == ["Ada", "Engines & more"]
    assert ada.api.get("/auth/me").json["organization"]["name"] == "Ada"


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "<br>"}, {"name": "x" * 256}])
def test_an_organization_has_a_name(ada: Account, body: dict[str, str]) -> None:
    assert refused(ada.api.post("/organizations", body)) == (400, ["VALIDATION_ERROR"])


def test_a_person_owns_only_so_many(
    api: Api, root: Account, ada: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their own is among them; where they are a member only does not count."""
    monkeypatch.setenv("ORGANIZATIONS_OWNED", "2")
    bob = colleague(api, root, ada, "admin")
    create(bob)
    refusal = bob.api.post("/organizations", {"name": "Third"})
    assert refused(refusal) == (409, ["ORGANIZATION_LIMIT_REACHED"])
    assert refusal.json["errors"][0]["meta"] == {"maximum": 2}
    create(ada)
    monkeypatch.delenv("ORGANIZATIONS_OWNED")
    create(bob)


def test_who_makes_several_at_once_gets_no_more_than_that(
    ada: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORGANIZATIONS_OWNED", "3")
    make = partial(ada.api.post, "/organizations", {"name": "Engines"})
    answers = simultaneously([make] * 6)
    assert sorted(answer.status for answer in answers) == [201] * 2 + [409] * 4
    assert len(names(ada)) == 3


def test_creating_with_a_key_happens_once(ada: Account) -> None:
    for _ in range(2):
        answer = ada.api.post(
            "/organizations", {"name": "Once"}, headers={"Idempotency-Key": "the-same"}
        )
        assert answer.status == 201
    assert names(ada) == ["Ada", "Once"]


def test_the_organization_shows_and_changes(ada: Account) -> None:
    shown = ada.api.get(path(ada)).json["data"]
    assert (shown["name"], shown["session_policy"]) == ("Ada", "multiple")
    answer = ada.api.patch(path(ada), {"name": "Lovelace", "session_policy": "single"})
    assert answer.status == 200
    assert (answer.json["data"]["name"], answer.json["data"]["session_policy"]) == (
        "Lovelace",
        "single",
    )
    assert ada.api.get(path(ada)).json["data"] == answer.json["data"]


def test_a_new_name_shows_at_once_to_every_member(api: Api, root: Account, ada: Account) -> None:
    bob = colleague(api, root, ada, "viewer")
    assert bob.api.get("/auth/me").json["organization"]["name"] == "Ada"
    ada.api.patch(path(ada), {"name": "Lovelace"})
    assert bob.api.get("/auth/me").json["organization"]["name"] == "Lovelace"
    assert "Lovelace" in names(bob)


@pytest.mark.parametrize("body", [{"name": ""}, {"session_policy": "triple"}, {"name": 7}])
def test_wrong_changes_are_refused(ada: Account, body: dict[str, object]) -> None:
    assert refused(ada.api.patch(path(ada), body)) == (400, ["VALIDATION_ERROR"])


def test_only_who_may_changes_it(api: Api, root: Account, ada: Account) -> None:
    bob = colleague(api, root, ada, "editor")
    assert refused(bob.api.patch(path(ada), {"name": "Bob's"})) == (403, ["FORBIDDEN"])
    assert bob.api.get(path(ada)).status == 200


def test_switching_goes_on_in_the_same_session(ada: Account, sql: Sql) -> None:
    made = create(ada)
    moved = switched(ada, made["id"])
    me = moved.api.get("/auth/me").json
    assert (me["organization"]["id"], me["id"]) == (made["id"], str(ada.user_id))
    assert sql("SELECT count(*) FROM user_sessions WHERE user_id = :id", id=ada.user_id) == 1
    assert moved.api.post("/posts", {"description": "Hello"}).status == 201
    at_home = switched(moved, ada.organization_id)
    assert at_home.api.get("/posts").json["data"] == []


def test_after_a_switch_the_older_tokens_are_worth_nothing(api: Api, ada: Account) -> None:
    moved = switched(ada, create(ada)["id"])
    assert refused(ada.api.get("/auth/me")) == (401, ["INVALID_TOKEN"])
    good = api.post("/auth/refresh", {"refresh_token": moved.refresh_token})
    assert good.status == 200
    me = api.as_user(good.json["access_token"]).get("/auth/me").json
    assert me["organization"]["id"] == str(moved.organization_id)
    spent = api.post("/auth/refresh", {"refresh_token": ada.refresh_token})
    assert refused(spent) == (401, ["INVALID_TOKEN"])


def test_one_switches_to_where_one_belongs(api: Api, root: Account, ada: Account) -> None:
    denied = ada.api.post(f"/organizations/{root.organization_id}/switch")
    assert refused(denied) == (403, ["ORGANIZATION_ACCESS_DENIED"])
    for unknown in (new_id(), "abc"):
        answer = ada.api.post(f"/organizations/{unknown}/switch")
        assert refused(answer) == (404, ["ORGANIZATION_NOT_FOUND"])


def test_switching_to_a_single_session_organization_ends_the_older_ones_there(
    api: Api, ada: Account
) -> None:
    made = create(ada)
    here = switched(ada, made["id"])
    here.api.patch(path(here), {"session_policy": "single"})
    at_home = login(api, ada)
    there = switched(login(api, ada), made["id"])
    assert refused(here.api.get("/auth/me")) == (401, ["SESSION_KICKED"])
    assert there.api.get("/auth/me").status == 200
    assert at_home.api.get("/auth/me").status == 200


def test_of_simultaneous_switches_into_a_single_session_organization_one_session_stays(
    api: Api, ada: Account
) -> None:
    made = create(ada)
    here = switched(ada, made["id"])
    here.api.patch(path(here), {"session_policy": "single"})
    sessions = [login(api, ada) for _ in range(4)]
    calls = [partial(each.api.post, f"/organizations/{made['id']}/switch") for each in sessions]
    answers = simultaneously(calls)
    assert {answer.status for answer in answers} == {200}
    alive = [api.as_user(answer.json["access_token"]).get("/auth/me").status for answer in answers]
    assert sorted(alive) == [200, 401, 401, 401]


def test_routes_below_an_organization_act_only_where_the_session_is(
    api: Api, root: Account, ada: Account
) -> None:
    made = create(ada)
    for other in (made["id"], root.organization_id):
        for below in ("", "/members", "/invitations", "/roles", f"/members/{ada.user_id}"):
            answer = ada.api.get(f"/organizations/{other}{below}")
            assert refused(answer) == (403, ["ORGANIZATION_ACCESS_DENIED"])
    for unknown in (new_id(), "abc"):
        answer = ada.api.get(f"/organizations/{unknown}/members")
        assert refused(answer) == (404, ["ORGANIZATION_NOT_FOUND"])


def test_leaving_goes_on_at_home_and_ends_other_sessions_there(
    api: Api, root: Account, ada: Account
) -> None:
    bob = colleague(api, root, ada)
    elsewhere = switched(login(api, bob), ada.organization_id)
    answer = bob.api.post(path(ada, "leave"))
    assert answer.status == 200
    home = api.as_user(answer.json["access_token"])
    assert home.get("/auth/me").json["roles"] == ["owner"]
    for gone in (bob, elsewhere):
        assert refused(gone.api.get("/auth/me")) == (401, ["INVALID_TOKEN"])
    assert refused(ada.api.get(path(ada, "members", bob.user_id))) == (404, ["MEMBER_NOT_FOUND"])


def test_the_last_owner_stays(api: Api, root: Account, ada: Account) -> None:
    colleague(api, root, ada, "admin")
    assert refused(ada.api.post(path(ada, "leave"))) == (409, ["LAST_OWNER"])
    assert ada.api.get("/auth/me").status == 200


def test_an_owner_whose_account_is_disabled_does_not_count(
    api: Api, root: Account, ada: Account, sql: Sql
) -> None:
    bob = colleague(api, root, ada, "owner")
    sql("UPDATE users SET status = 'disabled' WHERE id = :id", id=bob.user_id)
    assert refused(ada.api.post(path(ada, "leave"))) == (409, ["LAST_OWNER"])


def test_who_leaves_the_only_organization_gets_one_of_their_own(
    api: Api, root: Account, ada: Account
) -> None:
    colleague(api, root, ada, "owner")
    answer = ada.api.post(path(ada, "leave"))
    assert answer.status == 200
    home = api.as_user(answer.json["access_token"]).get("/auth/me").json
    assert (home["organization"]["name"], home["roles"]) == ("Ada", ["owner"])
    assert home["organization"]["id"] != str(ada.organization_id)


def test_of_two_owners_who_leave_at_once_one_stays(
    api: Api, root: Account, ada: Account, sql: Sql
) -> None:
    owners = [ada, *(colleague(api, root, ada, "owner") for _ in range(2))]
    answers = simultaneously([partial(each.api.post, path(ada, "leave")) for each in owners])
    assert sorted(answer.status for answer in answers) == [200, 200, 409]
    assert [answer.codes for answer in answers if answer.status == 409] == [["LAST_OWNER"]]
    left = "SELECT count(*) FROM memberships WHERE organization_id = :id AND role = 'owner'"
    assert sql(left, id=ada.organization_id) == 1


def test_handing_over_makes_the_one_an_owner_and_the_other_an_admin(
    api: Api, root: Account, ada: Account
) -> None:
    bob = colleague(api, root, ada, "viewer")
    answer = ada.api.post(path(ada, "transfer-ownership"), {"member_id": str(bob.user_id)})
    assert answer.status == 204
    assert bob.api.get("/auth/me").json["roles"] == ["owner"]
    assert ada.api.get("/auth/me").json["roles"] == ["admin"]
    again = ada.api.post(path(ada, "transfer-ownership"), {"member_id": str(bob.user_id)})
    assert refused(again) == (403, ["INSUFFICIENT_ROLE"])


def test_it_is_handed_to_another_active_member(
    api: Api, root: Account, ada: Account, sql: Sql
) -> None:
    hand_over = partial(ada.api.post, path(ada, "transfer-ownership"))
    bob = colleague(api, root, ada, "admin")
    assert refused(hand_over({"member_id": str(ada.user_id)})) == (400, ["ALREADY_YOURS"])
    assert refused(hand_over({"member_id": str(root.user_id)})) == (404, ["MEMBER_NOT_FOUND"])
    assert refused(hand_over({"member_id": "abc"})) == (400, ["VALIDATION_ERROR"])
    sql("UPDATE users SET status = 'disabled' WHERE id = :id", id=bob.user_id)
    assert refused(hand_over({"member_id": str(bob.user_id)})) == (409, ["LAST_OWNER"])
    assert ada.api.get("/auth/me").json["roles"] == ["owner"]


def test_of_two_owners_who_hand_over_to_each_other_at_once_one_is_left_an_owner(
    api: Api, root: Account, ada: Account, sql: Sql
) -> None:
    bob = colleague(api, root, ada, "owner")
    answers = simultaneously(
        [
            partial(one.api.post, path(ada, "transfer-ownership"), {"member_id": str(other)})
            for one, other in ((ada, bob.user_id), (bob, ada.user_id))
        ]
    )
    assert {answer.status for answer in answers} == {204}
    owners = "SELECT count(*) FROM memberships WHERE organization_id = :id AND role = 'owner'"
    assert sql(owners, id=ada.organization_id) == 1
