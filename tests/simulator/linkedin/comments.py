"""Comments below posts of LinkedIn, imitated from learn.microsoft.com/linkedin (Comments API)."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.faults import AFTER_ACCEPTING
from tests.simulator.linkedin.answers import broken, error, refused
from tests.simulator.linkedin.posts import length
from tests.simulator.receipts import Receipt
from tests.simulator.world import World, bearer, json_of, origin

MAXIMUM = 1250


@dataclass(kw_only=True)
class Comments:
    """`demand` refuses whoever may not speak for an author."""

    world: World
    posts: dict[str, dict[str, Any]]
    demand: Callable[[Request, str], None]
    next_id: Callable[[], str]

    def routes(self) -> list[Route]:
        return [Route("/rest/socialActions/{urn}/comments", self.create, methods=["POST"])]

    async def create(self, request: Request) -> Response:
        received_at, wish = time.time(), await json_of(request)
        root, message = request.path_params["urn"], wish.get("message")
        self.demand(request, str(wish.get("actor", "")))
        text = str(message.get("text", "")) if isinstance(message, dict) else ""
        fault = self.world.faults.take("linkedin", text)
        if fault and fault.kind not in AFTER_ACCEPTING:
            return refused(fault, bearer(request))
        if wish.keys() != {"actor", "object", "message"} or wish["object"] != root:
            return error(400, "ILLEGAL_ARGUMENT", "The object is not what is commented on")
        if root not in self.posts:
            return error(404, "NOT_FOUND", f"Could not find entity {root}")
        if not text.strip() or length(text) > MAXIMUM:
            words = f"ERROR :: /message/text :: length is not between 1 and {MAXIMUM}"
            return error(422, "INPUT_VALIDATION_ERROR", words)
        identifier = self.next_id()
        thread = f"urn:li:activity:{root.rpartition(':')[2]}"
        urn = f"urn:li:comment:({thread},{identifier})"
        self.world.receipts.add(
            Receipt(
                network="linkedin",
                account=wish["actor"],
                id=urn,
                url=f"{origin(request)}/linkedin/feed/update/{root}",
                text=text,
                key=None,
                received_at=received_at,
                parent=root,
            )
        )
        if fault:
            return await broken(fault)
        told = {"actor": wish["actor"], "object": thread, "id": identifier, "commentUrn": urn}
        return JSONResponse({**told, "message": message}, 201, {"x-restli-id": identifier})
