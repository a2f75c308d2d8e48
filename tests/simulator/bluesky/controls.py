"""What a test may do to the sessions of Bluesky's imitation."""

import secrets
import time

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.bluesky.sessions import ACCESS_LIVES, GRACE, Account, Sessions
from tests.simulator.world import json_of


class Controls:
    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def routes(self) -> list[Route]:
        return [
            Route("/sessions", self.count),
            Route("/sessions", self.end, methods=["DELETE"]),
            Route("/expired_tokens", self.expire, methods=["POST"]),
            Route("/lifetimes", self.set_lifetimes, methods=["POST"]),
            Route("/passwords", self.change_password, methods=["POST"]),
        ]

    async def count(self, request: Request) -> Response:
        account = self._account(request)
        return JSONResponse({"made": account.made, "renewed": account.renewed})

    async def end(self, request: Request) -> Response:
        self._sessions.end(self._account(request).did)
        return Response(status_code=204)

    async def expire(self, _: Request) -> Response:
        """As if two hours had passed for every access token."""
        self._sessions.access_begins_at = time.time()
        return Response(status_code=204)

    async def set_lifetimes(self, request: Request) -> Response:
        wish = await json_of(request)
        self._sessions.access_lives = wish.get("access", ACCESS_LIVES)
        self._sessions.grace = wish.get("grace", GRACE)
        return Response(status_code=204)

    async def change_password(self, request: Request) -> Response:
        """As if the old one was revoked, which ends its sessions, and a new one was made."""
        account = self._account(request)
        said = {"did": account.did, "app_password": secrets.token_hex(8)}
        self._sessions.world.memory.keep("bluesky", "password", **said)
        self._sessions.change_password(**said)
        self._sessions.end(account.did)
        return JSONResponse(said)

    def _account(self, request: Request) -> Account:
        account = self._sessions.account(request.query_params["account"])
        if account is None:
            raise KeyError(request.query_params["account"])
        return account
