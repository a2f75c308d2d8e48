"""A network that works on what it is given, until it has been asked for it twice.

It never knows a repeat: each call that publishes makes a post.
"""

import time
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.faults import AFTER_ACCEPTING, Call, Fault
from tests.simulator.receipts import Receipt
from tests.simulator.world import Refusal, World, json_of, origin

LOOKS = 2


@dataclass(kw_only=True)
class Work:
    id: str
    account: str
    text: str
    key: str
    by_itself: bool
    looks_left: int = LOOKS
    post: str | None = None


@dataclass(kw_only=True)
class Workshop:
    name: str
    world: World
    works: dict[str, Work] = field(default_factory=dict)
    accounts: set[str] = field(default_factory=set)
    looks: int = LOOKS

    def routes(self) -> list[Route]:
        return [
            Route("/works", self.begin, methods=["POST"]),
            Route("/works/{id}", self.look),
            Route("/works/{id}/publish", self.publish, methods=["POST"]),
        ]

    def controls(self) -> list[Route]:
        return [Route("/slowness", self.slow_down, methods=["POST"])]

    async def slow_down(self, request: Request) -> Response:
        """So many looks until what begins from now on is ready."""
        self.looks = (await request.json())["looks"]
        return Response(status_code=204)

    def new_account(self, origin: str, **_: Any) -> dict[str, str]:
        account = f"person{len(self.accounts) + 1}"
        self.accounts.add(account)
        return {"service": f"{origin}/{self.name}", "account": account}

    async def begin(self, request: Request) -> Response:
        wish = await json_of(request)
        if wish["account"] not in self.accounts:
            raise Refusal(JSONResponse({}, 401))
        fault = self._fault(wish["text"], "publish" if wish["by_itself"] else "upload")
        work = Work(id=f"w{len(self.works) + 1}", looks_left=self.looks, **wish)
        self.works[work.id] = work
        return await _ended({"work": work.id}, fault)

    async def look(self, request: Request) -> Response:
        work = self._work(request)
        work.looks_left -= 1
        if work.looks_left <= 0 and work.by_itself and work.post is None:
            self._make_post(work, request)
        if work.post is not None:
            return JSONResponse({"state": "published", **self._shown(work, request)})
        return JSONResponse({"state": "working" if work.looks_left > 0 else "ready"})

    async def publish(self, request: Request) -> Response:
        work = self._work(request)
        if work.looks_left > 0:
            return JSONResponse({"error": "It is not ready"}, 422)
        fault = self._fault(work.text, "publish")
        self._make_post(work, request)
        return await _ended(self._shown(work, request), fault)

    def _work(self, request: Request) -> Work:
        work = self.works.get(request.path_params["id"])
        if work is None:
            raise Refusal(JSONResponse({}, 404))
        return work

    def _make_post(self, work: Work, request: Request) -> None:
        work.post = f"{work.id}p{time.time_ns()}"
        self.world.receipts.add(
            Receipt(
                network=self.name,
                account=work.account,
                id=work.post,
                url=self._shown(work, request)["url"],
                text=work.text,
                key=work.key,
                received_at=time.time(),
            )
        )

    def _shown(self, work: Work, request: Request) -> dict[str, Any]:
        return {"id": work.post, "url": f"{origin(request)}/{self.name}/{work.post}"}

    def _fault(self, text: str, call: Call) -> Fault | None:
        """One that is met after accepting; before, it ends the call."""
        fault = self.world.faults.take(self.name, text, call)
        if fault is None or fault.kind in AFTER_ACCEPTING:
            return fault
        match fault.kind:
            case "rate_limit":
                refused: Response = JSONResponse({}, 429, headers={"Retry-After": "30"})
            case "expired_token":
                refused = JSONResponse({}, 401)
            case "permission":
                refused = JSONResponse({}, 403)
            case "server_error_before" | "status_before_accepting":
                refused = Response(status_code=502)
            case _:
                refused = JSONResponse({}, 422)
        raise Refusal(refused)


async def _ended(said: dict[str, Any], fault: Fault | None) -> Response:
    if fault is None:
        return JSONResponse(said)
    if fault.kind == "hang_after_accepting":
        await fault.hang()
    if fault.kind == "malformed":
        return JSONResponse({})
    return Response(status_code=502)
