"""Connecting a known account anew, lending the application's secrets, and letting go."""

import logging
from datetime import timedelta
from typing import Any

import pytest

from shared.channels.domain.provider import ErrorClass, Refused
from tests.accounts import Account
from tests.functions.channels.consent import CLIENT_SECRET, Browser, configure
from tests.functions.channels.instance import Instance, connect
from tests.functions.channels.test_by_consent import change
from tests.refresher import credentials_of, make_renewal_due, tick


def reconnect(browser: Browser, connection_id: str, **body: Any) -> Any:
    path = f"/channels/connections/{connection_id}/reconnect"
    answer = browser.request("POST", path, json=body)
    assert answer.status == 200, answer.content
    return answer.json


@pytest.mark.parametrize("before", ["connected", "error", "disconnected"])
def test_it_keeps_its_id_and_its_name(browser: Browser, before: str) -> None:
    known = browser.connect()
    path = f"/channels/connections/{known}"
    browser.api.patch(path, {"display_name": "Our guild", "daily_cap": 3})
    if before == "disconnected":
        browser.api.delete(path)
    elif before == "error":
        change("UPDATE channel_connections SET status = 'error', error_message = 'no'")
    answer = browser.complete(code="good", state=reconnect(browser, known)["state"])
    assert answer.status == 201
    (connection,) = answer.json["connections"]
    assert (connection["id"], connection["status"]) == (known, "connected")
    assert (connection["display_name"], connection["daily_cap"]) == ("Our guild", 3)
    assert connection["error_message"] is None
    assert connection["disconnected_at"] is None


def test_nothing_need_be_said(browser: Browser) -> None:
    known = browser.connect()
    answer = browser.request("POST", f"/channels/connections/{known}/reconnect")
    assert answer.status == 200, answer.content
    assert browser.complete(code="good", state=answer.json["state"]).status == 201


def test_a_browser_may_come_back_by_itself(browser: Browser) -> None:
    known = browser.connect()
    state = reconnect(browser, known)["state"]
    assert browser.come_back({"code": "good", "state": state}) == {"connected": known}


def test_of_several_accounts_it_is_the_same(browser: Browser, guild: Any) -> None:
    known = browser.connect()
    guild.offers = ["looms-inc", "ada"]
    answer = browser.complete(code="good", state=reconnect(browser, known)["state"])
    assert [one["id"] for one in answer.json["connections"]] == [known]
    assert len(browser.connections()) == 1


def test_another_account_is_refused(browser: Browser, guild: Any) -> None:
    known = browser.connect()
    guild.offers = ["grace"]
    answer = browser.complete(code="good", state=reconnect(browser, known)["state"])
    assert (answer.status, answer.codes) == (409, ["CONNECTION_ACCOUNT_CHANGED"])
    assert [one["account_username"] for one in browser.connections()] == ["@ada"]
    assert credentials_of(known)["access_token"] == "token-of-ada"


def test_another_organizations_connection(browser: Browser, stranger: Account) -> None:
    path = f"/channels/connections/{browser.connect()}/reconnect"
    answer = Browser(stranger.api).request("POST", path, json={})
    assert (answer.status, answer.codes) == (403, ["CONNECTION_ACCESS_DENIED"])
    for unknown in ("nothing", "0192f3a4-5b6c-7d8e-9f00-112233445566"):
        path = f"/channels/connections/{unknown}/reconnect"
        answer = browser.request("POST", path, json={})
        assert (answer.status, answer.codes) == (404, ["CONNECTION_NOT_FOUND"])


def test_what_was_typed_once_goes_to_the_server_it_was_typed_for(
    owner: Account, instance: Instance
) -> None:
    known = connect(owner.api, instance).json["id"]
    path = f"/channels/connections/{known}/reconnect"
    answer = Browser(owner.api).request("POST", path, json={})
    assert (answer.status, answer.codes) == (503, ["CHANNEL_UNAVAILABLE"])  # no such host
    answer = Browser(owner.api).request("POST", path, json={"server": "a b"})
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])


def test_the_secrets_are_lent_to_a_test_and_to_a_renewal(browser: Browser, guild: Any) -> None:
    guild.lasts = timedelta(hours=2)
    known = browser.connect()
    path = f"/channels/connections/{known}"
    assert browser.api.post(f"{path}/test").json["success"] is True
    assert browser.api.post(f"{path}/refresh").status == 200
    make_renewal_due()
    assert tick()["renewed"] == 1
    assert [shown["client_secret"] for shown in guild.shown] == [CLIENT_SECRET] * 3
    assert credentials_of(known) == {
        "account": "ada",
        "access_token": "renewed-token",
        "refresh_token": "refresh-token-of-ada",
    }


def test_they_are_those_it_was_connected_through(
    owner: Account, stranger: Account, guild: Any
) -> None:
    """Unless they are gone: then those that there are now."""
    configure(owner.api, scope="platform", client_secret="everybodys")
    browser = Browser(stranger.api)
    path = f"/channels/connections/{browser.connect()}/test"
    configure(stranger.api)
    browser.api.post(path)
    owner.api.delete("/channels/guild/oauth-credentials", scope="platform")
    browser.api.post(path)
    assert [shown["client_secret"] for shown in guild.shown] == ["everybodys", CLIENT_SECRET]


def test_disconnecting_revokes(browser: Browser, guild: Any) -> None:
    known = browser.connect()
    for _ in range(2):
        assert browser.api.delete(f"/channels/connections/{known}").status == 200
    (revoked,) = guild.revoked
    assert revoked["access_token"] == "token-of-ada"
    assert revoked["client_secret"] == CLIENT_SECRET


@pytest.mark.parametrize("error", [Refused(ErrorClass.PERMISSION, "NO", "no"), KeyError("x")])
def test_what_goes_wrong_there_is_logged_and_no_more(
    browser: Browser, guild: Any, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    known = browser.connect()
    guild.error = error
    caplog.set_level(logging.WARNING)
    answer = browser.api.delete(f"/channels/connections/{known}")
    assert (answer.status, answer.json["status"]) == (200, "disconnected")
    assert "revocation_failed" in caplog.messages
    assert "token-of-ada" not in caplog.text
