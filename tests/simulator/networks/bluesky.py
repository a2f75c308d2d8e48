"""A PDS and the pages of an app, imitated from atproto.com and bluesky-social/atproto."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.bluesky.answers import error, rate_headers, throttled
from tests.simulator.bluesky.blobs import BlobProblem, blob_of, embedded
from tests.simulator.bluesky.controls import Controls
from tests.simulator.bluesky.invalid import InvalidRecord
from tests.simulator.bluesky.rules import check_post, is_tid
from tests.simulator.bluesky.sessions import Account, Sessions
from tests.simulator.bluesky.video_service import VideoService
from tests.simulator.faults import AFTER_ACCEPTING, Fault
from tests.simulator.rate_windows import RateWindow
from tests.simulator.receipts import Receipt
from tests.simulator.world import Refusal, World, bearer, json_of, origin, page

POST = "app.bsky.feed.post"
POINTS_AN_HOUR = 5000
POINTS_A_POST = 3


@dataclass(kw_only=True)
class Bluesky:
    world: World
    accounts: dict[str, Account] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sessions = Sessions(world=self.world, accounts=self.accounts)
        self.films = VideoService(world=self.world, accounts=self.accounts)
        remember: dict[str, Callable[..., None]] = {
            "account": self._add_account,
            "password": self.sessions.change_password,
            "record": self._add_record,
            "refresh_token": self.sessions.remember_token,
        }
        for kind, said in self.world.memory.kept("bluesky"):
            remember[kind](**said)

    def routes(self) -> list[Route]:
        return [
            *self.sessions.routes(),
            *self.films.routes(),
            Route("/xrpc/com.atproto.repo.createRecord", self.create_record, methods=["POST"]),
            Route("/xrpc/com.atproto.repo.uploadBlob", self.upload_blob, methods=["POST"]),
            Route("/xrpc/com.atproto.repo.getRecord", self.get_record),
            Route("/xrpc/com.atproto.identity.resolveHandle", self.resolve_handle),
            Route("/xrpc/app.bsky.actor.getProfile", self.get_profile),
            Route("/profile/{handle}/post/{rkey}", self.show_page),
        ]

    def controls(self) -> list[Route]:
        return [*Controls(self.sessions).routes(), *self.films.controls()]

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
        return {
            "service": f"{origin}/bluesky",
            "video_service": f"{origin}/bluesky/video",
            **typed,
        }

    def _add_account(self, did: str, points: int, handle: str, app_password: str) -> None:
        self.accounts[did] = Account(
            did=did,
            handle=handle,
            app_password=app_password,
            writes=RateWindow(limit=points, seconds=3600),
        )

    def _add_record(self, did: str, rkey: str, record: dict[str, Any]) -> None:
        self.accounts[did].records[rkey] = record

    async def create_record(self, request: Request) -> Response:
        received_at = time.time()
        wish = await json_of(request)
        account = self.sessions.caller(request)
        record = wish.get("record")
        text = str(record.get("text", "")) if isinstance(record, dict) else ""
        fault = self.world.faults.take("bluesky", text)
        if fault and fault.kind not in AFTER_ACCEPTING:
            return _refused(fault, account, bearer(request))
        _check_write(wish, account)
        said: dict[str, Any] = wish["record"]
        rkey = wish["rkey"]
        shown = _shown(account, said)
        uri = f"at://{account.did}/{POST}/{rkey}"
        if rkey in account.records:
            self.world.receipts.repeated("bluesky", uri)
            return error(500, "InternalServerError", "Internal Server Error")
        self.world.memory.keep("bluesky", "record", did=account.did, rkey=rkey, record=said)
        self._add_record(account.did, rkey, said)
        self.world.receipts.add(
            Receipt(
                network="bluesky",
                account=account.handle,
                id=uri,
                url=f"{origin(request)}/bluesky/profile/{account.handle}/post/{rkey}",
                text=text,
                key=rkey,
                received_at=received_at,
                parent=said["reply"]["parent"]["uri"] if "reply" in said else None,
                media=shown,
            )
        )
        if fault:
            return await _broken(fault)
        made = {"uri": uri, "cid": _cid(said), "validationStatus": "valid"}
        return JSONResponse(made, headers=rate_headers(account.writes))

    async def upload_blob(self, request: Request) -> Response:
        account = self.sessions.caller(request)
        fault = self.world.faults.take("bluesky", "", "upload")
        if fault and fault.kind not in AFTER_ACCEPTING:
            return _refused(fault, account, bearer(request))
        typed = request.headers.get("content-type", "")
        try:
            cid, blob = blob_of(await request.body(), typed)
        except BlobProblem as problem:
            return error(400, problem.name, str(problem))
        account.blobs[cid] = blob
        if fault:
            return await _broken(fault)
        told = {"$type": "blob", "ref": {"$link": cid}}
        return JSONResponse({"blob": {**told, "mimeType": blob.mime_type, "size": blob.size}})

    async def get_record(self, request: Request) -> Response:
        wish = request.query_params
        account = self.sessions.account(wish.get("repo", ""))
        record = account.records.get(wish.get("rkey", "")) if account else None
        if account is None or record is None or wish.get("collection") != POST:
            uri = f"at://{wish.get('repo')}/{wish.get('collection')}/{wish.get('rkey')}"
            return error(400, "RecordNotFound", f"Could not locate record: {uri}")
        uri = f"at://{account.did}/{POST}/{wish['rkey']}"
        return JSONResponse({"uri": uri, "cid": _cid(record), "value": record})

    async def resolve_handle(self, request: Request) -> Response:
        account = self.sessions.account(request.query_params.get("handle", "").lower())
        if account is None:
            return error(400, "InvalidRequest", "Unable to resolve handle")
        return JSONResponse({"did": account.did})

    async def get_profile(self, request: Request) -> Response:
        account = self.sessions.account(request.query_params.get("actor", ""))
        if account is None:
            return error(400, "InvalidRequest", "Profile not found")
        name = account.handle.partition(".")[0].capitalize()
        return JSONResponse({"did": account.did, "handle": account.handle, "displayName": name})

    async def show_page(self, request: Request) -> Response:
        account = self.sessions.account(request.path_params["handle"])
        record = account.records.get(request.path_params["rkey"]) if account else None
        if account is None or record is None:
            return error(404, "NotFound", "Post not found")
        return page(f"@{account.handle}", record["text"])


def _shown(account: Account, record: dict[str, Any]) -> list[dict[str, Any]]:
    try:
        return embedded(record.get("embed"), account.blobs)
    except BlobProblem as problem:
        raise Refusal(error(400, problem.name, str(problem))) from problem


def _check_write(wish: dict[str, Any], account: Account) -> None:
    if not account.writes.take(POINTS_A_POST):
        raise Refusal(throttled(account.writes))
    if wish.get("repo") not in (account.did, account.handle):
        raise Refusal(error(401, "AuthenticationRequired", "Authentication Required"))
    if wish.get("collection") != POST or not is_tid(wish.get("rkey")):
        raise Refusal(error(400, "InvalidRequest", "Invalid record key: it must be a TID"))
    try:
        check_post(wish.get("record"))
    except InvalidRecord as problem:
        words = f"Invalid {POST} record: {problem}"
        raise Refusal(error(400, "InvalidRequest", words)) from problem
    except (AttributeError, KeyError, TypeError) as problem:
        raise Refusal(error(400, "InvalidRequest", f"Invalid {POST} record")) from problem


def _refused(fault: Fault, account: Account, token: str) -> Response:
    match fault.kind:
        case "permission":
            return error(403, "Forbidden", "Bad token scope")
        case "rate_limit":
            return throttled(account.writes, fault.retry_after)
        case "expired_token":
            return error(400, "ExpiredToken", f"Token has expired ({token})")
        case "status_before_accepting":
            return fault.bare_answer()
        case "server_error_before":
            return error(502, "UpstreamFailure", "Upstream Failure")
        case _:
            return error(400, "InvalidRequest", f"Invalid {POST} record: Record is not allowed")


async def _broken(fault: Fault) -> Response:
    """Answers of calls that were accepted."""
    if fault.kind == "malformed":
        return JSONResponse({"cid": _cid({})})
    if fault.kind == "status_after_accepting":
        return fault.bare_answer()
    if fault.kind == "hang_after_accepting":
        await fault.hang()
    return error(500, "InternalServerError", "Internal Server Error")


def _cid(record: dict[str, Any]) -> str:
    """What a record says, in short: a CIDv1 of its kind, but of JSON where a PDS hashes CBOR."""
    digest = hashlib.sha256(json.dumps(record, sort_keys=True).encode()).digest()
    return "b" + base64.b32encode(b"\x01\x71\x12\x20" + digest).decode().lower().rstrip("=")


imitation = Bluesky
