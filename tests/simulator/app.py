"""The simulator: the networks under one address, and how a test speaks to whoever runs them."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.simulator.imitation import Authorizes, Controlled, imitations
from tests.simulator.memory import Memory
from tests.simulator.oauth_controls import OAuthControls
from tests.simulator.receipts import asked_by
from tests.simulator.slow_bodies import AnswersSlowly
from tests.simulator.world import Refusal, World, origin, refuse


def create_app(memory: Path | None = None) -> Starlette:
    """A world of its own, which begins with what `memory` holds."""
    world = World(memory=Memory(memory))
    networks = imitations(world)
    authorities = (one.authority for one in networks.values() if isinstance(one, Authorizes))
    controls = {
        slug: one.controls() for slug, one in networks.items() if isinstance(one, Controlled)
    }

    async def create_account(request: Request) -> Response:
        wish = await request.json()
        network = wish.pop("network", None)
        if network not in networks:
            return _refused(f"there is no network {network!r}")
        return JSONResponse({"fields": networks[network].new_account(origin(request), **wish)}, 201)

    async def add_fault(request: Request) -> Response:
        try:
            world.faults.add(await request.json())
        except (TypeError, ValueError) as error:
            return _refused(str(error))
        return Response(status_code=204)

    async def count_faults(_: Request) -> Response:
        return JSONResponse(world.faults.waiting())

    async def list_receipts(request: Request) -> Response:
        wish = request.query_params
        return JSONResponse(world.receipts.shown(wish.get("network"), wish.get("account")))

    return Starlette(
        routes=[
            *(Mount(f"/{slug}", routes=one.routes()) for slug, one in networks.items()),
            Route("/_simulator/networks", _always(sorted(networks))),
            Route("/_simulator/accounts", create_account, methods=["POST"]),
            Route("/_simulator/faults", add_fault, methods=["POST"]),
            Route("/_simulator/faults", count_faults),
            Route("/_simulator/faults", _does(world.faults.clear), methods=["DELETE"]),
            Route("/_simulator/receipts", list_receipts),
            Route("/_simulator/receipts", _does(world.receipts.clear), methods=["DELETE"]),
            Mount("/_simulator/oauth", routes=OAuthControls(*authorities).routes()),
            *(Mount(f"/_simulator/{slug}", routes=own) for slug, own in controls.items()),
        ],
        exception_handlers={Refusal: refuse},
        middleware=[Middleware(_NotesWhatItGoesBackTo), Middleware(AnswersSlowly)],
    )


class _NotesWhatItGoesBackTo:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            asked_by.set(Headers(scope=scope).get("x-request-id"))
        await self._app(scope, receive, send)


def _always(content: Any) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_: Request) -> Response:
        return JSONResponse(content)

    return answer


def _does(act: Callable[[], None]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_: Request) -> Response:
        act()
        return Response(status_code=204)

    return answer


def _refused(words: str) -> Response:
    return JSONResponse({"error": words}, 400)
