"""Presets that people share through the front door: whose they are, and who sees which."""

from typing import Any
from uuid import uuid4

import pytest

from tests.accounts import Account
from tests.api import Api, ApiAnswer
from tests.colleagues import colleague, custom_role, switched

DOORS = ["", "/system"]


def _put(by: Account, whom: str, name: str, door: str = "") -> Any:
    answer = by.api.post(f"{door}/admin/{whom}", {"name": name, "settings": {"from": name}})
    assert answer.status in {200, 201}, answer.content
    return answer.json


def _seen(account: Account) -> tuple[str, Any]:
    seen = account.api.get(f"/users/{account.user_id}/ui-preset").json
    return seen["source"], seen["settings"].get("from")


def _refused(answer: ApiAnswer) -> tuple[int, list[str]]:
    return answer.status, answer.codes


def test_the_nearest_is_seen(api: Api, chief: Account, ada: Account, ben: Account) -> None:
    writer = colleague(api, chief, ada, "user")
    role = custom_role(ada, "guest", "posts:read")
    guest = colleague(api, chief, ada, custom_role_id=role)
    everybody = [ada, writer, guest, ben]

    _put(chief, "ui-presets/global", "platform")
    assert [_seen(each) for each in everybody] == [("global", "platform")] * 4
    _put(ada, "ui-presets/organization", "organization")
    assert [_seen(each) for each in everybody[:3]] == [("global", "organization")] * 3
    assert _seen(ben) == ("global", "platform")
    for word in ("user", "editor", "viewer"):
        _put(ada, f"roles/{word}/ui-preset", word)
    _put(ada, f"roles/{role}/ui-preset", "guest")
    assert _seen(ada) == ("global", "organization")
    assert _seen(writer) == ("role", "user")
    assert _seen(guest) == ("role", "guest")
    writer.api.post("/ui-presets/new", {"name": "x", "settings": {"from": "writer"}})
    assert _seen(writer) == ("user", "writer")
    home = switched(writer, _home(writer))
    assert _seen(home) == ("global", "platform")


def _home(account: Account) -> Any:
    """The organization that a person had before they were let into another."""
    found = account.api.get("/organizations").json["data"]
    return next(each["id"] for each in found if each["id"] != str(account.organization_id))


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("whom", ["roles/editor/ui-preset", "ui-presets/organization"])
def test_what_is_put_takes_the_place_of_what_was(ada: Account, whom: str, door: str) -> None:
    path = f"{door}/admin/{whom}"
    assert _refused(ada.api.get(path)) == (404, ["PRESET_NOT_FOUND"])
    first = ada.api.post(path, {"name": "One", "settings": {"a": 1, "b": {"c": 2}}})
    assert (first.status, ada.api.get(path).json) == (201, first.json)
    second = ada.api.post(path, {"name": "Two", "settings": {"b": {}}})
    assert second.status == 200
    assert (second.json["id"], second.json["name"]) == (first.json["id"], "Two")
    assert ada.api.get(path).json["settings"] == {"b": {}}


@pytest.mark.parametrize("door", DOORS)
def test_a_list_takes_what_is_put_into_it(ada: Account, door: str) -> None:
    role = custom_role(ada, "guest", "posts:read")
    for role_id, path in (
        ("editor", "roles/editor/ui-preset"),
        (role, f"roles/{role}/ui-preset"),
        (None, "ui-presets/organization"),
    ):
        body = {"preset_name": "One", "role_id": role_id, "is_default": True, "settings": {"a": 1}}
        answers = [ada.api.post(f"{door}/ui-presets", body) for _ in range(2)]
        assert [answer.status for answer in answers] == [201, 200]
        assert answers[0].json["is_default"]
        assert ada.api.get(f"/admin/{path}").json == answers[1].json
    unknown = {"preset_name": "One", "role_id": str(uuid4()), "settings": {}}
    assert _refused(ada.api.post(f"{door}/ui-presets", unknown)) == (404, ["ROLE_NOT_FOUND"])


@pytest.mark.parametrize("door", DOORS)
def test_the_platform_s_is_root_s(chief: Account, ada: Account, door: str) -> None:
    made = _put(chief, "ui-presets/global", "platform", door)
    for path in (f"{door}/admin/ui-presets/global", f"{door}/admin/ui-preset/global"):
        assert chief.api.get(path).json == made
        assert _refused(ada.api.get(path)) == (403, ["FORBIDDEN"])
        put = ada.api.post(path, {"name": "x", "settings": {}})
        assert _refused(put) == (403, ["FORBIDDEN"])
    by_id = f"{door}/ui-presets/{made['id']}"
    assert ada.api.get(by_id).status == 200
    assert _refused(ada.api.patch(by_id, {"settings": {}})) == (403, ["FORBIDDEN"])
    assert _refused(ada.api.delete(by_id)) == (403, ["FORBIDDEN"])
    assert ada.api.post(f"{by_id}/clone").status == 201
    assert chief.api.delete(by_id).status == 204


def test_a_role_is_one_of_the_organization(ada: Account, ben: Account) -> None:
    role = custom_role(ada, "guest", "posts:read")
    _put(ada, f"roles/{role}/ui-preset", "guest")
    body = {"name": "x", "settings": {}}
    for identity, refusal in (
        (role, (403, ["ROLE_ACCESS_DENIED"])),
        (uuid4(), (404, ["ROLE_NOT_FOUND"])),
        ("nonsense", (404, ["ROLE_NOT_FOUND"])),
    ):
        path = f"/admin/roles/{identity}/ui-preset"
        assert _refused(ben.api.get(path)) == refusal
        assert _refused(ben.api.post(path, body)) == refusal


def test_members_see_and_managers_change(
    api: Api, chief: Account, ada: Account, ben: Account
) -> None:
    preset = _put(ada, "roles/editor/ui-preset", "editor")
    path = f"/ui-presets/{preset['id']}"
    editor, admin = (colleague(api, chief, ada, role) for role in ("editor", "admin"))
    assert editor.api.get(path).json == preset
    for answer in (
        editor.api.patch(path, {"settings": {}}),
        editor.api.delete(path),
        editor.api.get("/ui-presets"),
        editor.api.get("/admin/roles/editor/ui-preset"),
        editor.api.post("/admin/ui-presets/organization", {"name": "x", "settings": {}}),
    ):
        assert _refused(answer) == (403, ["FORBIDDEN"])
    for answer in (
        ben.api.get(path),
        ben.api.patch(path, {"settings": {}}),
        ben.api.delete(path),
    ):
        assert _refused(answer) == (403, ["PRESET_ACCESS_DENIED"])
    clone = ben.api.post(f"{path}/clone")
    assert _refused(clone) == (403, ["SOURCE_PRESET_ACCESS_DENIED"])
    assert admin.api.patch(path, {"settings": {"a": 1}}).status == 200
    assert admin.api.delete(path).status == 204


@pytest.mark.parametrize("door", DOORS)
def test_a_list_shows_what_there_is(chief: Account, ada: Account, ben: Account, door: str) -> None:
    role = custom_role(ada, "guest", "posts:read")
    made = {
        whom: _put(by, whom, whom)["id"]
        for by, whom in (
            (chief, "ui-presets/global"),
            (ada, "ui-presets/organization"),
            (ada, "roles/editor/ui-preset"),
            (ada, f"roles/{role}/ui-preset"),
        )
    }
    own = ada.api.post("/ui-presets/new", {"name": "x", "settings": {}}).json["id"]
    _put(ben, "roles/editor/ui-preset", "ben's")
    everywhere, here, of_editors, of_guests = made.values()

    def listed(**query: Any) -> list[str]:
        answer = ada.api.get(f"{door}/ui-presets", **query)
        assert answer.status == 200, answer.content
        assert not any("settings" in each for each in answer.json["data"])
        return [each["id"] for each in answer.json["data"]]

    assert listed() == [own, of_editors, of_guests, here, everywhere]
    assert listed(scope="role") == [of_editors, of_guests]
    assert listed(role_id="editor") == [of_editors]
    assert listed(role_id=role) == [of_guests]
    assert ada.api.get(f"{door}/ui-presets", role_id="x").status == 400


def test_the_examples_can_be_pasted(ada: Account) -> None:
    from functions.presets import defaults, ui_presets

    schemas = {
        **defaults.app.openapi()["components"]["schemas"],
        **ui_presets.app.openapi()["components"]["schemas"],
    }

    def example(name: str) -> Any:
        return schemas[name]["examples"][0]

    assert ada.api.post("/admin/ui-presets/organization", example("PutPreset")).status == 201
    shared = ada.api.post("/ui-presets", example("SharePreset"))
    clone = ada.api.post(f"/ui-presets/{shared.json['id']}/clone", example("ClonePreset"))
    assert (shared.status, clone.status) == (201, 201)
    assert clone.json["settings"]["menu"] == {"collapsed": True}
    own = f"/ui-presets/{clone.json['id']}"
    assert ada.api.patch(own, example("ChangePreset")).status == 200
    assert ada.api.delete(own).status == 204
    assert ada.api.post("/ui-presets/new", example("CreatePreset")).status == 201
