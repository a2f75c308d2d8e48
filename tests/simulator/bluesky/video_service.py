"""video.bsky.app, imitated from docs.bsky.app/docs/tutorials/video and its lexicons.

It takes tokens that the account's server has given for one purpose, works on a film for a while and
then leaves it with that server as a blob. Answers differ from the lexicons where the service's do
(bluesky-social/atproto, issue 3097).
"""

import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.bluesky.answers import error
from tests.simulator.bluesky.blobs import FILM_BYTES, blob_of
from tests.simulator.bluesky.sessions import Account
from tests.simulator.bluesky.tokens import read_token
from tests.simulator.faults import AFTER_ACCEPTING, Fault
from tests.simulator.files import Seen
from tests.simulator.world import Refusal, World, bearer, json_of, origin

WORKS = 0.02
FILMS_A_DAY = 25
BYTES_A_DAY = 10_000_000_000
_TYPES = frozenset({"video/mp4", "video/mpeg", "video/quicktime", "video/webm", "image/gif"})


@dataclass(kw_only=True)
class Job:
    """`failure` is the code of why it comes to nothing, and nothing where it does not."""

    did: str
    cid: str
    film: Seen
    failure: str | None
    id: str = field(default_factory=lambda: secrets.token_hex(10))
    ready_at: float = field(default_factory=lambda: time.time() + WORKS)

    @property
    def is_done(self) -> bool:
        return self.failure is None and time.time() >= self.ready_at

    @property
    def state(self) -> str:
        if time.time() < self.ready_at:
            return "JOB_STATE_ENCODING"
        return "JOB_STATE_COMPLETED" if self.failure is None else "JOB_STATE_FAILED"

    def shown(self) -> dict[str, Any]:
        told = {"jobId": self.id, "did": self.did, "state": self.state}
        if self.is_done:
            ref = {"$type": "blob", "ref": {"$link": self.cid}}
            blob = {**ref, "mimeType": self.film.mime_type, "size": self.film.size}
            return {**told, "progress": 100, "blob": blob}
        if self.state == "JOB_STATE_FAILED":
            return {**told, "failureCode": self.failure, "message": "Failed to process video"}
        return {**told, "progress": 50}


@dataclass(kw_only=True)
class VideoService:
    """`limits` are what tests leave of an account's day, by its DID."""

    world: World
    accounts: dict[str, Account]
    jobs: dict[str, Job] = field(default_factory=dict)
    limits: dict[str, dict[str, Any]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def routes(self) -> list[Route]:
        at = "/video/xrpc/app.bsky.video"
        return [
            Route(f"{at}.getUploadLimits", self.show_limits),
            Route(f"{at}.uploadVideo", self.upload, methods=["POST"]),
            Route(f"{at}.getJobStatus", self.show_job),
        ]

    def controls(self) -> list[Route]:
        return [
            Route("/films", self.forget, methods=["DELETE"]),
            Route("/films/limits", self.limit, methods=["POST"]),
            Route("/films/failures", self.fail, methods=["POST"]),
        ]

    async def show_limits(self, request: Request) -> Response:
        account = self._sent_by(request, "/bluesky/video", "app.bsky.video.getUploadLimits")
        return JSONResponse(self._left(account))

    async def upload(self, request: Request) -> Response:
        """Only the server of the account can have let it leave a blob there."""
        account = self._sent_by(request, "/bluesky", "com.atproto.repo.uploadBlob")
        wish = request.query_params
        if wish.get("did") != account.did or not wish.get("name"):
            return error(400, "InvalidRequest", "did and name are required")
        fault = self.world.faults.take("bluesky", "", "upload")
        if fault and fault.kind not in AFTER_ACCEPTING:
            return _refused(fault, bearer(request))
        typed = request.headers.get("content-type", "")
        data = await request.body()
        if typed not in _TYPES or not 0 < len(data) <= FILM_BYTES:
            return error(400, "InvalidRequest", "The video has no type or a wrong size")
        left = self._left(account)
        if not left["canUpload"]:
            problem = {"jobId": "", "did": "", "state": "", "error": left["error"]}
            return JSONResponse({"jobStatus": problem}, 401)
        cid, film = blob_of(data, typed)
        known = self._known(account, cid)
        if known is None:
            is_film = film.mime_type == typed and 0 < film.seconds <= 180.5
            known = Job(did=account.did, cid=cid, film=film, failure="validation_failure")
            if is_film:
                known.failure = self.failures.pop() if self.failures else None
            self.jobs[known.id] = known
            answer = JSONResponse(
                {"jobId": known.id, "did": known.did, "state": "JOB_STATE_CREATED"}
            )
        else:
            told = {"error": "already_exists", "message": "Video already processed"}
            answer = JSONResponse(
                {"jobId": known.id, "did": known.did, "state": known.state, **told}, 409
            )
        return await _broken(fault) if fault else answer

    async def show_job(self, request: Request) -> Response:
        job = self.jobs.get(request.query_params.get("jobId", ""))
        if job is None:
            return error(404, "NotFound", "Job not found")
        if job.is_done:
            self.accounts[job.did].blobs[job.cid] = job.film
        return JSONResponse({"jobStatus": job.shown()})

    async def forget(self, _: Request) -> Response:
        """All of its work, and what it was to fail at."""
        self.jobs.clear()
        self.failures.clear()
        return Response(status_code=204)

    async def limit(self, request: Request) -> Response:
        wish = await json_of(request)
        self.limits[wish.pop("did")] = wish
        return Response(status_code=204)

    async def fail(self, request: Request) -> Response:
        """So many films come to nothing."""
        wish = await json_of(request)
        self.failures = [wish["code"]] * wish["times"]
        return Response(status_code=204)

    def _known(self, account: Account, cid: str) -> Job | None:
        """A job of the same film that has not failed."""
        same = (each for each in self.jobs.values() if (each.did, each.cid) == (account.did, cid))
        return next((each for each in same if each.failure is None), None)

    def _left(self, account: Account) -> dict[str, Any]:
        own = [each for each in self.jobs.values() if each.did == account.did]
        films = FILMS_A_DAY - len(own)
        left = {
            "canUpload": films > 0,
            "remainingDailyVideos": films,
            "remainingDailyBytes": BYTES_A_DAY - sum(each.film.size for each in own),
        }
        return {**left, **self.limits.get(account.did, {})}

    def _sent_by(self, request: Request, path: str, method: str) -> Account:
        """Who sends a token for one method of the service that lives at `path`."""
        claims = read_token(bearer(request), "service") if bearer(request) else None
        if claims is None:
            raise Refusal(error(401, "AuthMissing", "Authentication Required"))
        host = urlsplit(origin(request)).netloc.replace(":", "%3A")
        if claims["aud"] != f"did:web:{host}{path.replace('/', ':')}":
            words = "jwt audience does not match service did"
            raise Refusal(error(401, "BadJwtAudience", words))
        if claims["lxm"] != method:
            raise Refusal(error(401, "BadJwtLexiconMethod", "bad jwt lexicon method"))
        if claims["exp"] <= time.time():
            raise Refusal(error(401, "JwtExpired", "jwt expired"))
        return self.accounts[claims["sub"]]


def _refused(fault: Fault, token: str) -> Response:
    match fault.kind:
        case "permission":
            return error(403, "Forbidden", "Account is not allowed to upload videos")
        case "rate_limit":
            wait = {"Retry-After": str(fault.retry_after)}
            return error(429, "RateLimitExceeded", "Rate Limit Exceeded", wait)
        case "expired_token":
            return error(401, "JwtExpired", f"jwt expired ({token})")
        case "status_before_accepting":
            return fault.bare_answer()
        case "server_error_before":
            return error(502, "UpstreamFailure", "Upstream Failure")
        case _:
            return error(400, "InvalidRequest", "The video is not allowed")


async def _broken(fault: Fault) -> Response:
    if fault.kind == "malformed":
        return JSONResponse({"jobId": 5})
    if fault.kind == "status_after_accepting":
        return fault.bare_answer()
    if fault.kind == "hang_after_accepting":
        await fault.hang()
    return error(500, "InternalServerError", "Internal Server Error")
