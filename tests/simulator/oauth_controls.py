"""What a test may do to the authorization servers: applications, and habits of their tokens."""

import time

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.oauth import Authority
from tests.simulator.world import json_of, origin


class OAuthControls:
    def __init__(self, *authorities: Authority) -> None:
        self._authorities = {one.network: one for one in authorities}

    def routes(self) -> list[Route]:
        return [
            Route("/applications", self.register, methods=["POST"]),
            Route("/expired_tokens", self.expire, methods=["POST"]),
            Route("/habits", self.set_habits, methods=["POST"]),
            Route("/habits", self.forget_habits, methods=["DELETE"]),
        ]

    async def register(self, request: Request) -> Response:
        wish = await json_of(request)
        network = wish["network"]
        authority = self._authorities[network]
        client_id, secret = authority.grants.register(wish.get("redirect_uris", ()))
        server = f"{origin(request)}/{network}"
        made = {"client_id": client_id, "client_secret": secret, "server": server}
        return JSONResponse({**made, **authority.besides(client_id)}, 201)

    async def expire(self, _: Request) -> Response:
        """As if the time had passed for every access token."""
        for authority in self._authorities.values():
            authority.grants.access_begins_at = time.time()
        return Response(status_code=204)

    async def set_habits(self, request: Request) -> Response:
        wish = await json_of(request)
        authority = self._authorities[wish["network"]]
        authority.renews = wish.get("renews", True)
        authority.forgets_expiry = wish.get("forgets_expiry", False)
        return Response(status_code=204)

    async def forget_habits(self, _: Request) -> Response:
        for authority in self._authorities.values():
            authority.renews, authority.forgets_expiry = True, False
        return Response(status_code=204)
