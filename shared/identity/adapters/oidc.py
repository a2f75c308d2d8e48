"""Identity providers, asked by OpenID Connect: authorization code, PKCE, ID token."""

import logging
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote_plus

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.auth import encode_client_secret_basic

from shared.identity.adapters.oidc_claims import external_claims
from shared.identity.adapters.oidc_discovery import Discovery
from shared.identity.adapters.oidc_http import failure_of, faulty, get_json
from shared.identity.adapters.oidc_id_token import Expected, invalid, read_id_token
from shared.identity.adapters.oidc_settings import OidcClient, clients
from shared.identity.domain.external_identity import ExternalClaims
from shared.kernel.clock import utc_now
from shared.kernel.errors import FaultyService, NotFound, RuleViolation, Unavailable

logger = logging.getLogger(__name__)

_SCOPE = "openid email profile"
_ADDRESS = {"email", "email_verified"}
"""Told together or not at all: what one answer calls verified is not what another calls so."""
_BASIC, _POST = "client_secret_basic", "client_secret_post"


@dataclass(frozen=True)
class OidcProvider:
    _client: OidcClient
    _discovery: Discovery

    @property
    def name(self) -> str:
        return self._client.name

    @property
    def issuer(self) -> str:
        return self._client.issuer

    def authorization_url(
        self, *, redirect_uri: str, state: str, nonce: str, code_verifier: str
    ) -> str:
        endpoint = self._discovery.metadata()["authorization_endpoint"]
        with self._session(redirect_uri) as session:
            url, _ = session.create_authorization_url(
                endpoint, state=state, nonce=nonce, code_verifier=code_verifier
            )
        return str(url)

    def demand_issuer(self, said: str | None) -> None:
        promised = "authorization_response_iss_parameter_supported"
        if said is None and self._discovery.metadata().get(promised) is not True:
            return
        if said != self.issuer:
            raise RuleViolation(
                "OAUTH_ISSUER_MISMATCH", "This is the answer of another identity provider"
            )

    def redeem(
        self, code: str, *, redirect_uri: str, nonce: str, code_verifier: str
    ) -> ExternalClaims:
        token = self._exchange(code, redirect_uri=redirect_uri, code_verifier=code_verifier)
        access_token = token.get("access_token")
        claims = read_id_token(
            token.get("id_token"),
            keys=self._discovery.keys(),
            newer_keys=self._discovery.newer_keys,
            algorithms=self._discovery.words("id_token_signing_alg_values_supported", ["RS256"]),
            expected=Expected(
                issuer=self.issuer,
                client_id=self._client.client_id,
                nonce=nonce,
                access_token=access_token if isinstance(access_token, str) else None,
            ),
            now=utc_now(),
        )
        if not claims.keys() >= _ADDRESS and isinstance(access_token, str):
            told = self._userinfo(access_token, claims["sub"])
            claims = {**told, **claims, **{name: told.get(name) for name in _ADDRESS}}
        return external_claims(claims)

    def _exchange(self, code: str, *, redirect_uri: str, code_verifier: str) -> dict[str, Any]:
        endpoint = self._discovery.metadata()["token_endpoint"]
        try:
            with self._session(redirect_uri) as session:
                return dict(
                    session.fetch_token(
                        endpoint,
                        grant_type="authorization_code",
                        code=code,
                        code_verifier=code_verifier,
                        timeout=self._client.timeout,
                        allow_redirects=False,
                    )
                )
        except OAuthError as error:
            if error.error == "invalid_grant":
                raise RuleViolation(
                    "INVALID_AUTHORIZATION_CODE", "The identity provider does not take this code"
                ) from error
            logger.warning(
                "token_exchange_refused", extra={"issuer": self.issuer, "error": str(error.error)}
            )
            raise _not_exchanged() from error
        except requests.RequestException as error:
            failure = failure_of(error)
            raise failure if isinstance(failure, Unavailable) else _not_exchanged() from error
        except (ValueError, TypeError, RecursionError) as error:  # no JSON object, or an odd one
            raise _not_exchanged() from error

    def _userinfo(self, access_token: str, subject: str) -> dict[str, Any]:
        """Where most issuers tell the e-mail address, of the same person (Core, section 5.3.2)."""
        endpoint = self._discovery.userinfo_endpoint()
        if endpoint is None:
            return {}
        told = get_json(endpoint, timeout=self._client.timeout, bearer=access_token)
        if told.get("sub") != subject:
            raise invalid()
        return told

    def _session(self, redirect_uri: str) -> Any:
        methods = self._discovery.words("token_endpoint_auth_methods_supported", [_BASIC])
        method = next((each for each in (_BASIC, _POST) if each in methods), None)
        if method is None:
            raise faulty()
        session = OAuth2Session(
            self._client.client_id,
            self._client.client_secret,
            token_endpoint_auth_method=method,
            scope=_SCOPE,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
        )
        session.trust_env = False
        session.register_client_auth_method((_BASIC, _encoded_basic))
        return session


def _encoded_basic(client: Any, method: str, uri: str, headers: Any, body: Any) -> Any:
    """Id and secret are form-encoded first (RFC 6749, section 2.3.1), which Authlib leaves out."""
    named = type(client)(quote_plus(client.client_id), quote_plus(client.client_secret))
    return encode_client_secret_basic(named, method, uri, headers, body)


def _not_exchanged() -> FaultyService:
    return FaultyService(
        "OAUTH_TOKEN_EXCHANGE_FAILED", "The identity provider did not change its code for a token"
    )


@cache
def _providers() -> dict[str, OidcProvider]:
    """The container's providers, with what they have said of themselves."""
    return {name: OidcProvider(client, Discovery(client)) for name, client in clients().items()}


def provider_names() -> list[str]:
    return sorted(_providers())


def provider_named(name: str) -> OidcProvider:
    """A provider that is configured here.

    Raises:
        NotFound: `OAUTH_PROVIDER_NOT_AVAILABLE`.
    """
    found = _providers().get(name)
    if found is None:
        raise NotFound("OAUTH_PROVIDER_NOT_AVAILABLE", "There is no such identity provider")
    return found
