"""Testing a connection: the network says whether it still works."""

from uuid import UUID

import pytest

from tests.accounts import Account
from tests.functions.channels.instance import TOKEN, Instance, account, connect
from tests.happened import told
from tests.simultaneously import simultaneously


@pytest.fixture
def connection_id(owner: Account, instance: Instance) -> str:
    connection_id: str = connect(owner.api, instance).json["id"]
    return connection_id


def test_a_connection_that_works(owner: Account, connection_id: str) -> None:
    answer = owner.api.post(f"/channels/connections/{connection_id}/test")
    assert answer.status == 200
    assert answer.json["success"]
    assert answer.json["tested_at"].endswith("Z")
    assert answer.json["user_info"]["name"] == "Ada"
    assert answer.json["user_info"]["username"] == "@ada@social.example"


def test_what_has_changed_at_the_network_is_taken_over(
    owner: Account, instance: Instance, connection_id: str
) -> None:
    instance.accounts[TOKEN] = account(avatar="https://social.example/new.png", display_name="Eve")
    owner.api.post(f"/channels/connections/{connection_id}/test")
    found = owner.api.get(f"/channels/connections/{connection_id}").json["data"]
    assert found["account_avatar"] == "https://social.example/new.png"
    assert found["display_name"] == "Ada"


def test_a_connection_that_the_network_refuses_is_in_error(
    owner: Account, instance: Instance, connection_id: str
) -> None:
    instance.accounts.clear()
    owner.api.post(f"/channels/connections/{connection_id}/test")
    answer = owner.api.post(f"/channels/connections/{connection_id}/test")
    assert told("CHANNEL_ERROR") == {UUID(connection_id): owner.user_id}
    assert answer.status == 200
    assert answer.json["success"] is False
    assert answer.json["message"] == "The access token is invalid"
    assert answer.json["user_info"] is None
    found = owner.api.get(f"/channels/connections/{connection_id}").json["data"]
    assert (found["status"], found["error_message"]) == ("error", "The access token is invalid")


def test_a_connection_that_works_again_is_connected_again(
    owner: Account, instance: Instance, connection_id: str
) -> None:
    accounts, instance.accounts = instance.accounts, {}
    owner.api.post(f"/channels/connections/{connection_id}/test")
    instance.accounts = accounts
    assert owner.api.post(f"/channels/connections/{connection_id}/test").json["success"]
    found = owner.api.get(f"/channels/connections/{connection_id}").json["data"]
    assert (found["status"], found["error_message"]) == ("connected", None)


@pytest.mark.parametrize("instead", [(500, b"{}"), (429, b"{}"), (200, b"<html>")])
def test_a_network_in_trouble_disconnects_nobody(
    owner: Account, instance: Instance, connection_id: str, instead: tuple[int, bytes]
) -> None:
    instance.instead = instead
    answer = owner.api.post(f"/channels/connections/{connection_id}/test")
    assert (answer.status, answer.codes) == (503, ["CHANNEL_UNAVAILABLE"])
    found = owner.api.get(f"/channels/connections/{connection_id}").json["data"]
    assert found["status"] == "connected"


def test_credentials_that_are_now_another_accounts(
    owner: Account, instance: Instance, connection_id: str
) -> None:
    instance.accounts[TOKEN] = account("2", "mallory")
    answer = owner.api.post(f"/channels/connections/{connection_id}/test")
    assert (answer.status, answer.codes) == (409, ["CONNECTION_ACCOUNT_CHANGED"])
    found = owner.api.get(f"/channels/connections/{connection_id}").json["data"]
    assert found["account_username"] == "@ada@social.example"


def test_what_is_disconnected_cannot_be_tested(
    owner: Account, instance: Instance, connection_id: str
) -> None:
    owner.api.delete(f"/channels/connections/{connection_id}")
    calls = instance.calls
    answer = owner.api.post(f"/channels/connections/{connection_id}/test")
    assert (answer.status, answer.codes) == (409, ["CONNECTION_DISCONNECTED"])
    assert instance.calls == calls


@pytest.mark.parametrize("meanwhile", ["disconnected", "connected anew"])
def test_a_verdict_about_credentials_of_yesterday_changes_nothing(
    owner: Account, instance: Instance, connection_id: str, meanwhile: str
) -> None:
    path = f"/channels/connections/{connection_id}"

    def interfere() -> None:
        instance.before_answering = None
        owner.api.delete(path)
        if meanwhile == "connected anew":
            instance.accounts["a-new-token"] = account()
            connect(owner.api, instance, "a-new-token")
        instance.accounts.pop(TOKEN)

    instance.before_answering = lambda: simultaneously([interfere])
    answer = owner.api.post(f"{path}/test")
    code = "CONNECTION_CHANGED" if meanwhile == "connected anew" else "CONNECTION_DISCONNECTED"
    assert (answer.status, answer.codes) == (409, [code])
    expected = "connected" if meanwhile == "connected anew" else "disconnected"
    assert owner.api.get(path).json["data"]["status"] == expected
