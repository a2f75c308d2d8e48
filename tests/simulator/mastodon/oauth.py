"""How a Mastodon server lets applications in: it leaves that to Doorkeeper, imitated here.

At the consent page a person agrees at once: as whoever `account` in its address names, else as
somebody new; with `deny=1` not at all; with `allow` to those scopes only.
"""

import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.simulator.mastodon.entities import Account
from tests.simulator.memory import Memory
from tests.simulator.world import Refusal, json_of

CODE_LIVES = 600.0
SCOPES = frozenset({"profile", "read", "write", "follow", "push"}) | {
    *("read:accounts", "read:statuses", "write:statuses", "write:media"),
}


@dataclass(frozen=True, kw_only=True)
class App:
    client_id: str
    client_secret: str
    redirect_uris: list[str]
    scopes: list[str]


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a code is good for; `scopes` are those that were allowed."""

    client_id: str
    redirect_uri: str
    scopes: str
    challenge: str
    account: Account
    expires_at: float


@dataclass(kw_only=True)
class MastodonOauth:
    """`accounts` are by token, the server's own; `open_account` makes somebody new."""

    memory: Memory
    accounts: dict[str, Account]
    open_account: Callable[[], Account]
    apps: dict[str, App] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    given: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By token, to which application and for which scopes."""

    def routes(self) -> list[Route]:
        return [
            Route("/api/v1/apps", self.register, methods=["POST"]),
            Route("/oauth/authorize", self.authorize),
            Route("/oauth/token", self.exchange, methods=["POST"]),
            Route("/oauth/revoke", self.revoke, methods=["POST"]),
        ]

    def demand_scope(self, token: str, scope: str) -> None:
        """Tokens that people make for themselves here may do everything."""
        _, scopes = self.given.get(token, ("", "read write"))
        if not {scope, scope.partition(":")[0]} & set(scopes.split()):
            words = "This action is outside the authorized scopes"
            raise Refusal(JSONResponse({"error": words}, 403))

    def remember_app(self, **said: Any) -> None:
        self.apps[said["client_id"]] = App(**said)

    def remember_token(self, token: str, of: str, client_id: str, scopes: str) -> None:
        self.accounts[token] = self.accounts[of]
        self.given[token] = client_id, scopes

    def forget_token(self, token: str) -> None:
        self.accounts.pop(token, None)
        self.given.pop(token, None)

    async def register(self, request: Request) -> Response:
        wish = await _wish(request)
        uris = wish.get("redirect_uris") or ""
        redirect_uris = uris.split() if isinstance(uris, str) else list(uris)
        scopes = str(wish.get("scopes") or "read").split()
        if not wish.get("client_name"):
            return _invalid("Application name can't be blank")
        if not redirect_uris or not all(urlsplit(each).scheme for each in redirect_uris):
            return _invalid("Redirect URI must be an absolute URI.")
        if not SCOPES.issuperset(scopes):
            return _invalid("Scopes doesn't match configured on the server.")
        said: dict[str, Any] = {
            "client_id": secrets.token_urlsafe(32),
            "client_secret": secrets.token_urlsafe(32),
            "redirect_uris": redirect_uris,
            "scopes": scopes,
        }
        self.memory.keep("mastodon", "app", **said)
        self.remember_app(**said)
        named = {"id": str(len(self.apps)), "name": wish["client_name"], "website": None}
        alike = {"redirect_uri": "\n".join(redirect_uris), "client_secret_expires_at": 0}
        return JSONResponse({**named, **said, **alike})

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        app = self.apps.get(asked.get("client_id", ""))
        if app is None:
            return HTMLResponse("Client authentication failed due to unknown client", 401)
        if asked.get("redirect_uri") not in app.redirect_uris:
            return HTMLResponse("The requested redirect uri is malformed or doesn't match", 400)
        scopes = asked.get("scope", "read").split()
        error = _objection(asked, app, scopes)
        if error is not None:
            return _back(asked, error=error)
        code = secrets.token_urlsafe(32)
        self.grants[code] = Grant(
            client_id=app.client_id,
            redirect_uri=asked["redirect_uri"],
            scopes=asked.get("allow", " ".join(scopes)),
            challenge=asked.get("code_challenge", ""),
            account=self._named(asked.get("account", "")) or self.open_account(),
            expires_at=time.time() + CODE_LIVES,
        )
        return _back(asked, code=code)

    def _named(self, username: str) -> Account | None:
        named = (each for each in self.accounts.values() if each.username == username)
        return next(named, None)

    async def exchange(self, request: Request) -> Response:
        wish = await _wish(request)
        app = self._client(wish)
        if wish.get("grant_type") != "authorization_code":
            return _error(400, "unsupported_grant_type", "The grant type is not supported")
        grant = self.grants.pop(str(wish.get("code")), None)
        if (
            grant is None
            or grant.client_id != app.client_id
            or grant.redirect_uri != wish.get("redirect_uri")
            or grant.expires_at < time.time()
            or grant.challenge != (_challenge(wish) if grant.challenge else "")
        ):
            return _error(
                400,
                "invalid_grant",
                "The provided authorization grant is invalid, expired, revoked, does not match the"
                " redirection URI used in the authorization request, or was issued to another"
                " client.",
            )
        said = {
            "token": secrets.token_urlsafe(32),
            "of": grant.account.token,
            "client_id": app.client_id,
            "scopes": grant.scopes,
        }
        self.memory.keep("mastodon", "token", **said)
        self.remember_token(**said)
        return JSONResponse(
            {
                "access_token": said["token"],
                "token_type": "Bearer",
                "scope": grant.scopes,
                "created_at": int(time.time()),
            }
        )

    async def revoke(self, request: Request) -> Response:
        wish = await _wish(request)
        app, token = self._client(wish), str(wish.get("token") or "")
        owner, _ = self.given.get(token, (app.client_id, ""))
        if not token or owner != app.client_id:
            words = "You are not authorized to revoke this token"
            return _error(403, "unauthorized_client", words)
        self.memory.keep("mastodon", "revoked", token=token)
        self.forget_token(token)
        return JSONResponse({})

    def _client(self, wish: dict[str, Any]) -> App:
        app = self.apps.get(str(wish.get("client_id")))
        if app is None or app.client_secret != wish.get("client_secret"):
            words = "Client authentication failed due to unknown client"
            raise Refusal(_error(401, "invalid_client", words))
        return app


def _objection(asked: dict[str, str], app: App, scopes: list[str]) -> str | None:
    """What is wrong with a request, or with a person who does not want to."""
    if asked.get("response_type") != "code":
        return "unsupported_response_type"
    if not set(scopes) <= set(app.scopes):
        return "invalid_scope"
    if asked.get("code_challenge") and asked.get("code_challenge_method") != "S256":
        return "invalid_code_challenge_method"
    return "access_denied" if asked.get("deny") else None


async def _wish(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").startswith("application/json"):
        return await json_of(request)
    return dict(parse_qsl((await request.body()).decode()))


def _challenge(wish: dict[str, Any]) -> str:
    digest = sha256(str(wish.get("code_verifier") or "").encode()).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def _back(asked: dict[str, str], **said: str) -> Response:
    if "state" in asked:
        said["state"] = asked["state"]
    return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(said)}", 302)


def _error(status: int, code: str, words: str) -> Response:
    return JSONResponse({"error": code, "error_description": words}, status)


def _invalid(words: str) -> Response:
    return JSONResponse({"error": f"Validation failed: {words}"}, 422)
