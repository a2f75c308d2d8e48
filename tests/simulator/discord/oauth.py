"""Discord's way of adding a bot to a server (discord.com/developers/docs: bot authorization)."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.simulator.oauth import Authority


@dataclass(kw_only=True)
class DiscordAuthority(Authority):
    """An application has a bot; whoever says yes has it join a server of theirs.

    `new_bot` answers a token, `join` the id of the server that the bot of a token is in by then.
    """

    new_bot: Callable[[], str]
    join: Callable[[str], str]
    bots: dict[str, str] = field(default_factory=dict)

    def remembering(self) -> dict[str, Callable[..., None]]:
        return {**self.grants.remembering(), "applications_bot": self._add_bot}

    def besides(self, client_id: str) -> dict[str, str]:
        token = self.new_bot()
        said = {"client_id": client_id, "token": token}
        self.grants.world.memory.keep("discord", "applications_bot", **said)
        self._add_bot(**said)
        return {"bot_token": token}

    def _add_bot(self, client_id: str, token: str) -> None:
        self.bots[client_id] = token

    async def authorize(self, request: Request) -> Response:
        """Of a bot it is asked what it may do."""
        if not request.query_params.get("permissions", "").isdecimal():
            return Response("Invalid permissions", 400)
        return await super().authorize(request)

    async def token(self, request: Request) -> Response:
        answer = await super().token(request)
        if answer.status_code != 200:
            return answer
        told = json.loads(bytes(answer.body))
        if "access_token" not in told or not isinstance(told["access_token"], str):
            return answer
        access = self.grants.access(told["access_token"])
        assert access
        guild = {"id": self.join(self.bots[access.client_id]), "name": "A server of theirs"}
        return JSONResponse({**told, "guild": guild})
