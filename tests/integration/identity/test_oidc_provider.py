"""A provider's discovery and keys, kept and asked for anew."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from starlette.responses import JSONResponse, Response

from shared.identity.adapters.oidc import OidcProvider
from shared.identity.adapters.oidc_discovery import Discovery
from shared.identity.adapters.oidc_settings import OidcClient
from shared.identity.domain.external_identity import ExternalClaims
from shared.kernel.errors import FaultyService, RuleViolation, Unavailable
from tests.simulator.oidc import Issuer
from tests.simulator.oidc_keys import rsa_key
from tests.simulator.server import serving

REDIRECT_URI = "http://localhost:8000/callback"
METADATA = "/.well-known/openid-configuration"


@dataclass
class Traveller:
    """Signs in with a provider, at a time of day that a test sets."""

    issuer: Issuer
    now: float = 1000.0
    client: OidcClient = field(init=False)
    provider: OidcProvider = field(init=False)

    def __post_init__(self) -> None:
        self.client = OidcClient(
            name="acme",
            issuer=self.issuer.url,
            client_id=self.issuer.client_id,
            client_secret=self.issuer.client_secret,
            https_only=False,
        )
        self.provider = self.provider_of(self.client)

    def provider_of(self, client: OidcClient) -> OidcProvider:
        return OidcProvider(client, Discovery(client, lambda: self.now))

    def code(self, provider: OidcProvider | None = None) -> str:
        url = (provider or self.provider).authorization_url(
            redirect_uri=REDIRECT_URI, state="s", nonce="n", code_verifier="v" * 43
        )
        answer = requests.get(url, allow_redirects=False, timeout=5)
        return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]

    def redeem(self, code: str | None = None) -> ExternalClaims:
        return self.provider.redeem(
            code or self.code(), redirect_uri=REDIRECT_URI, nonce="n", code_verifier="v" * 43
        )


@pytest.fixture
def traveller() -> Iterator[Traveller]:
    issuer = Issuer({REDIRECT_URI}, person={"sub": "1"})
    with serving(issuer.app()) as url:
        issuer.url = url
        yield Traveller(issuer)


def test_keys_may_change(traveller: Traveller) -> None:
    traveller.redeem()
    traveller.now += 61
    traveller.issuer.key = rsa_key("second")
    assert traveller.redeem().subject == "1"
    assert traveller.issuer.told["/keys"] == 2


def test_unknown_keys_are_asked_for_once_a_minute(traveller: Traveller) -> None:
    traveller.redeem()
    traveller.issuer.sign = lambda _claims, _key: (
        "eyJhbGciOiJSUzI1NiIsImtpZCI6InVua25vd24ifQ.e30.AAAA"
    )
    for seconds in (0, 30, 31, 30, 31):
        traveller.now += seconds
        with pytest.raises(FaultyService):
            traveller.redeem()
    assert traveller.issuer.told["/keys"] == 3


def test_what_is_known_is_asked_for_anew_after_an_hour(traveller: Traveller) -> None:
    traveller.redeem()
    traveller.now += 3599
    traveller.redeem()
    assert (traveller.issuer.told[METADATA], traveller.issuer.told["/keys"]) == (1, 1)
    traveller.now += 2
    traveller.redeem()
    assert (traveller.issuer.told[METADATA], traveller.issuer.told["/keys"]) == (2, 2)


def test_a_failure_is_not_kept(traveller: Traveller) -> None:
    traveller.issuer.spoiled[METADATA] = lambda: Response(status_code=500)
    with pytest.raises(Unavailable):
        traveller.code()
    traveller.issuer.spoiled.clear()
    assert traveller.redeem().subject == "1"


def test_silence_is_not_waited_for(traveller: Traveller) -> None:
    def slow() -> Response:
        time.sleep(1)
        return JSONResponse({})

    code = traveller.code()
    hasty = traveller.provider_of(replace(traveller.client, timeout=0.2))
    hasty._discovery.metadata()
    traveller.issuer.spoiled["/token"] = slow
    with pytest.raises(Unavailable):
        hasty.redeem(code, redirect_uri=REDIRECT_URI, nonce="n", code_verifier="v" * 43)


def test_in_production_every_endpoint_is_https(traveller: Traveller) -> None:
    strict = traveller.provider_of(replace(traveller.client, https_only=True))
    with pytest.raises(FaultyService):
        traveller.code(strict)
    assert traveller.issuer.told.keys() == {METADATA}


@pytest.mark.parametrize(
    ("redirect_uri", "verifier"), [("http://localhost:8000/elsewhere", "v"), (REDIRECT_URI, "w")]
)
def test_a_code_is_for_the_address_and_the_verifier_it_was_made_for(
    traveller: Traveller, redirect_uri: str, verifier: str
) -> None:
    with pytest.raises(RuleViolation) as refused:
        traveller.provider.redeem(
            traveller.code(),
            redirect_uri=redirect_uri,
            nonce="n",
            code_verifier=verifier * 43,
        )
    assert refused.value.code == "INVALID_AUTHORIZATION_CODE"


def test_a_code_is_good_once(traveller: Traveller) -> None:
    code = traveller.code()
    traveller.redeem(code)
    with pytest.raises(RuleViolation):
        traveller.redeem(code)
