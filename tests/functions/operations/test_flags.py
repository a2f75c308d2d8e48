"""Flags are read by everybody and turned by root, for all at once."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import text

from shared.infrastructure.cache import cache
from shared.infrastructure.database import engine
from shared.infrastructure.proofs import ACCESS_COOKIE
from shared.operations.api.flags import AI_GENERATION, BULK_OPERATIONS, is_enabled
from tests.accounts import Account, register
from tests.api import Api, ApiAnswer
from tests.simultaneously import simultaneously


def turn(caller: Account, key: str, **changes: Any) -> ApiAnswer:
    return caller.api.patch(f"/ops/feature-flags/{key}", changes)


def test_flags_are_as_declared_until_root_changes_them(api: Api) -> None:
    answer = api.get("/ops/flags").json
    assert answer["count"] == len(answer["flags"]) == 3
    assert [flag["key"] for flag in answer["flags"]] == [
        "posts.ai_generation",
        "schedules.bulk_operations",
        "system.maintenance_mode",
    ]
    first = answer["flags"][0]
    assert first == {
        "id": "posts.ai_generation",
        "key": "posts.ai_generation",
        "value": True,
        "description": first["description"],
        "is_enabled": True,
        "percentage": None,
        "is_declared": True,
        "updated_at": None,
        "created_at": None,
    }
    enabled = api.get("/ops/flags", enabled_only="true").json
    assert [flag["is_enabled"] for flag in enabled["flags"]] == [True, True]


def test_one_flag_is_answered_bare(api: Api) -> None:
    assert api.get(f"/ops/flags/{AI_GENERATION}").json["key"] == AI_GENERATION
    for unknown in ("posts.telepathy", "%00", "a" * 500):
        answer = api.get(f"/ops/flags/{unknown}")
        assert (answer.status, answer.codes) == (404, ["FEATURE_FLAG_NOT_FOUND"])


@pytest.mark.parametrize(
    ("key", "enabled"),
    [(AI_GENERATION, True), ("system.maintenance_mode", False), ("posts.telepathy", False)],
)
def test_a_check_answers_yes_or_no(api: Api, key: str, *, enabled: bool) -> None:
    assert api.get(f"/ops/flags/{key}/check").json == {"key": key, "enabled": enabled}


def test_root_turns_a_flag_for_everybody_at_once(api: Api, chief: Account) -> None:
    assert is_enabled(AI_GENERATION)
    answer = turn(chief, AI_GENERATION, is_enabled=False, description="Too dear in May")
    assert answer.status == 200
    assert (answer.json["is_enabled"], answer.json["value"]) == (False, True)
    assert answer.json["updated_at"] == answer.json["created_at"] is not None
    assert not is_enabled(AI_GENERATION)
    assert answer.json == api.get(f"/ops/flags/{AI_GENERATION}").json | {"organization_ids": []}
    again = turn(chief, AI_GENERATION, enabled=True).json
    assert (again["is_enabled"], again["description"]) == (True, "Too dear in May")
    assert again["created_at"] < again["updated_at"]
    assert is_enabled(AI_GENERATION)
    assert chief.api.get("/ops/feature-flags").json["flags"][0] == again


def test_what_is_known_comes_from_the_cache(chief: Account) -> None:
    turn(chief, BULK_OPERATIONS, value="false")
    assert not is_enabled(BULK_OPERATIONS)
    with engine().begin() as database:
        database.execute(text("DELETE FROM feature_flags"))
    assert not is_enabled(BULK_OPERATIONS)
    cache().delete_many(["operations:2:flags"])
    assert is_enabled(BULK_OPERATIONS)


def test_a_flag_that_is_declared_no_more_is_as_if_it_were_not(chief: Account) -> None:
    turn(chief, BULK_OPERATIONS, value=False)
    with engine().begin() as database:
        database.execute(text("UPDATE feature_flags SET key = 'posts.telepathy', value = 'true'"))
    cache().delete_many(["operations:2:flags"])
    assert is_enabled(BULK_OPERATIONS)
    assert not is_enabled("posts.telepathy")
    assert chief.api.get("/ops/flags").json["count"] == 3


def test_two_changes_at_once_both_hold(chief: Account) -> None:
    changes: list[dict[str, Any]] = [{"value": False}, {"description": "Rest"}] * 2
    answers = simultaneously([partial(turn, chief, BULK_OPERATIONS, **each) for each in changes])
    assert [answer.status for answer in answers] == [200] * 4
    kept = chief.api.get(f"/ops/flags/{BULK_OPERATIONS}").json
    assert (kept["value"], kept["description"]) == (False, "Rest")


def test_nobody_but_root_turns_anything(api: Api, ada: Account) -> None:
    denied = turn(ada, AI_GENERATION, is_enabled=False)
    assert (denied.status, denied.codes) == (403, ["FORBIDDEN"])
    assert ada.api.get("/ops/feature-flags").codes == ["FORBIDDEN"]
    assert api.patch(f"/ops/feature-flags/{AI_GENERATION}", {}).codes == ["UNAUTHORIZED"]
    assert is_enabled(AI_GENERATION)


@pytest.mark.parametrize(
    "changes",
    [
        {"is_enabled": None},
        {"is_enabled": "yes"},
        {"value": None},
        {"value": {"a": 1}},
        {"value": 0.5},
        {"value": float("nan")},
        {"value": "x" * 1001},
        {"value": "a\x00b"},
        {"value": "\ud800"},
        {"description": "x" * 501},
        {"description": None},
        {"description": "a\x00b"},
    ],
)
def test_what_cannot_be_kept_is_refused(chief: Account, changes: dict[str, Any]) -> None:
    answer = turn(chief, AI_GENERATION, **changes)
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])
    assert chief.api.get(f"/ops/flags/{AI_GENERATION}").json["updated_at"] is None


def test_an_unknown_flag_cannot_be_made(chief: Account) -> None:
    answer = turn(chief, "posts.telepathy", is_enabled=True)
    assert (answer.status, answer.codes) == (404, ["FEATURE_FLAG_NOT_FOUND"])


def test_a_flag_is_for_whom_root_says(chief: Account, ada: Account, ben: Account) -> None:
    turn(chief, BULK_OPERATIONS, organization_ids=[str(ada.organization_id)])
    bulk = {"schedule_ids": ["01890000-0000-7000-8000-000000000000"]}
    assert ada.api.post("/schedules/bulk-cancel", bulk).status == 200
    refused = ben.api.post("/schedules/bulk-cancel", bulk)
    assert (refused.status, refused.codes) == (403, ["FEATURE_DISABLED"])
    for shown in ("", f"/{BULK_OPERATIONS}"):
        assert str(ada.organization_id) not in ben.api.get(f"/ops/flags{shown}").content.decode()
    assert str(ada.organization_id) in chief.api.get("/ops/feature-flags").content.decode()
    turn(chief, BULK_OPERATIONS, percentage=100)
    assert ben.api.post("/schedules/bulk-cancel", bulk).status == 200


def test_a_check_answers_for_the_organization_of_whoever_asks(
    chief: Account, ada: Account, ben: Account, api: Api
) -> None:
    turn(chief, BULK_OPERATIONS, organization_ids=[str(ada.organization_id)])
    path = f"/ops/flags/{BULK_OPERATIONS}/check"
    assert ada.api.get(path, organization_id=ben.organization_id).json["enabled"]
    for caller in (ben.api, chief.api, api):
        assert not caller.get(path, organization_id=ada.organization_id).json["enabled"]


def test_a_check_goes_by_any_proof_and_refuses_what_proves_nothing(
    chief: Account, ada: Account, api: Api
) -> None:
    waiting = register(api)
    named = [str(each.organization_id) for each in (ada, waiting)]
    turn(chief, BULK_OPERATIONS, organization_ids=named)
    path = f"/ops/flags/{BULK_OPERATIONS}/check"
    key = ada.api.post("/api-keys", {"name": "Front end", "scopes": ["posts:read"]})
    for proof in (
        {"x-api-key": key.json["data"]["key"]},
        {"cookie": f"{ACCESS_COOKIE}={ada.token}"},
    ):
        assert api.request("GET", path, headers=proof).json["enabled"], proof
    checked = waiting.api.get(path)
    assert (checked.status, checked.json["enabled"]) == (200, False)
    refused = api.as_user(f"{ada.token}x").get(path)
    assert (refused.status, refused.codes) == (401, ["INVALID_TOKEN"])


def test_root_makes_flags_for_front_ends_and_lets_go_of_them(chief: Account, api: Api) -> None:
    made = chief.api.post("/ops/feature-flags", {"key": "dashboard.calendar", "value": 3})
    assert (made.status, made.json["is_declared"]) == (201, False)
    assert api.get("/ops/flags/dashboard.calendar").json | {"organization_ids": []} == made.json
    assert api.get("/ops/flags/dashboard.calendar/check").json["enabled"]
    assert turn(chief, "dashboard.calendar", is_enabled=False).status == 200
    assert not api.get("/ops/flags/dashboard.calendar/check").json["enabled"]
    for key in ("dashboard.calendar", AI_GENERATION):
        again = chief.api.post("/ops/feature-flags", {"key": key})
        assert (again.status, again.codes) == (409, ["FEATURE_FLAG_ALREADY_EXISTS"])
    assert api.get("/ops/flags").json["count"] == 4
    assert chief.api.delete("/ops/feature-flags/dashboard.calendar").status == 204
    gone = chief.api.delete("/ops/feature-flags/dashboard.calendar")
    assert (gone.status, gone.codes) == (404, ["FEATURE_FLAG_NOT_FOUND"])
    assert api.get("/ops/flags").json["count"] == 3


def test_letting_go_of_a_declared_flag_has_it_as_declared(chief: Account) -> None:
    turn(chief, AI_GENERATION, is_enabled=False)
    assert chief.api.delete(f"/ops/feature-flags/{AI_GENERATION}").status == 204
    assert is_enabled(AI_GENERATION)


def test_nobody_but_root_makes_flags_or_lets_go_of_them(ada: Account) -> None:
    for refused in (
        ada.api.post("/ops/feature-flags", {"key": "dashboard.calendar"}),
        ada.api.delete(f"/ops/feature-flags/{AI_GENERATION}"),
    ):
        assert (refused.status, refused.codes) == (403, ["FORBIDDEN"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "calendar"},
        {"key": "Dashboard.Calendar"},
        {"key": "a.b", "percentage": 101},
        {"key": "a.b", "percentage": "5"},
        {"key": "a.b", "organization_ids": ["x"]},
        {},
    ],
)
def test_a_flag_of_nonsense_is_not_made(chief: Account, wrong: dict[str, Any]) -> None:
    answer = chief.api.post("/ops/feature-flags", wrong)
    assert (answer.status, set(answer.codes)) == (400, {"VALIDATION_ERROR"})
