"""A network's authorization server, strict: RFC 6749 with the habits of its network.

Whoever comes to its page has said yes at once, for an account that is opened for them. A test adds
to the address what else a person might do: `deny`, `account` (the id of one that is there), `grant`
(scopes, where they leave some out).
"""

import base64
import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from tests.simulator.faults import AFTER_ACCEPTING, Fault
from tests.simulator.oauth_grants import Access, Grants
from tests.simulator.world import Refusal, bearer, origin

CODE_LIVES = 30.0


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What a code stands for."""

    client_id: str
    redirect_uri: str
    challenge: str
    account_id: str
    scopes: tuple[str, ...]
    given_at: float


@dataclass(kw_only=True)
class Authority:
    """`open_account` makes an account at an origin and answers its id.

    `by_header`: an application proves itself by a header, not in the form. `challenges`: PKCE is
    demanded. `rotates`: a refresh token is good for one use. `renews`: it gives any.

    Dialects: `demands` must come along to its page; scopes are asked for with `between` between
    them, and told with `tells_between`. `denied` is its word for a no, `client_called` for
    ``client_id``. `gives_besides` answers what of an account comes with its tokens. One that
    `refuses_softly` does so with a 200.
    """

    grants: Grants
    scopes: frozenset[str]
    open_account: Callable[[str], str]
    by_header: bool
    challenges: bool
    rotates: bool
    renews: bool = True
    forgets_expiry: bool = False
    demands: Mapping[str, str] = field(default_factory=dict)
    between: str = " "
    tells_between: str = " "
    denied: str = "access_denied"
    client_called: str = "client_id"
    gives_besides: Callable[[str], Mapping[str, str]] = field(default=lambda _: {})
    refuses_softly: bool = False
    consents: dict[str, Consent] = field(default_factory=dict)

    @property
    def network(self) -> str:
        return self.grants.network

    def besides(self, client_id: str) -> dict[str, str]:
        """What a new application has beside its id and secret."""
        return {}

    async def authorize(self, request: Request) -> Response:
        """Whoever it cannot trust to be sent back to is told here (section 4.1.2.1)."""
        query = dict(request.query_params)
        client_id = query.get(self.client_called, "")
        application = self.grants.applications.get(client_id)
        if application is None or query.get("redirect_uri") not in application.redirect_uris:
            return _refused("invalid_request", "Something went wrong", 400)
        asked = query.get("scope", "").split(self.between)
        wanted = {"response_type": "code", **self.demands}
        named = ["state", "scope"]
        if self.challenges:
            wanted["code_challenge_method"] = "S256"
            named.append("code_challenge")
        is_good = wanted.items() <= query.items() and all(query.get(name) for name in named)
        if not is_good or not self.scopes.issuperset(asked):
            return _refused("invalid_request", "Something went wrong", 400)
        if "deny" in query:
            return _back(query, error=self.denied)
        code = secrets.token_urlsafe(48)
        self.consents[code] = Consent(
            client_id=client_id,
            redirect_uri=query["redirect_uri"],
            challenge=query.get("code_challenge", ""),
            account_id=query.get("account") or self.open_account(origin(request)),
            scopes=tuple(query["grant"].split() if "grant" in query else asked),
            given_at=time.time(),
        )
        return _back(query, code=code)

    async def token(self, request: Request) -> Response:
        try:
            return await self._token(request)
        except Refusal as refusal:
            if self.refuses_softly:
                refusal.response.status_code = 200
            raise

    async def _token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        client_id = self._client(request, form)
        fault = self.grants.world.faults.take(self.network, "", call="session")
        if fault and fault.kind not in AFTER_ACCEPTING:
            return _spoiled(fault)
        match form.get("grant_type"):
            case "authorization_code":
                account_id, scopes = self._redeemed(form, client_id)
            case "refresh_token":
                account_id, scopes = self._renewed(form, client_id)
            case _:
                raise _refusal("unsupported_grant_type", "This grant type is not supported")
        kept = None if self.rotates else form.get("refresh_token")
        access = self.grants.give(
            account_id, client_id, scopes, refreshes=self.renews, refresh_token=kept
        )
        return await self._given(access, fault)

    async def revoke(self, request: Request) -> Response:
        """A token that is none is revoked already (RFC 7009)."""
        form = dict(parse_qsl((await request.body()).decode()))
        self._client(request, form)
        self.grants.revoke(form.get("token", ""))
        return JSONResponse({"revoked": True})

    def caller(self, request: Request) -> Access | None:
        """What the token of a call is good for, if it is good at all."""
        return self.grants.access(bearer(request))

    def _client(self, request: Request, form: dict[str, str]) -> str:
        given = form.get(self.client_called, ""), form.get("client_secret", "")
        if self.by_header:
            scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
            if scheme != "Basic":
                raise _refusal("unauthorized_client", "Missing valid authorization header", 401)
            name, _, secret = base64.b64decode(encoded).decode().partition(":")
            given = unquote(name), unquote(secret)
        application = self.grants.applications.get(given[0])
        if application is None or application.secret != given[1]:
            raise _refusal("invalid_client", "Client authentication failed", 401)
        return given[0]

    def _redeemed(self, form: dict[str, str], client_id: str) -> tuple[str, tuple[str, ...]]:
        """Once, and whether it was right or not."""
        consent = self.consents.pop(form.get("code", ""), None)
        if (
            consent is None
            or time.time() - consent.given_at > CODE_LIVES
            or (client_id, form.get("redirect_uri")) != (consent.client_id, consent.redirect_uri)
            or (self.challenges and _challenge(form.get("code_verifier", "")) != consent.challenge)
        ):
            words = "Value passed for the authorization code was invalid."
            raise _refusal("invalid_request", words)
        return consent.account_id, consent.scopes

    def _renewed(self, form: dict[str, str], client_id: str) -> tuple[str, tuple[str, ...]]:
        token = form.get("refresh_token", "")
        grant = self.grants.refresh(token, client_id)
        if grant is None:
            raise _refusal("invalid_request", "Value passed for the token was invalid.")
        if self.rotates:
            self.grants.use(token)
        return grant.account_id, grant.scopes

    async def _given(self, access: Access, fault: Fault | None) -> Response:
        told: dict[str, Any] = {
            "token_type": "bearer",
            "access_token": access.token,
            "scope": self.tells_between.join(access.scopes),
            **self.gives_besides(access.account_id),
        }
        if not self.forgets_expiry:
            told["expires_in"] = round(access.expires_at - time.time())
        if access.refresh_token:
            told["refresh_token"] = access.refresh_token
        match fault and fault.kind:
            case None:
                return JSONResponse(told, headers={"Cache-Control": "no-store"})
            case "malformed":
                return JSONResponse({"access_token": 5})
            case "status_after_accepting" if fault:
                return fault.bare_answer()
            case "hang_after_accepting" if fault:
                await fault.hang()
        return Response("<html>Bad gateway</html>", 502, media_type="text/html")


def _spoiled(fault: Fault) -> Response:
    match fault.kind:
        case "permission":
            return _refused("access_denied", "This account is suspended", 403)
        case "rate_limit":
            until = str(int(time.time() + fault.retry_after))
            response = _refused("slow_down", "Too Many Requests", 429)
            response.headers["x-rate-limit-remaining"] = "0"
            response.headers["x-rate-limit-reset"] = until
            return response
        case "status_before_accepting":
            return fault.bare_answer()
        case "server_error_before":
            return _refused("server_error", "Over capacity", 503)
        case _:
            return _refused("invalid_request", "Value passed for the token was invalid.", 400)


def _back(query: dict[str, str], **said: str) -> Response:
    answer = urlencode({**said, "state": query["state"]})
    return RedirectResponse(f"{query['redirect_uri']}?{answer}", 302)


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _refusal(error: str, words: str, status: int = 400) -> Refusal:
    return Refusal(_refused(error, words, status))


def _refused(error: str, words: str, status: int) -> Response:
    return JSONResponse({"error": error, "error_description": words}, status)
