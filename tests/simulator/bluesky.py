"""A PDS and the pages of an app, imitated from atproto.com and bluesky-social/atproto."""

import base64
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.bluesky_rules import InvalidRecord, check_post, is_tid
from tests.simulator.faults import AFTER_ACCEPTING, Fault
from tests.simulator.rate_windows import RateWindow
from tests.simulator.receipts import Receipt
from tests.simulator.world import Refusal, World, bearer, origin, page

POST = "app.bsky.feed.post"
ACCESS_LIVES = 2 * 3600
REFRESH_LIVES = 90 * 24 * 3600
POINTS_AN_HOUR = 5000
POINTS_A_POST = 3


@dataclass(kw_only=True)
class Account:
    did: str
    handle: str
    app_password: str
    writes: RateWindow
    logins: RateWindow = field(default_factory=lambda: RateWindow(limit=30, seconds=300))
    records: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Token:
    account: Account
    scope: str
    expires_at: float


@dataclass(kw_only=True)
class Bluesky:
    world: World
    accounts: dict[str, Account] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for kind, said in self.world.memory.kept("bluesky"):
            if kind == "account":
                self._add_account(**said)
            else:
                self._add_record(**said)

    def routes(self) -> list[Route]:
        return [
            Route("/xrpc/com.atproto.server.createSession", self.create_session, methods=["POST"]),
            Route("/xrpc/com.atproto.server.refreshSession", self.refresh, methods=["POST"]),
            Route("/xrpc/com.atproto.repo.createRecord", self.create_record, methods=["POST"]),
            Route("/xrpc/com.atproto.repo.getRecord", self.get_record),
            Route("/xrpc/com.atproto.identity.resolveHandle", self.resolve_handle),
            Route("/xrpc/app.bsky.actor.getProfile", self.get_profile),
            Route("/profile/{handle}/post/{rkey}", self.show_page),
        ]

    def new_account(self, origin: str, *, posts_allowed: int | None = None) -> dict[str, str]:
        """What a person would type to connect it."""
        points = POINTS_AN_HOUR if posts_allowed is None else posts_allowed * POINTS_A_POST
        letters = "abcdefghijklmnopqrstuvwxyz234567"
        did = "did:plc:" + "".join(secrets.choice(letters) for _ in range(24))
        typed = {
            "handle": f"person{len(self.accounts) + 1}.bsky.test",
            "app_password": "-".join(secrets.token_hex(2) for _ in range(4)),
        }
        self.world.memory.keep("bluesky", "account", did=did, points=points, **typed)
        self._add_account(did=did, points=points, **typed)
        return {"service": f"{origin}/bluesky", **typed}

    def _add_account(self, did: str, points: int, handle: str, app_password: str) -> None:
        self.accounts[did] = Account(
            did=did,
            handle=handle,
            app_password=app_password,
            writes=RateWindow(limit=points, seconds=3600),
        )

    def _add_record(self, did: str, rkey: str, record: dict[str, Any]) -> None:
        self.accounts[did].records[rkey] = record

    def expire_tokens(self) -> None:
        """As if two hours had passed for every access token."""
        for token, meaning in self.tokens.items():
            if meaning.scope == "access":
                self.tokens[token] = Token(account=meaning.account, scope="access", expires_at=0.0)

    async def create_session(self, request: Request) -> Response:
        wish = await _json(request)
        account = self._account(str(wish.get("identifier", "")).lower())
        if account and not account.logins.take():
            return _throttled(account.logins)
        if account is None or wish.get("password") != account.app_password:
            return _error(401, "AuthenticationRequired", "Invalid identifier or password")
        return self._session(account)

    async def refresh(self, request: Request) -> Response:
        account = self._caller(request, "refresh")
        del self.tokens[bearer(request)]
        return self._session(account)

    def _session(self, account: Account) -> Response:
        return JSONResponse(
            {
                "did": account.did,
                "handle": account.handle,
                "accessJwt": self._token(account, "access", ACCESS_LIVES),
                "refreshJwt": self._token(account, "refresh", REFRESH_LIVES),
                "active": True,
            }
        )

    def _token(self, account: Account, scope: str, lives: int) -> str:
        claims = {"scope": f"com.atproto.{scope}", "sub": account.did, "exp": time.time() + lives}
        parts = ({"typ": "JWT", "alg": "HS256"}, claims)
        encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts]
        token = ".".join([*(part.rstrip("=") for part in encoded), secrets.token_urlsafe(32)])
        self.tokens[token] = Token(account=account, scope=scope, expires_at=time.time() + lives)
        return token

    def _caller(self, request: Request, scope: str) -> Account:
        """The account of a token that was issued here."""
        token = self.tokens.get(bearer(request))
        if not bearer(request):
            raise Refusal(_error(401, "AuthMissing", "Authentication Required"))
        if token is None or token.scope != scope:
            raise Refusal(_error(400, "InvalidToken", "Token could not be verified"))
        if token.expires_at <= time.time():
            raise Refusal(_error(400, "ExpiredToken", "Token has expired"))
        return token.account

    def _account(self, identifier: str) -> Account | None:
        named = (each for each in self.accounts.values() if each.handle == identifier)
        return self.accounts.get(identifier) or next(named, None)

    async def create_record(self, request: Request) -> Response:
        received_at = time.time()
        wish = await _json(request)
        account = self._caller(request, "access")
        record = wish.get("record")
        text = str(record.get("text", "")) if isinstance(record, dict) else ""
        fault = self.world.faults.take("bluesky", text)
        if fault and fault.kind not in AFTER_ACCEPTING:
            return _refused(fault, account, bearer(request))
        _check_write(wish, account)
        rkey = wish["rkey"]
        uri = f"at://{account.did}/{POST}/{rkey}"
        if rkey in account.records:
            self.world.receipts.repeated(uri)
            return _error(500, "InternalServerError", "Internal Server Error")
        self.world.memory.keep("bluesky", "record", did=account.did, rkey=rkey, record=record)
        self._add_record(account.did, rkey, wish["record"])
        self.world.receipts.add(
            Receipt(
                network="bluesky",
                account=account.handle,
                id=uri,
                url=f"{origin(request)}/bluesky/profile/{account.handle}/post/{rkey}",
                text=text,
                key=rkey,
                received_at=received_at,
            )
        )
        if fault:
            return await _broken(fault)
        shown = {"uri": uri, "cid": _cid(), "validationStatus": "valid"}
        return JSONResponse(shown, headers=_rate_headers(account.writes))

    async def get_record(self, request: Request) -> Response:
        wish = request.query_params
        account = self._account(wish.get("repo", ""))
        record = account.records.get(wish.get("rkey", "")) if account else None
        if account is None or record is None or wish.get("collection") != POST:
            uri = f"at://{wish.get('repo')}/{wish.get('collection')}/{wish.get('rkey')}"
            return _error(400, "RecordNotFound", f"Could not locate record: {uri}")
        uri = f"at://{account.did}/{POST}/{wish['rkey']}"
        return JSONResponse({"uri": uri, "cid": _cid(), "value": record})

    async def resolve_handle(self, request: Request) -> Response:
        account = self._account(request.query_params.get("handle", "").lower())
        if account is None:
            return _error(400, "InvalidRequest", "Unable to resolve handle")
        return JSONResponse({"did": account.did})

    async def get_profile(self, request: Request) -> Response:
        account = self._account(request.query_params.get("actor", ""))
        if account is None:
            return _error(400, "InvalidRequest", "Profile not found")
        name = account.handle.partition(".")[0].capitalize()
        return JSONResponse({"did": account.did, "handle": account.handle, "displayName": name})

    async def show_page(self, request: Request) -> Response:
        account = self._account(request.path_params["handle"])
        record = account.records.get(request.path_params["rkey"]) if account else None
        if account is None or record is None:
            return _error(404, "NotFound", "Post not found")
        return page(f"@{account.handle}", record["text"])


async def _json(request: Request) -> dict[str, Any]:
    try:
        decoded = json.loads(await request.body())
    except ValueError:
        return {}
    return decoded if isinstance(decoded, dict) else {}


def _check_write(wish: dict[str, Any], account: Account) -> None:
    if not account.writes.take(POINTS_A_POST):
        raise Refusal(_throttled(account.writes))
    if wish.get("repo") not in (account.did, account.handle):
        raise Refusal(_error(401, "AuthenticationRequired", "Authentication Required"))
    if wish.get("collection") != POST or not is_tid(wish.get("rkey")):
        raise Refusal(_error(400, "InvalidRequest", "Invalid record key: it must be a TID"))
    try:
        check_post(wish.get("record"))
    except InvalidRecord as error:
        words = f"Invalid {POST} record: {error}"
        raise Refusal(_error(400, "InvalidRequest", words)) from error
    except (AttributeError, KeyError, TypeError) as error:
        raise Refusal(_error(400, "InvalidRequest", f"Invalid {POST} record")) from error


def _refused(fault: Fault, account: Account, token: str) -> Response:
    match fault.kind:
        case "permission":
            return _error(403, "Forbidden", "Bad token scope")
        case "rate_limit":
            return _throttled(account.writes, {"Retry-After": str(fault.retry_after)})
        case "expired_token":
            return _error(400, "ExpiredToken", f"Token has expired ({token})")
        case "status_before_accepting":
            return fault.bare_answer()
        case "server_error_before":
            return _error(502, "UpstreamFailure", "Upstream Failure")
        case _:
            return _error(400, "InvalidRequest", f"Invalid {POST} record: Record is not allowed")


async def _broken(fault: Fault) -> Response:
    """Answers of calls that were accepted."""
    if fault.kind == "malformed":
        return JSONResponse({"cid": _cid()})
    if fault.kind == "status_after_accepting":
        return fault.bare_answer()
    if fault.kind == "hang_after_accepting":
        await fault.hang()
    return _error(500, "InternalServerError", "Internal Server Error")


def _throttled(window: RateWindow, headers: dict[str, str] | None = None) -> Response:
    told = {**_rate_headers(window), "RateLimit-Remaining": "0", **(headers or {})}
    return _error(429, "RateLimitExceeded", "Rate Limit Exceeded", told)


def _rate_headers(window: RateWindow) -> dict[str, str]:
    return {
        "RateLimit-Limit": str(window.limit),
        "RateLimit-Remaining": str(window.remaining),
        "RateLimit-Reset": str(int(window.ends_at or time.time() + window.seconds)),
        "RateLimit-Policy": f"{window.limit};w={window.seconds}",
    }


def _error(status: int, name: str, message: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": name, "message": message}, status, headers=headers)


def _cid() -> str:
    return "bafyrei" + secrets.token_hex(26)
