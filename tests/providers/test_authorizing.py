"""What a provider must do whose accounts are connected by OAuth 2.0."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError

import pytest

from shared.channels.adapters.registry import load
from shared.channels.api.delivery import ErrorClass, ProviderError, Refused, Unanswered
from shared.channels.domain.authorization import Authorization
from shared.channels.domain.renewal import CREDENTIALS_EXPIRED, Renewable
from tests.providers.account import called, connect, publication
from tests.providers.authorizing import (
    AUTHORIZABLE,
    CALLBACK,
    LASTING,
    REFRESHED,
    Person,
    location,
)
from tests.simulator.client import Simulator

refreshed = pytest.mark.parametrize("person", REFRESHED, indirect=True)


@pytest.fixture(params=AUTHORIZABLE)
def person(request: pytest.FixtureRequest, simulator: Simulator) -> Person:
    slug: str = request.param
    return Person.at(slug, simulator)


def test_the_network_is_asked_for_all_that_is_needed_and_no_secret_goes_along(
    person: Person,
) -> None:
    url = person.provider.authorization_url(person.application, person.authorization)
    assert url.startswith(person.application.server)
    assert (
        person.asked.items()
        >= {
            "response_type": "code",
            "redirect_uri": CALLBACK,
            "state": person.authorization.state,
        }.items()
    )
    assert person.application.client_id in person.asked.values()
    assert re.split("[ ,]", person.asked["scope"]) == list(person.provider.scopes)
    assert person.authorization.code_verifier not in url
    assert person.application.client_secret not in url


def test_without_an_imitation_the_network_itself_is_asked(person: Person) -> None:
    real = replace(person.application, server="")
    url = person.provider.authorization_url(real, person.authorization)
    assert url.startswith("https://")
    assert person.simulator.url not in url


def test_a_code_becomes_an_account_that_can_be_published_to(person: Person) -> None:
    account, *_ = person.exchange(person.code())
    assert account.external_id
    if person.slug in LASTING:
        assert account.expires_at is None
        assert not account.renewable
    else:
        assert account.renewable
        assert account.expires_at is not None
        assert account.expires_at > datetime.now(UTC) + timedelta(minutes=55)
    connected = person.connected(account)
    connected.publish(publication("Connected by a yes"))
    (arrived,) = connected.receipts()
    assert arrived["text"] == "Connected by a yes"


def test_the_applications_secret_is_not_kept_with_the_account(person: Person) -> None:
    account, *_ = person.exchange(person.code())
    assert person.application.client_secret not in account.credentials.values()
    assert all(isinstance(value, str) for value in account.credentials.values())
    for name in ("access_token", *load(person.slug).tokens):
        assert account.credentials[name] not in repr(account)


def test_what_was_connected_can_be_proved_again(person: Person) -> None:
    account, *_ = person.exchange(person.code())
    proved = connect(person.slug, person.connected(account).credentials)
    assert (proved.external_id, proved.expires_at) == (account.external_id, account.expires_at)
    assert proved.credentials.items() >= account.credentials.items()


def test_whoever_says_no_comes_back_without_a_code(person: Person) -> None:
    said = person.visit(deny="1")
    assert "code" not in said
    assert said["error"]


def test_a_code_is_good_once(person: Person) -> None:
    code = person.code()
    person.exchange(code)
    assert refusal(person, code).error_class is ErrorClass.AUTHENTICATION


@pytest.mark.parametrize("code", ["", "made-up", "é", "x" * 5000])
def test_a_code_that_nobody_gave_is_refused(person: Person, code: str) -> None:
    error = refusal(person, code)
    assert isinstance(error, Refused)
    assert error.error_class is ErrorClass.AUTHENTICATION


def test_a_code_is_bound_to_where_the_person_comes_back(person: Person) -> None:
    code = person.code()
    elsewhere = replace(person.authorization, redirect_uri="https://luxaris.example/other")
    assert isinstance(refusal(replace(person, authorization=elsewhere), code), Refused)


def test_the_imitation_sends_nobody_where_the_application_is_not(person: Person) -> None:
    elsewhere = replace(person.authorization, redirect_uri="https://evil.example/callback")
    url = person.provider.authorization_url(person.application, elsewhere)
    with pytest.raises(HTTPError) as caught:
        location(url)
    assert caught.value.code == 400


def test_a_code_of_x_is_bound_to_whoever_asked_for_it(simulator: Simulator) -> None:
    person = Person.at("x", simulator)
    code = person.code()
    other = replace(person.authorization, code_verifier="x" * 43)
    assert isinstance(refusal(replace(person, authorization=other), code), Refused)


def test_linkedin_is_sent_no_challenge(simulator: Simulator) -> None:
    assert (
        not {"code_challenge", "code_challenge_method"}
        & Person.at("linkedin", simulator).asked.keys()
    )


def test_fewer_scopes_than_were_asked_for_are_not_enough(person: Person) -> None:
    *granted, missing = person.provider.scopes
    error = refusal(person, person.code(grant=" ".join(granted)))
    assert isinstance(error, Refused)
    assert (error.error_class, error.code) == (ErrorClass.PERMISSION, "SCOPES_MISSING")
    assert error.words.endswith(f": {missing}")


def test_a_wrong_secret_is_the_applications_fault_not_the_persons(person: Person) -> None:
    wrong = replace(person.application, client_secret="no longer")
    error = refusal(replace(person, application=wrong), person.code())
    assert isinstance(error, Refused)
    assert (error.error_class, error.code) == (ErrorClass.PLATFORM, "APPLICATION_REFUSED")


@pytest.mark.parametrize("person", sorted({*AUTHORIZABLE} - {*LASTING}), indirect=True)
def test_a_network_that_says_nothing_of_expiry_is_taken_at_its_documents(person: Person) -> None:
    told, *_ = person.exchange(person.code())
    person.simulator.let_authority(person.slug, forgets_expiry=True)
    account, *_ = person.exchange(person.code())
    assert account.expires_at is not None
    assert told.expires_at is not None
    assert abs(account.expires_at - told.expires_at) < timedelta(minutes=1)


@pytest.mark.parametrize("kind", ["fail_after_accepting", "malformed", "status_after_accepting"])
def test_an_exchange_without_a_whole_answer_gives_no_account(person: Person, kind: str) -> None:
    code = person.code()
    person.simulator.fail(person.slug, kind, call="session")
    assert isinstance(refusal(person, code), Unanswered)


@refreshed
def test_what_was_connected_is_renewed_by_the_application(person: Person) -> None:
    account, *_ = person.exchange(person.code())
    connected = person.connected(account)
    person.simulator.expire_tokens()
    assert connected.refusal(publication()).code == CREDENTIALS_EXPIRED
    connected.renewed().renewed().publish(publication())
    assert len(connected.receipts()) == 1


@refreshed
@pytest.mark.parametrize("secret", ["", "no longer"])
def test_an_application_that_is_gone_ends_no_connection(person: Person, secret: str) -> None:
    """`only_a_person_helps` would not be true: the application is ours to mend."""
    account, *_ = person.exchange(person.code())
    credentials = {**person.connected(account).credentials, "client_secret": secret}
    with pytest.raises(Refused) as caught:
        replace(person.connected(account), credentials=credentials).renew()
    assert caught.value.error_class is ErrorClass.PLATFORM


@refreshed
def test_without_a_refresh_token_only_a_person_helps(person: Person) -> None:
    person.simulator.let_authority(person.slug, renews=False)
    account, *_ = person.exchange(person.code())
    assert not account.renewable
    assert "refresh_token" not in account.credentials
    connected = person.connected(account)
    assert not connect(person.slug, connected.credentials).renewable
    person.simulator.expire_tokens()
    error = connected.refusal(publication())
    assert (error.error_class, error.code) == (ErrorClass.AUTHENTICATION, "CREDENTIALS_REFUSED")
    with pytest.raises(Refused) as caught:
        connected.renew()
    assert caught.value.error_class is ErrorClass.AUTHENTICATION


@refreshed
def test_a_proof_renews_what_has_expired(person: Person) -> None:
    account, *_ = person.exchange(person.code())
    person.simulator.expire_tokens()
    proved = connect(person.slug, person.connected(account).credentials)
    assert proved.credentials["access_token"] != account.credentials["access_token"]
    person.connected(proved).publish(publication())


def test_what_x_has_revoked_is_good_for_nothing(simulator: Simulator) -> None:
    person = Person.at("x", simulator)
    account, *_ = person.exchange(person.code())
    connected = person.connected(account)
    called(lambda http: person.provider.revoke(http, connected.credentials))
    assert connected.refusal(publication()).error_class is ErrorClass.AUTHENTICATION
    with pytest.raises(Refused) as caught:
        connected.renew()
    assert caught.value.error_class is ErrorClass.AUTHENTICATION
    called(lambda http: person.provider.revoke(http, connected.credentials))


def test_linkedin_is_asked_to_revoke_nothing(simulator: Simulator) -> None:
    """Its pages share their tokens, and each may be connected without the others."""
    person = Person.at("linkedin", simulator)
    account, *_ = person.exchange(person.code())
    connected = person.connected(account)
    called(lambda http: person.provider.revoke(http, connected.credentials))
    connected.publish(publication())


def test_whoever_has_tokens_that_expire_renews_them() -> None:
    for slug in AUTHORIZABLE:
        assert isinstance(load(slug), Renewable) is bool(load(slug).tokens)


def test_what_is_random_does_not_show_itself() -> None:
    shown = repr(Authorization(redirect_uri=CALLBACK, state="5tate", code_verifier="ver1fier"))
    assert "5tate" not in shown
    assert "ver1fier" not in shown


def refusal(person: Person, code: str) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        person.exchange(code)
    return caught.value
