"""Connecting an account: what is asked, what the network says, and what is kept of it."""

import time
from typing import Any

import pytest

from tests.accounts import Account, approved_user
from tests.api import Api
from tests.functions.channels.instance import TOKEN, Instance, account, connect
from tests.simultaneously import simultaneously


def test_a_proved_account_is_connected(owner: Account, instance: Instance) -> None:
    answer = connect(owner.api, instance)
    assert answer.status == 201
    connection = answer.json
    assert connection["channel_id"] == "mastodon"
    assert connection["channel"] == {"id": "mastodon", "key": "mastodon", "name": "Mastodon"}
    assert connection["display_name"] == "Ada"
    assert connection["account_username"] == "@ada@social.example"
    assert connection["account_url"] == "https://social.example/@ada"
    assert connection["account_avatar"] == "https://social.example/ada.png"
    assert connection["status"] == "connected"
    assert connection["created_at"].endswith("Z")
    assert owner.api.get(f"/channels/connections/{connection['id']}").json["data"] == connection


def test_a_name_of_ones_own_is_kept(owner: Account, instance: Instance) -> None:
    answer = connect(owner.api, instance, display_name="Company news")
    assert answer.json["display_name"] == "Company news"


@pytest.mark.parametrize("blank", ["\0", "   ", "\n"])
def test_a_name_of_nothing_is_none(owner: Account, instance: Instance, blank: str) -> None:
    assert connect(owner.api, instance, display_name=blank).json["display_name"] == "Ada"


def test_blanks_around_what_was_typed_do_no_harm(owner: Account, instance: Instance) -> None:
    assert connect(owner.api, instance, f"  {TOKEN}\n").status == 201


@pytest.mark.parametrize(
    ("credentials", "fields"),
    [
        ({}, ["credentials.access_token", "credentials.instance"]),
        ({"instance": "a.example"}, ["credentials.access_token"]),
        ({"instance": "a.example", "access_token": "  "}, ["credentials.access_token"]),
        ({"instance": "a.example", "access_token": "a\rb"}, ["credentials.access_token"]),
        ({"instance": "a.example", "access_token": "a\0b"}, ["credentials.access_token"]),
        ({"instance": "a.example", "access_token": "a" * 5000}, ["credentials.access_token"]),
        ({"instance": "a.example", "access_token": 7}, ["credentials.access_token"]),
        (
            {"instance": "a.example", "access_token": "a", "password": "p", "code": "c"},
            ["credentials.code", "credentials.password"],
        ),
        ("mastodon", ["credentials"]),
    ],
)
def test_every_field_that_is_wrong_is_named(
    owner: Account, credentials: Any, fields: list[str]
) -> None:
    answer = owner.api.post(
        "/channels/connect", {"channel_id": "mastodon", "credentials": credentials}
    )
    assert answer.status == 400
    assert set(answer.codes) == {"VALIDATION_ERROR"}
    assert [error["field"] for error in answer.json["errors"]] == fields


@pytest.mark.parametrize(
    "body",
    [{}, {"channel_id": None}, {"channel_id": "mastodon", "display_name": ""}, [], None, "x"],
)
def test_a_body_of_another_shape_is_refused(owner: Account, body: Any) -> None:
    answer = owner.api.post("/channels/connect", body)
    assert (answer.status, set(answer.codes)) == (400, {"VALIDATION_ERROR"})


def test_a_body_that_is_not_json_is_refused(owner: Account) -> None:
    answer = owner.api.request("POST", "/channels/connect", content=b"{")
    assert (answer.status, answer.codes) == (400, ["MALFORMED_JSON"])


@pytest.mark.parametrize("channel", ["myspace", "", "../mastodon", "__init__", "mastodon\0"])
def test_a_network_that_there_is_not(owner: Account, channel: str) -> None:
    answer = owner.api.post("/channels/connect", {"channel_id": channel, "mock_connection": True})
    assert (answer.status, answer.codes) == (404, ["CHANNEL_NOT_FOUND"])


def test_wrong_credentials_are_refused_in_the_networks_own_words(
    owner: Account, instance: Instance
) -> None:
    answer = connect(owner.api, instance, "wrong")
    assert answer.status == 400
    (error,) = answer.json["errors"]
    assert error["error_code"] == "CONNECTION_REFUSED"
    assert error["meta"]["error_class"] == "authentication"
    assert error["meta"]["words"] == "The access token is invalid"
    assert owner.api.get("/channels/connections").json["data"] == []


def test_a_network_that_repeats_the_secret_is_not_quoted_with_it(
    owner: Account, instance: Instance
) -> None:
    instance.instead = (401, b'{"error": "no such token: the-secret-of-ada"}')
    answer = connect(owner.api, instance, "the-secret-of-ada")
    assert answer.json["errors"][0]["meta"]["words"] == "no such token: [removed]"


@pytest.mark.parametrize(
    "instead",
    [
        (500, b'{"error": "oops"}'),
        (503, b"<html>"),
        (200, b"<html>welcome</html>"),
        (200, b"[]"),
        (200, b"null"),
        (200, b'{"id": 1}'),
        (200, b'"\xff"'),
        (200, b""),
    ],
)
def test_an_answer_without_sense_connects_nothing(
    owner: Account, instance: Instance, instead: tuple[int, bytes]
) -> None:
    instance.instead = instead
    answer = connect(owner.api, instance)
    assert (answer.status, answer.codes) == (503, ["CHANNEL_UNAVAILABLE"])
    assert owner.api.get("/channels/connections").json["data"] == []


def test_a_network_that_is_too_busy_says_when_to_come_back(
    owner: Account, instance: Instance
) -> None:
    instance.instead = (429, b'{"error": "Too many requests"}')
    instance.headers = {"Retry-After": "30"}
    answer = connect(owner.api, instance)
    assert (answer.status, answer.codes) == (503, ["CHANNEL_UNAVAILABLE"])
    assert answer.json["errors"][0]["meta"]["retry_after"] == pytest.approx(30, abs=2)


def test_a_network_that_never_answers(owner: Account, instance: Instance, impatient: None) -> None:
    instance.before_answering = lambda: time.sleep(1)
    answer = connect(owner.api, instance)
    assert (answer.status, answer.codes) == (503, ["CHANNEL_UNAVAILABLE"])


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "nowhere.invalid"])
def test_a_network_that_is_not_there(owner: Account, address: str) -> None:
    answer = owner.api.post(
        "/channels/connect",
        {
            "channel_id": "mastodon",
            "credentials": {"instance": address, "access_token": TOKEN},
        },
    )
    assert (answer.status, answer.codes) == (503, ["CHANNEL_UNAVAILABLE"])


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"])
def test_this_machine_is_not_a_network(
    owner: Account, instance: Instance, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_CLIENT_ALLOW_PRIVATE", "false")
    instance.url = instance.url.replace("127.0.0.1", host)
    answer = connect(owner.api, instance)
    assert (answer.status, answer.codes) == (503, ["CHANNEL_UNAVAILABLE"])
    assert instance.calls == 0


def test_an_address_inside_tells_no_more_than_one_that_is_not_there(
    owner: Account, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_CLIENT_ALLOW_PRIVATE", "false")
    answers = []
    for address in (instance.url, "http://169.254.169.254", "https://nowhere.invalid"):
        instance.url = address
        errors = connect(owner.api, instance).json["errors"]
        answers.append(errors)
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://a.example", "a b", "://"])
def test_an_address_that_is_none(owner: Account, address: str) -> None:
    answer = owner.api.post(
        "/channels/connect",
        {"channel_id": "mastodon", "credentials": {"instance": address, "access_token": TOKEN}},
    )
    assert (answer.status, answer.codes) == (400, ["CONNECTION_REFUSED"])


def test_an_account_is_connected_once(owner: Account, instance: Instance) -> None:
    first = connect(owner.api, instance).json
    answer = connect(owner.api, instance)
    assert (answer.status, answer.codes) == (409, ["CONNECTION_ALREADY_EXISTS"])
    assert answer.json["errors"][0]["meta"] == {"connection_id": first["id"]}


def test_an_account_is_connected_once_even_by_two_at_a_time(
    owner: Account, instance: Instance
) -> None:
    answers = simultaneously([lambda: connect(owner.api, instance)] * 4)
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409]
    assert len(owner.api.get("/channels/connections").json["data"]) == 1


def test_two_accounts_of_one_network_are_two_connections(
    owner: Account, instance: Instance
) -> None:
    instance.accounts["another"] = account("2", "grace")
    assert connect(owner.api, instance).status == 201
    assert connect(owner.api, instance, "another").status == 201


def test_accounts_of_two_servers_may_have_the_same_number(
    owner: Account, instance: Instance
) -> None:
    with Instance().running() as other:
        assert connect(owner.api, instance).status == 201
        assert connect(owner.api, other).status == 201


def test_two_organizations_may_connect_the_same_account(
    api: Api, owner: Account, instance: Instance
) -> None:
    stranger = approved_user(api, owner)
    assert connect(owner.api, instance).status == 201
    assert connect(stranger.api, instance).status == 201


def test_connecting_again_what_was_disconnected_revives_it(
    owner: Account, instance: Instance
) -> None:
    first = connect(owner.api, instance).json
    owner.api.delete(f"/channels/connections/{first['id']}")
    instance.accounts = {"a-new-token": account(name="lovelace")}
    answer = connect(owner.api, instance, "a-new-token")
    assert answer.status == 201
    assert answer.json["id"] == first["id"]
    assert answer.json["status"] == "connected"
    assert answer.json["account_username"] == "@lovelace@social.example"
    assert answer.json["disconnected_at"] is None


def test_connecting_again_what_the_network_refuses_mends_it(
    owner: Account, instance: Instance
) -> None:
    first = connect(owner.api, instance).json
    instance.accounts = {"a-new-token": account()}
    assert not owner.api.post(f"/channels/connections/{first['id']}/test").json["success"]
    answer = connect(owner.api, instance, "a-new-token")
    assert answer.status == 201
    assert (answer.json["id"], answer.json["status"]) == (first["id"], "connected")
    assert answer.json["error_message"] is None


def test_what_a_server_says_of_an_account_is_made_harmless(
    owner: Account, instance: Instance
) -> None:
    instance.accounts[TOKEN] = account(
        display_name="A\0da\ud800" + "x" * 500,
        url="javascript:alert(1)",
        avatar="data:image/png;base64,AAAA",
    )
    answer = connect(owner.api, instance)
    assert answer.status == 201
    assert answer.json["display_name"] == ("Ada" + "x" * 500)[:200]
    assert answer.json["account_url"] is None
    assert answer.json["account_avatar"] is None


@pytest.mark.parametrize("changes", [{"id": "\0"}, {"display_name": ["x"]}, {"avatar": {"a": 1}}])
def test_an_account_of_another_shape_is_not_believed(
    owner: Account, instance: Instance, changes: dict[str, Any]
) -> None:
    instance.accounts[TOKEN] = account(**changes)
    answer = connect(owner.api, instance)
    assert (answer.status, answer.codes) == (503, ["CHANNEL_UNAVAILABLE"])


def test_nobody_in_particular_connects_nothing(api: Api, instance: Instance) -> None:
    assert connect(api, instance).status == 401
    assert instance.calls == 0


def test_who_may_only_look_connects_nothing(viewer: Account, instance: Instance) -> None:
    answer = connect(viewer.api, instance)
    assert (answer.status, answer.codes) == (403, ["FORBIDDEN"])
    assert instance.calls == 0
