"""/system/users: the platform's people, for root's eyes."""

from functools import partial

import pytest

from shared.kernel.ids import new_id
from tests.accounts import Account, approved_user, register
from tests.accounts import root as make_root
from tests.api import Api
from tests.functions.identity.conftest import Sql
from tests.simultaneously import simultaneously


@pytest.fixture
def root(api: Api) -> Account:
    return make_root(api)


def test_list_is_newest_first_by_pages(api: Api, root: Account) -> None:
    people = [root, *(register(api) for _ in range(4))]
    newest_first = [str(account.user_id) for account in reversed(people)]
    page = root.api.get("/system/users", per_page=2, page=2)
    assert page.status == 200
    assert [user["id"] for user in page.json["data"]] == newest_first[2:4]
    assert page.json["pagination"] == {
        "total": 5,
        "page": 2,
        "per_page": 2,
        "total_pages": 3,
    }
    beyond = root.api.get("/system/users", page=99)
    assert (beyond.json["data"], beyond.json["pagination"]["total"]) == ([], 5)


def test_list_by_status_leaves_out_the_deleted(api: Api, root: Account, sql: Sql) -> None:
    pending, deleted = register(api), register(api)
    approved = approved_user(api, root)
    sql("UPDATE users SET deleted_at = now() WHERE id = :id", id=deleted.user_id)

    def listed(status: str) -> set[str]:
        answer = root.api.get("/system/users", status=status)
        assert answer.json["pagination"]["total"] == len(answer.json["data"])
        return {user["id"] for user in answer.json["data"]}

    assert listed("pending_approval") == {str(pending.user_id)}
    assert listed("active") == {str(root.user_id), str(approved.user_id)}
    assert listed("disabled") == set()


@pytest.mark.parametrize(
    "query", [{"status": "sleepy"}, {"per_page": 0}, {"per_page": 101}, {"page": 0}, {"page": "x"}]
)
def test_wrong_filters_are_refused(root: Account, query: dict[str, object]) -> None:
    answer = root.api.get("/system/users", **query)
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])
    assert answer.json["errors"][0]["field"] in query


def test_one_user(api: Api, root: Account) -> None:
    bob = register(api, "bob@example.com", name="Bob")
    answer = root.api.get(f"/system/users/{bob.user_id}")
    assert answer.status == 200
    user = answer.json["data"]
    assert (user["email"], user["status"]) == ("bob@example.com", "pending_approval")
    assert user["organization"]["id"] == str(bob.organization_id)


@pytest.mark.parametrize("user_id", [str(new_id()), "abc", "%00", "1' OR '1'='1"])
def test_unknown_and_malformed_ids_are_not_found(root: Account, user_id: str) -> None:
    for answer in (
        root.api.get(f"/system/users/{user_id}"),
        root.api.post(f"/system/users/{user_id}/approve"),
    ):
        assert (answer.status, answer.codes) == (404, ["USER_NOT_FOUND"])


def test_a_deleted_user_is_not_found(api: Api, root: Account, sql: Sql) -> None:
    bob = register(api)
    sql("UPDATE users SET deleted_at = now() WHERE id = :id", id=bob.user_id)
    for answer in (
        root.api.get(f"/system/users/{bob.user_id}"),
        root.api.post(f"/system/users/{bob.user_id}/approve"),
    ):
        assert (answer.status, answer.codes) == (404, ["USER_NOT_FOUND"])


def test_approval_names_the_approver_and_answers_the_user(
    api: Api, root: Account, sql: Sql
) -> None:
    bob = register(api)
    answer = root.api.post(f"/system/users/{bob.user_id}/approve")
    assert answer.status == 200
    assert (answer.json["id"], answer.json["status"]) == (str(bob.user_id), "active")
    assert root.user_id == sql(
        "SELECT approved_by FROM users WHERE id = :id AND approved_at IS NOT NULL", id=bob.user_id
    )
    assert (
        api.post("/auth/login", {"email": bob.email, "password": "Correct-Horse-1"}).status == 200
    )


def test_only_a_pending_user_can_be_approved(api: Api, root: Account) -> None:
    bob = approved_user(api, root)
    for user_id in (bob.user_id, root.user_id):
        answer = root.api.post(f"/system/users/{user_id}/approve")
        assert (answer.status, answer.codes) == (400, ["USER_NOT_PENDING"])


def test_of_simultaneous_approvals_one_counts(api: Api, root: Account) -> None:
    bob = register(api)
    approve = partial(root.api.post, f"/system/users/{bob.user_id}/approve")
    answers = simultaneously([approve] * 5)
    assert sorted(answer.status for answer in answers) == [200] + [400] * 4


def test_users_are_for_root_only(api: Api, root: Account) -> None:
    bob, pending = approved_user(api, root), register(api)
    for method, path in (
        ("GET", "/system/users"),
        ("GET", f"/system/users/{bob.user_id}"),
        ("POST", f"/system/users/{pending.user_id}/approve"),
    ):
        for caller, status, code in (
            (bob.api, 403, "FORBIDDEN"),
            (pending.api, 403, "ACCOUNT_PENDING_APPROVAL"),
            (api, 401, "UNAUTHORIZED"),
        ):
            answer = caller.request(method, path)
            assert (answer.status, answer.codes) == (status, [code])
