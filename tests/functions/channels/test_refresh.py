"""Renewing credentials by hand: what a person is told, and what becomes of the connection."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.accounts import Account
from tests.api import ApiAnswer
from tests.author import Author
from tests.functions.channels.instance import Instance, connect
from tests.happened import told
from tests.refresher import credentials_of, make_renewal_due, stored, tick, wait_for_renewal
from tests.simulator.client import Simulator
from tests.simultaneously import simultaneously


@pytest.fixture
def author(owner: Account, simulator: Simulator) -> Author:
    return Author.of(owner)


@pytest.fixture
def connection(author: Author) -> str:
    return author.connect("bluesky")


def refresh(author: Author, connection: str) -> ApiAnswer:
    return author.api.post(f"/channels/connections/{connection}/refresh")


def shown(author: Author, connection: str) -> Any:
    return author.api.get(f"/channels/connections/{connection}").json["data"]


def handle(author: Author, connection: str) -> str:
    username: str = shown(author, connection)["account_username"]
    return username.removeprefix("@")


def test_a_renewed_connection_is_shown_with_its_new_end(author: Author, connection: str) -> None:
    before = shown(author, connection)
    answer = refresh(author, connection)
    assert answer.status == 200
    assert answer.json["data"]["token_expires_at"] > before["token_expires_at"]
    assert answer.json["data"] == shown(author, connection)
    assert told("CHANNEL_TOKEN_REFRESHED").keys() == {UUID(connection)}
    assert None not in told("CHANNEL_TOKEN_REFRESHED").values(), "a person wanted it"


def test_credentials_that_last_cannot_be_renewed(owner: Account, instance: Instance) -> None:
    connection = connect(owner.api, instance).json["id"]
    answer = refresh(Author.of(owner), connection)
    assert (answer.status, answer.codes) == (409, ["CONNECTION_NOT_REFRESHABLE"])


def test_what_is_disconnected_cannot_be_renewed(author: Author, connection: str) -> None:
    author.api.delete(f"/channels/connections/{connection}")
    answer = refresh(author, connection)
    assert (answer.status, answer.codes) == (409, ["CONNECTION_DISCONNECTED"])


def test_a_refusal_is_told_in_the_networks_words(
    author: Author, connection: str, simulator: Simulator
) -> None:
    simulator.new_password(handle(author, connection))
    answer = refresh(author, connection)
    assert (answer.status, answer.codes) == (409, ["CONNECTION_REFUSED"])
    meta = answer.json["errors"][0]["meta"]
    assert (meta["error_class"], meta["words"]) == (
        "authentication",
        "Invalid identifier or password",
    )
    assert shown(author, connection)["status"] == "error"
    assert told("CHANNEL_ERROR").keys() == {UUID(connection)}
    assert not told("CHANNEL_TOKEN_REFRESHED")


def test_a_network_in_trouble_disconnects_nobody(
    author: Author, connection: str, simulator: Simulator
) -> None:
    simulator.fail("bluesky", "rate_limit", call="session", retry_after=300)
    answer = refresh(author, connection)
    assert (answer.status, answer.codes) == (503, ["CHANNEL_UNAVAILABLE"])
    assert answer.json["errors"][0]["meta"]["retry_after"] == pytest.approx(300, abs=2)
    found = shown(author, connection)
    assert (found["status"], found["refresh_attempts"]) == ("connected", 1)


def test_a_connection_in_error_comes_back_by_it(
    author: Author, connection: str, simulator: Simulator
) -> None:
    simulator.fail("bluesky", "permission", call="session", times=2)
    assert refresh(author, connection).codes == ["CONNECTION_REFUSED"]
    answer = refresh(author, connection)
    assert (answer.status, answer.json["data"]["status"]) == (200, "connected")
    assert answer.json["data"]["error_message"] is None
    assert answer.json["data"]["refreshes_at"] is not None


def test_two_at_once_call_the_network_once(
    author: Author, connection: str, simulator: Simulator
) -> None:
    simulator.fail("bluesky", "hang_after_accepting", call="session", seconds=0.5)
    answers = simultaneously([lambda: refresh(author, connection)] * 3)
    assert sorted(answer.status for answer in answers) == [200, 409, 409]
    assert [answer.codes for answer in answers if answer.status == 409] == [
        ["CONNECTION_REFRESH_IN_PROGRESS"]
    ] * 2
    assert simulator.sessions(handle(author, connection)) == {"made": 1, "renewed": 1}


def test_what_is_being_renewed_is_not_tested(
    author: Author, connection: str, simulator: Simulator
) -> None:
    account, path = handle(author, connection), f"/channels/connections/{connection}/test"
    before = credentials_of(connection)
    simulator.fail("bluesky", "hang_after_accepting", call="session", seconds=1)
    with ThreadPoolExecutor(1) as pool:
        answered = pool.submit(simultaneously, [lambda: refresh(author, connection)])
        wait_for_renewal(simulator, account)
        test = author.api.post(path)
        (answer,) = answered.result()
    assert (test.status, test.codes) == (409, ["CONNECTION_REFRESH_IN_PROGRESS"])
    assert answer.status == 200, "what the network gave is kept"
    assert credentials_of(connection) != before
    assert author.api.post(path).json["success"]
    assert stored(connection).refresh_lease_until is None


def test_what_is_being_tested_is_not_renewed(
    author: Author, connection: str, simulator: Simulator
) -> None:
    make_renewal_due()
    path = f"/channels/connections/{connection}"
    simulator.fail("bluesky", "rate_limit", call="session")
    assert author.api.post(f"{path}/test").status == 503
    assert stored(connection).refresh_lease_until is None, "a test without an answer lets go"
    simulator.fail("bluesky", "hang_after_accepting", call="session", seconds=1)
    with ThreadPoolExecutor(1) as pool:
        tested = pool.submit(simultaneously, [lambda: author.api.post(f"{path}/test")])
        wait_for_lease(connection)
        assert tick() == {"renewed": 0, "missed": 0, "refused": 0, "void": 0}
        assert refresh(author, connection).codes == ["CONNECTION_REFRESH_IN_PROGRESS"]
        assert author.api.post(f"{path}/test").codes == ["CONNECTION_REFRESH_IN_PROGRESS"]
        (answer,) = tested.result()
    assert answer.status in {200, 503}
    assert stored(connection).refresh_lease_until is None


def wait_for_lease(connection: str) -> None:
    deadline = time.monotonic() + 30
    while stored(connection).refresh_lease_until is None:
        assert time.monotonic() < deadline, "nobody has begun"
        time.sleep(0.01)


def test_another_organizations_connection_is_denied(
    author: Author, stranger: Account, connection: str, simulator: Simulator
) -> None:
    answer = refresh(Author.of(stranger), connection)
    assert (answer.status, answer.codes) == (403, ["CONNECTION_ACCESS_DENIED"])
    assert simulator.sessions(handle(author, connection))["renewed"] == 0


@pytest.mark.parametrize("connection_id", [str(uuid4()), "abc", "%00"])
def test_a_connection_that_there_is_not(author: Author, connection_id: str) -> None:
    answer = refresh(author, connection_id)
    assert (answer.status, answer.codes) == (404, ["CONNECTION_NOT_FOUND"])


def test_who_may_only_look_renews_nothing(viewer: Account) -> None:
    answer = refresh(Author.of(viewer), str(uuid4()))
    assert (answer.status, answer.codes) == (403, ["FORBIDDEN"])
