"""Simulated connections: the ordinary way, with an account that the simulator opens."""

import pytest

from shared.channels.adapters.registry import slugs
from tests.accounts import Account
from tests.api import ApiAnswer
from tests.functions.channels.instance import Instance
from tests.simulator.client import Simulator


def connect_simulated(owner: Account, channel: str = "mastodon") -> ApiAnswer:
    return owner.api.post("/channels/connect", {"channel_id": channel, "mock_connection": True})


@pytest.mark.parametrize("channel", sorted(slugs()))
def test_every_network_can_be_simulated_tested_and_left(
    owner: Account, simulator: Simulator, channel: str
) -> None:
    connection = connect_simulated(owner, channel).json
    assert (connection["channel_id"], connection["status"]) == (channel, "connected")
    assert connection["account_username"]
    path = f"/channels/connections/{connection['id']}"
    proof = owner.api.post(f"{path}/test").json
    assert proof["success"]
    assert proof["user_info"]["username"] == connection["account_username"]
    assert owner.api.delete(path).json["status"] == "disconnected"


@pytest.mark.parametrize("channel", sorted(slugs()))
def test_what_a_person_types_connects_too(
    owner: Account, simulator: Simulator, channel: str
) -> None:
    body = {"channel_id": channel, "credentials": simulator.account(channel)}
    assert owner.api.post("/channels/connect", body).status == 201
    assert owner.api.post("/channels/connect", body).codes == ["CONNECTION_ALREADY_EXISTS"]


def test_each_simulated_connection_is_an_account_of_its_own(
    owner: Account, simulator: Simulator
) -> None:
    assert connect_simulated(owner).json["id"] != connect_simulated(owner).json["id"]


def test_in_production_nothing_is_simulated(
    owner: Account, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    answer = connect_simulated(owner)
    assert (answer.status, answer.codes) == (403, ["MOCK_CONNECTIONS_DISABLED"])
    assert owner.api.get("/channels/connections").json["data"] == []


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:1"])
def test_without_a_simulator_nothing_is_simulated(
    owner: Account, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("SIMULATOR_URL", url)
    answer = connect_simulated(owner)
    assert (answer.status, answer.codes) == (503, ["SIMULATOR_UNAVAILABLE"])


def test_what_answers_must_be_a_simulator(
    owner: Account, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMULATOR_URL", instance.url)
    answer = connect_simulated(owner)
    assert (answer.status, answer.codes) == (503, ["SIMULATOR_UNAVAILABLE"])
