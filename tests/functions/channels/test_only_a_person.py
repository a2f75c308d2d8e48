"""Credentials that nothing renews: left alone while they are good, and then a person is told."""

from typing import Any

import pytest

from tests.accounts import Account
from tests.author import Author
from tests.refresher import expire_credentials, tick
from tests.simulator.client import Simulator

NOTHING = {"renewed": 0, "missed": 0, "refused": 0, "void": 0}


@pytest.fixture
def author(owner: Account, simulator: Simulator) -> Author:
    return Author.of(owner)


@pytest.fixture(params=["linkedin", "x"])
def channel(request: pytest.FixtureRequest) -> str:
    slug: str = request.param
    return slug


@pytest.fixture
def connection(author: Author, simulator: Simulator, channel: str) -> str:
    fields = simulator.account(channel, renews=False)
    answer = author.api.post("/channels/connect", {"channel_id": channel, "credentials": fields})
    assert answer.status == 201, answer.content
    connection_id: str = answer.json["id"]
    return connection_id


def shown(author: Author, connection: str) -> Any:
    return author.api.get(f"/channels/connections/{connection}").json["data"]


def test_nothing_is_tried_before_they_expire(author: Author, connection: str) -> None:
    before = shown(author, connection)
    assert before["refreshes_at"] == before["token_expires_at"]
    assert tick() == NOTHING
    answer = author.api.post(f"/channels/connections/{connection}/refresh")
    assert (answer.status, answer.codes) == (409, ["CONNECTION_NOT_REFRESHABLE"])
    assert shown(author, connection) == before


def test_when_they_have_expired_the_connection_says_so_once(
    author: Author, connection: str
) -> None:
    expire_credentials()
    assert tick() == {**NOTHING, "refused": 1}
    assert tick() == NOTHING
    ended = shown(author, connection)
    assert ended["status"] == "error"
    assert "connect the account again" in ended["error_message"]
    answer = author.api.post(f"/channels/connections/{connection}/refresh")
    assert (answer.status, answer.codes) == (409, ["CONNECTION_REFUSED"])


def test_a_test_of_what_the_network_refuses_says_so(
    author: Author, simulator: Simulator, connection: str
) -> None:
    simulator.expire_tokens()
    proof = author.api.post(f"/channels/connections/{connection}/test").json
    assert not proof["success"]
    assert shown(author, connection)["status"] == "error"


def test_what_renews_them_is_not_demanded(author: Author, channel: str) -> None:
    body = {"channel_id": channel, "credentials": {}}
    answer = author.api.post("/channels/connect", body)
    assert [error["field"] for error in answer.json["errors"]] == ["credentials.access_token"]
