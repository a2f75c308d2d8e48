"""Sessions of a PDS, as its `AccountManager` keeps them.

An access token is good until it says otherwise, whatever becomes of its session. A refresh token is
used once; for two hours more it gives the session that it gave before, to whoever lost the answer.
"""

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.bluesky.answers import error, throttled
from tests.simulator.bluesky.tokens import read_token, write_token
from tests.simulator.faults import AFTER_ACCEPTING, Fault
from tests.simulator.files import Seen
from tests.simulator.rate_windows import RateWindow
from tests.simulator.world import Refusal, World, bearer, json_of, origin

ACCESS_LIVES = 2 * 3600.0
REFRESH_LIVES = 90 * 24 * 3600.0
GRACE = 2 * 3600.0


@dataclass(kw_only=True)
class Account:
    """`made` and `renewed` count its sessions."""

    did: str
    handle: str
    app_password: str
    writes: RateWindow
    logins: RateWindow = field(default_factory=lambda: RateWindow(limit=30, seconds=300))
    logins_a_day: RateWindow = field(default_factory=lambda: RateWindow(limit=300, seconds=86_400))
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    blobs: dict[str, Seen] = field(default_factory=dict)
    made: int = 0
    renewed: int = 0


@dataclass(kw_only=True)
class RefreshToken:
    did: str
    expires_at: float
    next_id: str | None = None


@dataclass(kw_only=True)
class Sessions:
    world: World
    accounts: dict[str, Account]
    refresh_tokens: dict[str, RefreshToken] = field(default_factory=dict)
    access_lives: float = ACCESS_LIVES
    grace: float = GRACE
    access_begins_at: float = 0.0

    def routes(self) -> list[Route]:
        return [
            Route("/xrpc/com.atproto.server.createSession", self.create, methods=["POST"]),
            Route("/xrpc/com.atproto.server.refreshSession", self.refresh, methods=["POST"]),
            Route("/xrpc/com.atproto.server.getSession", self.show),
            Route("/xrpc/com.atproto.server.getServiceAuth", self.give_to_service),
        ]

    def account(self, identifier: str) -> Account | None:
        named = (each for each in self.accounts.values() if each.handle == identifier)
        return self.accounts.get(identifier) or next(named, None)

    def caller(self, request: Request) -> Account:
        """The account of an access token that was issued here."""
        claims = self._proved(request, "access")
        if claims["iat"] < self.access_begins_at:
            raise Refusal(error(400, "ExpiredToken", "Token has expired"))
        return self.accounts[claims["sub"]]

    async def create(self, request: Request) -> Response:
        wish = await json_of(request)
        account = self.account(str(wish.get("identifier", "")).lower())
        for window in (account.logins, account.logins_a_day) if account else ():
            if not window.take():
                return throttled(window)
        if account is None or wish.get("password") != account.app_password:
            return error(401, "AuthenticationRequired", "Invalid identifier or password")
        fault = self.world.faults.take("bluesky", "", call="session")
        if fault and fault.kind not in AFTER_ACCEPTING:
            return _refused(fault, account)
        account.made += 1
        return await _given(self._session(account, secrets.token_urlsafe(32)), fault)

    async def refresh(self, request: Request) -> Response:
        claims = self._proved(request, "refresh")
        account, now = self.accounts[claims["sub"]], time.time()
        fault = self.world.faults.take("bluesky", "", call="session")
        if fault and fault.kind not in AFTER_ACCEPTING:
            return _refused(fault, account)
        used = self.refresh_tokens.get(claims["jti"])
        if used is None or used.expires_at <= now:
            return error(400, "ExpiredToken", "Token has been revoked")
        next_id = used.next_id or secrets.token_urlsafe(32)
        until = min(used.expires_at, now + self.grace)
        self.keep(claims["jti"], account.did, until, next_id)
        account.renewed += 1
        return await _given(self._session(account, next_id), fault)

    async def show(self, request: Request) -> Response:
        account = self.caller(request)
        told = {"did": account.did, "handle": account.handle, "active": True}
        server = {
            "id": "#atproto_pds",
            "type": "AtprotoPersonalDataServer",
            "serviceEndpoint": f"{origin(request)}/bluesky",
        }
        return JSONResponse({**told, "didDoc": {"id": account.did, "service": [server]}})

    async def give_to_service(self, request: Request) -> Response:
        """A token for another service, of a minute unless it is for one method."""
        account, wish, now = self.caller(request), request.query_params, time.time()
        if not wish.get("aud", "").startswith("did:"):
            return error(400, "InvalidRequest", "Error: aud must be a valid did")
        lives = 60.0
        if exp := wish.get("exp"):
            if not exp.isdecimal():
                return error(400, "InvalidRequest", "Error: exp must be an integer")
            lives = int(exp) - now
            if not 0 <= lives <= (3600 if wish.get("lxm") else 60):
                return error(400, "BadExpiration", "expiration is in past, or too far ahead")
        claims = {"aud": wish["aud"], "lxm": wish.get("lxm"), "exp": now + lives}
        return JSONResponse({"token": write_token("service", account.did, claims)})

    def keep(self, token_id: str, did: str, expires_at: float, next_id: str | None = None) -> None:
        said: dict[str, Any] = {"did": did, "expires_at": expires_at, "next_id": next_id}
        self.world.memory.keep("bluesky", "refresh_token", token_id=token_id, **said)
        self.remember_token(token_id, **said)

    def remember_token(self, token_id: str, **said: Any) -> None:
        self.refresh_tokens[token_id] = RefreshToken(**said)

    def end(self, did: str) -> None:
        """Revoke every refresh token of an account."""
        for token_id, token in list(self.refresh_tokens.items()):
            if token.did == did:
                self.keep(token_id, did, 0.0)

    def change_password(self, did: str, app_password: str) -> None:
        self.accounts[did].app_password = app_password

    def _session(self, account: Account, refresh_id: str) -> Response:
        now = time.time()
        if refresh_id not in self.refresh_tokens:
            self.keep(refresh_id, account.did, now + REFRESH_LIVES)
        access = {"iat": now, "exp": now + self.access_lives, "jti": secrets.token_hex(8)}
        refresh = {"iat": now, "exp": now + REFRESH_LIVES, "jti": refresh_id}
        return JSONResponse(
            {
                "did": account.did,
                "handle": account.handle,
                "accessJwt": write_token("access", account.did, access),
                "refreshJwt": write_token("refresh", account.did, refresh),
                "active": True,
            }
        )

    def _proved(self, request: Request, scope: str) -> dict[str, Any]:
        if not bearer(request):
            raise Refusal(error(401, "AuthMissing", "Authentication Required"))
        claims = read_token(bearer(request), scope)
        if claims is None or claims["sub"] not in self.accounts:
            raise Refusal(error(400, "InvalidToken", "Token could not be verified"))
        if claims["exp"] <= time.time():
            raise Refusal(error(400, "ExpiredToken", "Token has expired"))
        return claims


def _refused(fault: Fault, account: Account) -> Response:
    match fault.kind:
        case "permission":
            return error(401, "AccountTakedown", "Account has been taken down")
        case "rate_limit":
            return throttled(account.logins, fault.retry_after)
        case "expired_token":
            return error(400, "ExpiredToken", "Token has been revoked")
        case "status_before_accepting":
            return fault.bare_answer()
        case "server_error_before":
            return error(502, "UpstreamFailure", "Upstream Failure")
        case _:
            return error(401, "AuthenticationRequired", f"No more, {account.app_password}")


async def _given(session: Response, fault: Fault | None) -> Response:
    """What becomes of the answer; one that hangs comes at last, to whoever still waits for it."""
    match fault and fault.kind:
        case None:
            return session
        case "malformed":
            return JSONResponse({"accessJwt": 5})
        case "status_after_accepting" if fault:
            return fault.bare_answer()
        case "hang_after_accepting" if fault:
            await fault.hang()
            return session
        case _:
            return error(500, "InternalServerError", "Internal Server Error")
