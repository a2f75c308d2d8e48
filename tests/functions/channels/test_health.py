"""How a connection is doing, over HTTP; the rules are in tests/unit/channels/test_health.py."""

from datetime import timedelta
from typing import Any

import pytest

from tests.accounts import Account
from tests.functions.channels.consent import Browser
from tests.functions.channels.test_by_consent import change


def health(browser: Browser, connection_id: str) -> Any:
    answer = browser.api.get(f"/channels/connections/{connection_id}/health")
    assert answer.status == 200, answer.content
    return answer.json["data"]


def test_what_lasts_is_healthy(browser: Browser) -> None:
    known = browser.connect()
    assert health(browser, known) == {
        "connection_id": known,
        "status": "connected",
        "health": "healthy",
        "error_message": None,
        "last_used_at": None,
        "token_expires_at": None,
        "expires_in_days": None,
        "refreshes_at": None,
        "refresh_attempts": 0,
        "person_needed": False,
        "person_needed_at": None,
    }


def test_what_expires_says_when_and_who_acts(browser: Browser, guild: Any) -> None:
    guild.lasts = timedelta(days=60, minutes=1)
    known = browser.connect()
    said = health(browser, known)
    assert (said["health"], said["expires_in_days"]) == ("healthy", 60)
    assert said["refreshes_at"] < said["token_expires_at"]
    change("UPDATE channel_connections SET next_refresh_at = NULL")
    change("UPDATE channel_connections SET token_expires_at = now() + interval '50 hours'")
    said = health(browser, known)
    assert (said["health"], said["expires_in_days"]) == ("expiring", 2)
    assert said["person_needed"] is True
    assert said["person_needed_at"] == said["token_expires_at"]


def test_the_list_has_the_word_too(browser: Browser) -> None:
    browser.connect()
    change("UPDATE channel_connections SET status = 'error', error_message = 'Go away'")
    (listed,) = browser.connections()
    assert (listed["health"], listed["expires_in_days"]) == ("error", None)
    assert "refresh_lease_until" not in listed
    said = health(browser, listed["id"])
    assert (said["error_message"], said["person_needed"]) == ("Go away", True)


@pytest.mark.parametrize("unknown", ["nothing", "0192f3a4-5b6c-7d8e-9f00-112233445566"])
def test_what_there_is_not(owner: Account, unknown: str) -> None:
    answer = owner.api.get(f"/channels/connections/{unknown}/health")
    assert (answer.status, answer.codes) == (404, ["CONNECTION_NOT_FOUND"])


def test_another_organizations(browser: Browser, stranger: Account) -> None:
    answer = stranger.api.get(f"/channels/connections/{browser.connect()}/health")
    assert (answer.status, answer.codes) == (403, ["CONNECTION_ACCESS_DENIED"])
