"""Presets of one's own through the front door: made, seen, changed, cloned, reset, deleted."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.accounts import Account
from tests.api import Api, ApiAnswer
from tests.colleagues import colleague

DOORS = ["", "/system"]
LAYOUT = {"menu": {"collapsed": False, "open": ["posts", "channels"]}, "dark": True}


def _refused(answer: ApiAnswer) -> tuple[int, list[str]]:
    return answer.status, answer.codes


def _seen(account: Account) -> Any:
    answer = account.api.get(f"/users/{account.user_id}/ui-preset")
    assert answer.status == 200, answer.content
    return answer.json


def _make(account: Account, **words: Any) -> ApiAnswer:
    body = {"name": "Mine", "settings": LAYOUT, **words}
    return account.api.post("/ui-presets/new", body)


def _share(
    account: Account, settings: dict[str, Any], whom: str = "ui-presets/organization"
) -> Any:
    answer = account.api.post(f"/admin/{whom}", {"name": "Ours", "settings": settings})
    assert answer.status == 201, answer.content
    return answer.json


def test_at_first_there_is_none(ada: Account) -> None:
    seen = _seen(ada)
    assert (seen["id"], seen["source"], seen["settings"]) == (None, "none", {})


@pytest.mark.parametrize("door", DOORS)
def test_one_s_own_is_what_one_sees(ada: Account, door: str) -> None:
    made = ada.api.post(
        f"{door}/ui-presets/new",
        {"name": " <b>Mine</b> ", "user_id": str(ada.user_id), "settings": LAYOUT},
    )
    assert made.status == 201, made.content
    preset = made.json
    assert preset == {
        "id": preset["id"],
        "name": "Mine",
        "scope": "user",
        "user_id": str(ada.user_id),
        "role_id": None,
        "is_global": False,
        "is_default": False,
        "settings": LAYOUT,
        "created_at": preset["created_at"],
        "updated_at": preset["created_at"],
    }
    seen = ada.api.get(f"{door}/users/{ada.user_id}/ui-preset").json
    del preset["is_default"]
    assert seen == {**preset, "source": "user"}
    assert ada.api.get(f"{door}/ui-presets/{preset['id']}").json["settings"] == LAYOUT


def test_there_is_no_second_of_one_s_own(ada: Account) -> None:
    first = _make(ada).json["id"]
    shared = _share(ada, {})
    for answer in (_make(ada), ada.api.post(f"/ui-presets/{shared['id']}/clone")):
        assert _refused(answer) == (409, ["PRESET_EXISTS"])
        assert answer.json["errors"][0]["meta"] == {"existing_preset_id": first}


@pytest.mark.parametrize("door", DOORS)
def test_changes_are_merged_and_lists_replaced(ada: Account, door: str) -> None:
    path = f"{door}/ui-presets/{_make(ada).json['id']}"
    changes = {"menu": {"open": ["posts"], "width": 9}, "dark": None, "__proto__": {"x": 1}}
    changed = ada.api.patch(path, {"settings": changes})
    merged = {"menu": {"collapsed": False, "open": ["posts"], "width": 9}}
    assert (changed.status, changed.json["settings"]) == (200, merged)
    renamed = ada.api.patch(path, {"name": "Other", "settings": {}}).json
    assert (renamed["name"], renamed["settings"]) == ("Other", merged)
    assert renamed["updated_at"] > renamed["created_at"]
    assert _seen(ada)["settings"] == merged


def test_what_a_change_would_make_too_large_stays(ada: Account) -> None:
    path = f"/ui-presets/{_make(ada, settings={'a': 'x' * 60_000}).json['id']}"
    answer = ada.api.patch(path, {"settings": {"b": "x" * 60_000}})
    assert _refused(answer) == (400, ["PRESET_TOO_LARGE"])
    assert "b" not in ada.api.get(path).json["settings"]


DEEP: Any = {}
for _ in range(10):
    DEEP = {"a": DEEP}


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"a": "x" * 102_400}, "PRESET_TOO_LARGE"),
        (DEEP, "PRESET_TOO_DEEP"),
        ({"a": "\0"}, "VALIDATION_ERROR"),
        ({"\ud800": 1}, "VALIDATION_ERROR"),
        ({"a": float("nan")}, "VALIDATION_ERROR"),
        ([], "VALIDATION_ERROR"),
        ("x", "VALIDATION_ERROR"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_settings_that_cannot_be_kept_are_refused(ada: Account, settings: Any, code: str) -> None:
    shared = _share(ada, {})
    clone = {"modifications": settings}
    answers = {
        "settings": [
            _make(ada, settings=settings),
            ada.api.patch(f"/ui-presets/{shared['id']}", {"settings": settings}),
            ada.api.post("/admin/roles/editor/ui-preset", {"name": "x", "settings": settings}),
            ada.api.post("/admin/ui-presets/organization", {"name": "x", "settings": settings}),
        ],
        "modifications": [ada.api.post(f"/ui-presets/{shared['id']}/clone", clone)],
    }
    for field, refused in answers.items():
        for answer in refused:
            assert _refused(answer) == (400, [code])
            assert answer.json["errors"][0]["field"].startswith(field)
    assert _seen(ada)["id"] == shared["id"]


@pytest.mark.parametrize("body", [{}, {"name": " ", "settings": None}])
def test_name_and_settings_are_needed(ada: Account, body: dict[str, Any]) -> None:
    paths = ["/ui-presets/new", "/admin/roles/editor/ui-preset", "/admin/ui-presets/organization"]
    for path in paths:
        answer = ada.api.post(path, body)
        assert _refused(answer) == (400, ["MISSING_FIELDS"] * 2)
        assert {each["field"] for each in answer.json["errors"]} == {"name", "settings"}
    preset = _make(ada).json["id"]
    answer = ada.api.patch(f"/ui-presets/{preset}", body | {"name": None})
    assert _refused(answer) == (400, ["MISSING_SETTINGS"])


@pytest.mark.parametrize("name", ["<b></b>", "x" * 256, "\0", "\ud800", "\n"])
def test_a_name_is_one(ada: Account, name: str) -> None:
    assert _make(ada, name=name).status == 400
    answer = _make(ada, name="x" * 256, settings=DEEP)
    assert _refused(answer) == (400, ["VALIDATION_ERROR", "PRESET_TOO_DEEP"])
    assert answer.json["errors"][1]["meta"] == {"limit": 10}
    preset = f"/ui-presets/{_make(ada).json['id']}"
    answer = ada.api.patch(preset, {"name": name, "settings": {}})
    assert (answer.status, answer.json["errors"][0]["field"]) == (400, "name")
    answer = ada.api.post("/ui-presets", {"preset_name": name, "settings": DEEP})
    assert [each["field"] for each in answer.json["errors"]] == ["preset_name", "settings"]


def test_what_is_shared_can_be_made_one_s_own(ada: Account) -> None:
    shared = _share(ada, LAYOUT)
    modifications: dict[str, Any] = {"menu": {"open": []}, "dark": None}
    answer = ada.api.post(f"/ui-presets/{shared['id']}/clone", {"modifications": modifications})
    assert answer.status == 201, answer.content
    clone = answer.json
    assert clone["settings"] == {"menu": {"collapsed": False, "open": []}}
    assert (clone["source"], clone["cloned_from"]) == ("user", shared["id"])
    assert (clone["name"], clone["user_id"]) == ("Personal Settings", str(ada.user_id))
    assert _seen(ada)["id"] == clone["id"]
    assert ada.api.get(f"/ui-presets/{shared['id']}").json["settings"] == LAYOUT
    own = ada.api.post(f"/ui-presets/{clone['id']}/clone")
    assert _refused(own) == (400, ["INVALID_SOURCE"])


@pytest.mark.parametrize("door", DOORS)
def test_a_reset_shows_what_is_shared_and_one_s_own_can_be_made_again(
    ada: Account, door: str
) -> None:
    shared = _share(ada, {"a": 1})
    first = _make(ada).json["id"]
    reset = ada.api.post(f"{door}/users/{ada.user_id}/ui-preset/reset")
    assert (reset.status, reset.json["id"], reset.json["source"]) == (200, shared["id"], "global")
    assert _refused(ada.api.get(f"/ui-presets/{first}")) == (404, ["PRESET_NOT_FOUND"])
    assert ada.api.post(f"{door}/users/{ada.user_id}/ui-preset/reset").json == reset.json
    assert _make(ada).status == 201


def test_what_is_deleted_is_gone_and_can_be_made_again(ada: Account) -> None:
    makes: list[Callable[[], str]] = [
        lambda: _make(ada).json["id"],
        lambda: _share(ada, {})["id"],
        lambda: _share(ada, {}, "roles/editor/ui-preset")["id"],
    ]
    for make in makes:
        for _ in range(2):
            path = f"/ui-presets/{make()}"
            deleted = ada.api.delete(path)
            assert (deleted.status, deleted.content) == (204, b"")
            for answer in (
                ada.api.get(path),
                ada.api.patch(path, {"settings": {}}),
                ada.api.delete(path),
            ):
                assert _refused(answer) == (404, ["PRESET_NOT_FOUND"])
            assert _refused(ada.api.post(f"{path}/clone")) == (404, ["SOURCE_PRESET_NOT_FOUND"])


def test_an_id_that_is_none_is_unknown(ada: Account) -> None:
    assert _refused(ada.api.get("/ui-presets/new")) == (404, ["PRESET_NOT_FOUND"])
    assert _refused(ada.api.patch("/ui-presets/1", {"settings": {}})) == (404, ["PRESET_NOT_FOUND"])
    assert _refused(ada.api.get("/users/me/ui-preset")) == (404, ["USER_NOT_FOUND"])


def test_nobody_else_sees_it_but_root(api: Api, chief: Account, ada: Account, ben: Account) -> None:
    preset = _make(ada).json["id"]
    near = colleague(api, chief, ada, "admin")
    for other in (near, ben):
        for answer in (
            other.api.get(f"/users/{ada.user_id}/ui-preset"),
            other.api.post(f"/users/{ada.user_id}/ui-preset/reset"),
            _make(other, user_id=str(ada.user_id)),
            other.api.get(f"/users/{uuid4()}/ui-preset"),
        ):
            assert _refused(answer) == (403, ["FORBIDDEN"])
        for answer in (
            other.api.get(f"/ui-presets/{preset}"),
            other.api.patch(f"/ui-presets/{preset}", {"settings": {}}),
            other.api.delete(f"/ui-presets/{preset}"),
        ):
            assert _refused(answer) == (403, ["PRESET_ACCESS_DENIED"])
    assert chief.api.get(f"/users/{ada.user_id}/ui-preset").json["id"] == preset
    assert chief.api.patch(f"/ui-presets/{preset}", {"settings": {"x": 1}}).status == 200
    assert chief.api.delete(f"/ui-presets/{preset}").status == 204
    for_ada = _make(chief, user_id=str(ada.user_id))
    assert (for_ada.status, _seen(ada)["id"]) == (201, for_ada.json["id"])
    nobody = chief.api.get(f"/users/{uuid4()}/ui-preset")
    assert _refused(nobody) == (404, ["USER_NOT_FOUND"])


def test_programs_have_no_front_end(ada: Account) -> None:
    key = ada.api.post("/api-keys", {"name": "k", "scopes": ["ui_presets:manage"]}).json["data"]
    program = ada.api.as_user(key["key"])
    answer = program.get(f"/users/{ada.user_id}/ui-preset")
    assert _refused(answer) == (403, ["SESSION_REQUIRED"])


def test_what_happens_to_presets_is_told(ada: Account) -> None:
    shared = _share(ada, {})
    again = ada.api.post("/admin/ui-presets/organization", {"name": "x", "settings": {}})
    assert again.status == 200
    own = ada.api.post(f"/ui-presets/{shared['id']}/clone").json["id"]
    ada.api.patch(f"/ui-presets/{own}", {"settings": {"a": 1}})
    ada.api.post(f"/users/{ada.user_id}/ui-preset/reset")
    _make(ada)
    _share(ada, {}, "roles/viewer/ui-preset")
    with engine().connect() as database:
        told = database.scalars(
            text(
                "SELECT name FROM business_events WHERE details ? 'scope' AND actor_id = :id"
                " ORDER BY occurred_at"
            ),
            {"id": ada.user_id},
        ).all()
    assert told == [
        "GLOBAL_PRESET_CREATED",
        "GLOBAL_PRESET_UPDATED",
        "UI_PRESET_CLONED",
        "UI_PRESET_UPDATED",
        "UI_PRESET_DELETED",
        "USER_PRESET_CREATED",
        "ROLE_PRESET_CREATED",
    ]
