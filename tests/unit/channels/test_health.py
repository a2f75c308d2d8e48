"""What is said of a connection, by its state."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.channels.domain.connection import Status
from shared.channels.domain.health import Forecast, forecast

NOW = datetime(2027, 1, 1, tzinfo=UTC)
CALM: dict[str, Any] = {
    "status": Status.CONNECTED,
    "token_expires_at": None,
    "next_refresh_at": None,
    "refresh_attempts": 0,
    "refresh_lease_until": None,
}


def ahead(**time: float) -> datetime:
    return NOW + timedelta(**time)


def of(**state: Any) -> Forecast:
    return forecast(**{**CALM, **state}, now=NOW)


RENEWED = {"token_expires_at": ahead(hours=2), "next_refresh_at": ahead(hours=1)}

EXPIRY = ("token_expires_at", "next_refresh_at")
AWAITED = dict.fromkeys(EXPIRY, ahead(days=60))
"""Credentials that are looked at when they expire, and not before: a person must give others."""


@pytest.mark.parametrize(
    ("state", "health", "days"),
    [
        ({}, "healthy", None),
        (RENEWED, "healthy", 0),
        ({**RENEWED, "refresh_attempts": 2}, "refreshing", 0),
        ({**RENEWED, "refresh_lease_until": ahead(minutes=1)}, "refreshing", 0),
        ({**RENEWED, "refresh_lease_until": ahead(minutes=-1)}, "healthy", 0),
        ({**RENEWED, "token_expires_at": ahead(minutes=-1)}, "refreshing", 0),
        ({"token_expires_at": ahead(days=60)}, "healthy", 60),
        ({"token_expires_at": ahead(days=7, seconds=1)}, "healthy", 7),
        ({"token_expires_at": ahead(days=7)}, "expiring", 7),
        ({"token_expires_at": ahead(hours=3)}, "expiring", 0),
        ({"token_expires_at": NOW}, "expired", 0),
        ({"token_expires_at": ahead(days=-3)}, "expired", 0),
        (AWAITED, "healthy", 60),
        ({**AWAITED, **dict.fromkeys(EXPIRY, ahead(days=2))}, "expiring", 2),
        ({**AWAITED, **dict.fromkeys(EXPIRY, ahead(minutes=-1))}, "refreshing", 0),
        ({"status": Status.ERROR}, "error", None),
        ({"status": Status.DISCONNECTED}, "disconnected", None),
    ],
)
def test_a_word_for_each_state(state: dict[str, Any], health: str, days: int | None) -> None:
    said = of(**state)
    assert (said.health, said.expires_in_days) == (health, days)


def test_who_renews_needs_nobody() -> None:
    said = of(**RENEWED)
    assert (said.person_needed, said.person_needed_at) == (False, None)


@pytest.mark.parametrize("known", [EXPIRY[:1], EXPIRY])
def test_what_nobody_renews_needs_a_person_by_its_expiry(known: tuple[str, ...]) -> None:
    later, soon = ahead(days=60), ahead(days=2)
    said = of(**dict.fromkeys(known, later))
    assert (said.person_needed, said.person_needed_at) == (False, later)
    said = of(**dict.fromkeys(known, soon))
    assert (said.person_needed, said.person_needed_at) == (True, soon)


def test_what_the_network_refuses_needs_a_person_now() -> None:
    said = of(status=Status.ERROR, token_expires_at=ahead(days=60))
    assert (said.person_needed, said.person_needed_at) == (True, NOW)
