"""What a provider must do whose credentials expire, shown against its imitation."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.channels.adapters.registry import load, slugs
from shared.channels.api.delivery import ErrorClass, ProviderError, Refused, Unanswered
from shared.channels.domain.renewal import CREDENTIALS_EXPIRED, Renewable
from tests.providers.account import Connected, connect, connected, publication
from tests.simulator.client import Simulator

EXPIRING = sorted(slug for slug in slugs() if load(slug).tokens)
SINGLE_USE = ("x",)
"""Networks whose refresh tokens are good for one use, with no grace for a lost answer."""
LOST = ("fail_after_accepting", "malformed", "status_after_accepting")


@pytest.fixture(params=EXPIRING)
def expiring(request: pytest.FixtureRequest, simulator: Simulator) -> Connected:
    return connected(request.param, simulator)


def test_credentials_expire_just_where_they_can_be_renewed(slug: str, simulator: Simulator) -> None:
    account = connect(slug, simulator.account(slug))
    provider = load(slug)
    assert isinstance(provider, Renewable) is bool(provider.tokens)
    assert (account.expires_at is not None) is bool(provider.tokens)
    assert set(provider.tokens) <= account.credentials.keys()


def test_renewed_credentials_work_and_say_how_long(expiring: Connected) -> None:
    renewal = expiring.renew()
    assert renewal.expires_at > datetime.now(UTC) + timedelta(minutes=10)
    changed = {
        name
        for name, value in renewal.credentials.items()
        if value != expiring.credentials.get(name)
    }
    assert "access_token" in changed
    assert changed <= {*expiring.provider.tokens, "expires_at"}
    replace(expiring, credentials=renewal.credentials).publish(publication())
    assert len(expiring.receipts()) == 1


def test_renewed_credentials_do_not_show_themselves(expiring: Connected) -> None:
    renewal = expiring.renew()
    assert not [value for value in renewal.credentials.values() if value in repr(renewal)]


def test_an_expired_token_asks_for_its_renewal_and_publishes_nothing(expiring: Connected) -> None:
    expiring.simulator.expire_tokens()
    wanted = publication()
    error = expiring.refusal(wanted)
    assert isinstance(error, Refused)
    assert (error.error_class, error.code) == (ErrorClass.AUTHENTICATION, CREDENTIALS_EXPIRED)
    assert expiring.receipts() == []
    if "refresh_token" not in expiring.provider.tokens:
        with pytest.raises(Refused) as caught:
            expiring.renew()
        assert caught.value.error_class is ErrorClass.AUTHENTICATION
        return
    expiring.renewed().publish(wanted)
    assert len(expiring.receipts()) == 1


def test_what_was_renewed_can_be_renewed_again(expiring: Connected) -> None:
    expiring.renewed().renewed().publish(publication())
    assert len(expiring.receipts()) == 1


@pytest.mark.parametrize("expiring", sorted(set(EXPIRING) - set(SINGLE_USE)), indirect=True)
@pytest.mark.parametrize("kind", LOST)
def test_an_answer_that_was_lost_costs_nothing(expiring: Connected, kind: str) -> None:
    expiring.fail(kind, call="session")
    with pytest.raises(Unanswered):
        expiring.renew()
    expiring.renewed().publish(publication())
    assert len(expiring.receipts()) == 1


@pytest.mark.parametrize("expiring", SINGLE_USE, indirect=True)
@pytest.mark.parametrize("kind", LOST)
def test_an_answer_that_was_lost_costs_a_connection(expiring: Connected, kind: str) -> None:
    expiring.fail(kind, call="session")
    with pytest.raises(Unanswered):
        expiring.renew()
    with pytest.raises(Refused) as caught:
        expiring.renew()
    assert caught.value.error_class is ErrorClass.AUTHENTICATION


@pytest.mark.parametrize(
    ("kind", "error_class"),
    [
        ("rate_limit", ErrorClass.RATE_LIMIT),
        ("server_error_before", ErrorClass.PLATFORM),
        ("permission", ErrorClass.PERMISSION),
    ],
)
def test_a_refusal_has_its_class(expiring: Connected, kind: str, error_class: ErrorClass) -> None:
    # A provider may try another way to the same end, so the fault lasts for two calls.
    expiring.fail(kind, call="session", times=2)
    with pytest.raises(ProviderError) as caught:
        expiring.renew()
    assert caught.value.error_class is error_class


def test_a_network_that_is_not_there_says_nothing_of_the_credentials(expiring: Connected) -> None:
    where = next(name for name, value in expiring.credentials.items() if value.startswith("http"))
    gone = {**expiring.credentials, where: "http://127.0.0.1:9"}
    with pytest.raises(Refused) as caught:
        replace(expiring, credentials=gone).renew()
    assert caught.value.error_class is ErrorClass.NETWORK
