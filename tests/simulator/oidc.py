"""A strict OpenID Connect issuer, which signs in whoever a test says, at once.

It refuses what a good one refuses: another client, an address to return to that is not registered
letter by letter, no PKCE, no nonce, a code that was used or is another client's. Tests hold the
object itself and may make it lie, be silent or answer nonsense.
"""

import base64
import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode

from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.simulator.oidc_keys import half_hash, public, rsa_key, signed
from tests.simulator.world import Refusal, bearer, refuse

CODE_LASTS = 60.0


@dataclass(frozen=True)
class Grant:
    """What a code stands for."""

    query: dict[str, str]
    person: dict[str, Any]
    made_at: float


@dataclass
class Issuer:
    """`person` is who signs in next, as claims; `url` is known once it is served.

    `lies` overrides claims of the ID token, and `None` leaves one out. `sign` signs it. `spoiled`
    answers by path, in place of what is right. `told` counts calls by path.
    """

    redirect_uris: set[str]
    client_id: str = "luxaris"
    client_secret: str = "s3cr3t with+odd:signs%"
    url: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    lies: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[dict[str, Any], RSAKey], str] = signed
    key: RSAKey = field(default_factory=lambda: rsa_key("first"))
    metadata: dict[str, Any] = field(default_factory=dict)
    spoiled: dict[str, Callable[[], Response]] = field(default_factory=dict)
    told: dict[str, int] = field(default_factory=dict)
    only_userinfo: bool = False
    checks_pkce: bool = True
    _grants: dict[str, Grant] = field(default_factory=dict)
    _tokens: dict[str, dict[str, Any]] = field(default_factory=dict)

    def app(self) -> Starlette:
        answers = {
            "/.well-known/openid-configuration": (self._discover, "GET"),
            "/keys": (self._keys, "GET"),
            "/authorize": (self._authorize, "GET"),
            "/token": (self._token, "POST"),
            "/userinfo": (self._userinfo, "GET"),
        }
        routes = [
            Route(path, self._or_spoiled(path, answer), methods=[method])
            for path, (answer, method) in answers.items()
        ]
        return Starlette(routes=routes, exception_handlers={Refusal: refuse})

    def _or_spoiled(
        self, path: str, answer: Callable[[Request, dict[str, str]], Response]
    ) -> Callable[[Request], Any]:
        async def route(request: Request) -> Response:
            self.told[path] = self.told.get(path, 0) + 1
            if path in self.spoiled:
                return self.spoiled[path]()
            return answer(request, dict(parse_qsl((await request.body()).decode())))

        return route

    def _discover(self, _: Request, __: dict[str, str]) -> Response:
        told = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }
        return JSONResponse({**told, **self.metadata})

    def _keys(self, _: Request, __: dict[str, str]) -> Response:
        return JSONResponse({"keys": [public(self.key)]})

    def _authorize(self, request: Request, _: dict[str, str]) -> Response:
        """Whoever it cannot trust to be sent back to is told here (RFC 6749, section 4.1.2.1)."""
        query = dict(request.query_params)
        if (query.get("client_id"), query.get("redirect_uri")) not in {
            (self.client_id, uri) for uri in self.redirect_uris
        }:
            raise _refused("invalid_request")
        wanted = {"response_type": "code", "code_challenge_method": "S256"}
        is_good = (
            wanted.items() <= query.items()
            and "openid" in query.get("scope", "").split()
            and all(query.get(name) for name in ("state", "nonce", "code_challenge"))
        )
        if not is_good:
            raise _refused("invalid_request")
        code = secrets.token_urlsafe(24)
        self._grants[code] = Grant(query, dict(self.person), time.time())
        said = {"code": code, "state": query["state"], "iss": self.url}
        return RedirectResponse(f"{query['redirect_uri']}?{urlencode(said)}", 302)

    def _token(self, request: Request, form: dict[str, str]) -> Response:
        if not self._is_client(request, form):
            raise _refused("invalid_client", 401)
        if form.get("grant_type") != "authorization_code":
            raise _refused("unsupported_grant_type")
        grant = self._grants.pop(form.get("code", ""), None)
        if (
            grant is None
            or time.time() - grant.made_at > CODE_LASTS
            or form.get("redirect_uri") != grant.query["redirect_uri"]
            or (
                self.checks_pkce
                and _challenge(form.get("code_verifier", "")) != grant.query["code_challenge"]
            )
        ):
            raise _refused("invalid_grant")
        access_token = secrets.token_urlsafe(24)
        self._tokens[access_token] = grant.person
        return JSONResponse(
            {
                "access_token": access_token,
                "token_type": "Bearer",
                "expires_in": 300,
                "id_token": self._id_token(grant, access_token),
            },
            headers={"Cache-Control": "no-store"},
        )

    def _id_token(self, grant: Grant, access_token: str) -> str:
        now = int(time.time())
        person = {"sub": grant.person["sub"]} if self.only_userinfo else grant.person
        claims = {
            "iss": self.url,
            "aud": self.client_id,
            "iat": now,
            "exp": now + 300,
            "nonce": grant.query["nonce"],
            "at_hash": half_hash(access_token),
            **person,
            **self.lies,
        }
        told = {name: value for name, value in claims.items() if value is not None}
        return self.sign(told, self.key)

    def _userinfo(self, request: Request, _: dict[str, str]) -> Response:
        person = self._tokens.get(bearer(request))
        if person is None:
            raise _refused("invalid_token", 401)
        return JSONResponse(person)

    def _is_client(self, request: Request, form: dict[str, str]) -> bool:
        """Only in the way its metadata offer; Basic is form-encoded (RFC 6749, section 2.3.1)."""
        offered = self.metadata.get("token_endpoint_auth_methods_supported")
        if offered == ["client_secret_post"]:
            given = (form.get("client_id"), form.get("client_secret"))
            return given == (self.client_id, self.client_secret)
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        name, _, secret = base64.b64decode(encoded).decode().partition(":")
        given = (unquote_plus(name), unquote_plus(secret))
        return scheme == "Basic" and given == (self.client_id, self.client_secret)


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _refused(error: str, status: int = 400) -> Refusal:
    return Refusal(JSONResponse({"error": error}, status))
