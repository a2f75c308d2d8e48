"""A network that makes a post of every call it accepts, and remembers all calls.

Mounted once for each plain provider; faults are asked for as at the simulator.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Literal

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from tests.simulator.faults import AFTER_ACCEPTING, Fault, Faults

NETWORKS = ("mute", "findable")

_THINKS = 0.1

Fate = Literal["accepted", "refused", "dropped"]


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call that would publish. `dropped`: not accepted, though the answer does not tell."""

    network: str
    text: str
    fate: Fate
    id: str = ""


@dataclass
class World:
    faults: Faults = field(default_factory=Faults)
    calls: list[Call] = field(default_factory=list)
    posts: list[dict[str, Any]] = field(default_factory=list)

    def forget(self) -> None:
        self.calls.clear()
        self.posts.clear()

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/_simulator/faults", self._add_fault, methods=["POST"]),
                Route("/_simulator/faults", self._forgive, methods=["DELETE"]),
                *(Mount(f"/{name}", routes=_Network(name, self).routes()) for name in NETWORKS),
            ]
        )

    async def _add_fault(self, request: Request) -> Response:
        self.faults.add(await request.json())
        return Response(status_code=204)

    async def _forgive(self, _: Request) -> Response:
        self.faults.clear()
        return Response(status_code=204)


@dataclass(frozen=True)
class _Network:
    name: str
    world: World

    def routes(self) -> list[Route]:
        return [
            Route("/posts", self.publish, methods=["POST"]),
            Route("/posts", self.list_posts),
        ]

    async def publish(self, request: Request) -> Response:
        wish = await request.json()
        await _think()
        fault = self.world.faults.take(self.name, wish["text"])
        if fault and fault.kind not in AFTER_ACCEPTING:
            return self._refused(fault, wish["text"])
        number = str(len(self.world.posts) + 1)
        url = f"{request.base_url}{number}"
        post = {**wish, "network": self.name, "id": number, "url": url}
        self.world.posts.append(post)
        self._remember(wish["text"], "accepted", number)
        await _think()
        if fault is None:
            return JSONResponse(post)
        if fault.kind == "hang_after_accepting":
            await fault.hang()
        return fault.bare_answer() if fault.kind == "status_after_accepting" else _bad_gateway()

    async def list_posts(self, request: Request) -> Response:
        wanted = (self.name, request.query_params["account"])
        posts = self.world.posts
        return JSONResponse(
            [each for each in posts if (each["network"], each["account"]) == wanted]
        )

    def _refused(self, fault: Fault, text: str) -> Response:
        if fault.kind in {"server_error_before", "status_before_accepting"}:
            self._remember(text, "dropped")
            return _bad_gateway()
        self._remember(text, "refused")
        if fault.kind == "rate_limit":
            headers = {"Retry-After": str(fault.retry_after)}
            return JSONResponse({}, 429, headers=headers)
        return JSONResponse({}, 403 if fault.kind == "permission" else 422)

    def _remember(self, text: str, fate: Fate, number: str = "") -> None:
        self.world.calls.append(Call(network=self.name, text=text, fate=fate, id=number))


async def _think() -> None:
    """Long enough for somebody to be killed meanwhile."""
    await asyncio.sleep(_THINKS)


def _bad_gateway() -> Response:
    return Response("<html>Bad gateway</html>", 502, media_type="text/html")
