"""Bluesky's sessions: how they are renewed, and what a lost one costs."""

from dataclasses import replace

import pytest

from shared.channels.api.delivery import ErrorClass, Refused
from tests.providers.account import Connected, connected, publication
from tests.simulator.client import Simulator


@pytest.fixture
def bluesky(simulator: Simulator) -> Connected:
    return connected("bluesky", simulator)


def sessions(account: Connected) -> dict[str, int]:
    return account.simulator.sessions(account.fields["handle"])


def test_publishing_makes_no_session(bluesky: Connected) -> None:
    for number in range(3):
        bluesky.publish(publication(f"Number {number}"))
    assert sessions(bluesky) == {"made": 1, "renewed": 0}


def test_a_session_is_renewed_rather_than_made(bluesky: Connected) -> None:
    bluesky.renewed().renewed()
    assert sessions(bluesky) == {"made": 1, "renewed": 2}


def test_a_refresh_token_that_was_used_gives_the_same_one_again_for_a_while(
    bluesky: Connected,
) -> None:
    first, again = bluesky.renewed(), bluesky.renewed()
    assert sessions(bluesky) == {"made": 1, "renewed": 2}
    again.renewed()
    first.renewed().publish(publication())
    assert sessions(bluesky) == {"made": 1, "renewed": 4}


def test_after_that_the_app_password_makes_a_new_session(bluesky: Connected) -> None:
    bluesky.simulator.let_tokens_live(grace=0)
    bluesky.renewed()
    bluesky.renewed().publish(publication())
    assert sessions(bluesky) == {"made": 2, "renewed": 1}


def test_a_session_that_was_ended_is_made_anew(bluesky: Connected) -> None:
    bluesky.simulator.end_sessions(bluesky.fields["handle"])
    bluesky.renewed().publish(publication())
    assert sessions(bluesky) == {"made": 2, "renewed": 0}


def test_credentials_without_a_session_get_one(bluesky: Connected) -> None:
    tokens = bluesky.provider.tokens
    bare = {name: bluesky.credentials[name] for name in bluesky.credentials.keys() - set(tokens)}
    replace(bluesky, credentials=bare).renewed().publish(publication())
    assert sessions(bluesky) == {"made": 2, "renewed": 0}


def test_a_password_that_was_revoked_is_refused(bluesky: Connected) -> None:
    bluesky.simulator.new_password(bluesky.fields["handle"])
    with pytest.raises(Refused) as caught:
        bluesky.renew()
    assert caught.value.error_class is ErrorClass.AUTHENTICATION
    assert caught.value.code == "CREDENTIALS_REFUSED"


def test_an_account_that_is_gone_is_not_worth_a_renewal(bluesky: Connected) -> None:
    """Only the name of the refusal tells it from a token that has expired."""
    bluesky.fail("permission", call="session", times=2)
    with pytest.raises(Refused) as caught:
        bluesky.renew()
    assert (caught.value.error_class, caught.value.code) == (
        ErrorClass.PERMISSION,
        "ACCOUNT_UNAVAILABLE",
    )


def test_too_many_sessions_are_a_limit_not_a_refusal(bluesky: Connected) -> None:
    bluesky.simulator.let_tokens_live(grace=0)
    bluesky.renewed()
    for _ in range(29):
        bluesky.renewed()
    with pytest.raises(Refused) as caught:
        bluesky.renew()
    assert caught.value.error_class is ErrorClass.RATE_LIMIT
    assert caught.value.retry_after is not None
    assert 0 < caught.value.retry_after <= 300
