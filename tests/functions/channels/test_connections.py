"""The accounts an organization has connected: list, look, and whose they are."""

from uuid import uuid4

import pytest

from tests.accounts import Account
from tests.functions.channels.instance import Instance, account, connect


def connect_several(owner: Account, instance: Instance, number: int) -> list[str]:
    ids = []
    for each in range(number):
        instance.accounts[f"token-{each}"] = account(str(each), f"person{each}")
        ids.append(connect(owner.api, instance, f"token-{each}").json["id"])
    return ids


def test_without_connections_the_list_is_empty(owner: Account) -> None:
    assert owner.api.get("/channels/connections").json == {
        "data": [],
        "pagination": {
            "page": 1,
            "limit": 20,
            "total": 0,
            "total_pages": 0,
            "has_next": False,
            "has_prev": False,
        },
        "filters": {"status": "all", "channel_id": None},
    }


def test_the_newest_connection_is_first(owner: Account, instance: Instance) -> None:
    ids = connect_several(owner, instance, 3)
    listed = owner.api.get("/channels/connections").json["data"]
    assert [connection["id"] for connection in listed] == ids[::-1]


def test_a_list_in_pages(owner: Account, instance: Instance) -> None:
    ids = connect_several(owner, instance, 3)
    first = owner.api.get("/channels/connections", limit=2).json
    second = owner.api.get("/channels/connections", limit=2, page=2).json
    beyond = owner.api.get("/channels/connections", limit=2, page=3).json
    assert [connection["id"] for connection in first["data"] + second["data"]] == ids[::-1]
    assert first["pagination"] == {
        "page": 1,
        "limit": 2,
        "total": 3,
        "total_pages": 2,
        "has_next": True,
        "has_prev": False,
    }
    assert (second["pagination"]["has_next"], second["pagination"]["has_prev"]) == (False, True)
    assert beyond["data"] == []
    assert beyond["pagination"]["total"] == 3


@pytest.mark.parametrize(
    "query",
    [
        {"page": 0},
        {"page": -1},
        {"page": "x"},
        {"page": 10**12},
        {"limit": 0},
        {"limit": 101},
        {"status": "revoked"},
        {"channel_id": "a\0b"},
        {"channel_id": "Mastodon'--"},
    ],
)
def test_a_list_that_cannot_be_is_refused(owner: Account, query: dict[str, object]) -> None:
    answer = owner.api.get("/channels/connections", **query)
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])
    assert [error["field"] for error in answer.json["errors"]] == list(query)


def test_a_list_of_one_status(owner: Account, instance: Instance) -> None:
    kept, failed, left = connect_several(owner, instance, 3)
    del instance.accounts["token-1"]
    owner.api.post(f"/channels/connections/{failed}/test")
    owner.api.delete(f"/channels/connections/{left}")

    def listed(**query: str) -> list[str]:
        answer = owner.api.get("/channels/connections", **query)
        assert answer.json["pagination"]["total"] == len(answer.json["data"])
        assert answer.json["filters"]["status"] == query.get("status", "all")
        return [connection["id"] for connection in answer.json["data"]]

    assert listed() == [failed, kept]
    assert listed(status="connected") == [kept]
    assert listed(status="error") == [failed]
    assert listed(status="disconnected") == [left]


def test_a_list_of_one_network(owner: Account, instance: Instance) -> None:
    (connection_id,) = connect_several(owner, instance, 1)
    found = owner.api.get("/channels/connections", channel_id="mastodon").json
    assert [connection["id"] for connection in found["data"]] == [connection_id]
    assert found["filters"] == {"status": "all", "channel_id": "mastodon"}
    assert owner.api.get("/channels/connections", channel_id="bluesky").json["data"] == []


def test_another_organizations_connections_are_not_listed(
    owner: Account, stranger: Account, instance: Instance
) -> None:
    connect_several(owner, instance, 2)
    assert stranger.api.get("/channels/connections").json["pagination"]["total"] == 0


@pytest.mark.parametrize(
    ("method", "path"), [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/test")]
)
def test_another_organizations_connection_is_denied(
    owner: Account, stranger: Account, instance: Instance, method: str, path: str
) -> None:
    (connection_id,) = connect_several(owner, instance, 1)
    calls = instance.calls
    body = b"{}" if method == "PATCH" else b""
    answer = stranger.api.request(
        method, f"/channels/connections/{connection_id}{path}", content=body
    )
    assert (answer.status, answer.codes) == (403, ["CONNECTION_ACCESS_DENIED"])
    assert instance.calls == calls
    found = owner.api.get(f"/channels/connections/{connection_id}").json["data"]
    assert found["status"] == "connected"


@pytest.mark.parametrize(
    ("method", "path"), [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/test")]
)
@pytest.mark.parametrize("connection_id", [str(uuid4()), "abc", "0", "%00", "1 OR 1=1"])
def test_a_connection_that_there_is_not(
    owner: Account, method: str, path: str, connection_id: str
) -> None:
    body = b"{}" if method == "PATCH" else b""
    answer = owner.api.request(method, f"/channels/connections/{connection_id}{path}", content=body)
    assert (answer.status, answer.codes) == (404, ["CONNECTION_NOT_FOUND"])


def test_who_may_only_look_may_look(viewer: Account) -> None:
    assert viewer.api.get("/channels").status == 200
    assert viewer.api.get("/channels/connections").status == 200


@pytest.mark.parametrize(("method", "path"), [("PATCH", ""), ("DELETE", ""), ("POST", "/test")])
def test_who_may_only_look_changes_nothing(viewer: Account, method: str, path: str) -> None:
    body = b"{}" if method == "PATCH" else b""
    answer = viewer.api.request(method, f"/channels/connections/{uuid4()}{path}", content=body)
    assert (answer.status, answer.codes) == (403, ["FORBIDDEN"])
