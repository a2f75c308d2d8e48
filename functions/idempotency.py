"""Routes that create do so once, however often a caller who names a key asks."""

import logging
from collections.abc import Callable
from hashlib import sha256
from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from functions.dependencies import current_actor
from functions.routing import InPlaceRoute
from shared.infrastructure.http_errors import ErrorsOut, refuse
from shared.infrastructure.tokens import tokens
from shared.kernel.errors import Conflict, Unavailable
from shared.operations.adapters.answers import claim, keep, release
from shared.operations.domain.idempotency import Answer, KeyedRequest, demand_key

logger = logging.getLogger(__name__)

_HEADER = "Idempotency-Key"
_REPLAYED = "Idempotency-Replayed"
_PASSING = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.TOO_MANY_REQUESTS,
}
"""What another header, another role or another minute would change: not the request's answer."""

_PARAMETER = {
    "name": _HEADER,
    "in": "header",
    "required": False,
    "description": (
        "1 to 255 visible ASCII characters of your choice, new for each thing to create. The same "
        "request sent again with the same key within 24 hours is answered as before, with "
        f"`{_REPLAYED}: true`, and creates nothing."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "example": "0192f3a4-5b6c-7d8e-9f00-112233445566",
}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    HTTPStatus.CREATED.value: {
        "headers": {
            _REPLAYED: {
                "description": "The request was answered before: this is that answer",
                "schema": {"type": "string", "enum": ["true"]},
            }
        }
    },
    HTTPStatus.CONFLICT.value: {
        "model": ErrorsOut,
        "description": (
            "Not in a state for that; or `IDEMPOTENCY_KEY_REUSED`, another request has the key; or "
            "`IDEMPOTENCY_IN_PROGRESS`, the first request with the key is still being done; or "
            "`ANSWER_SHOWN_ONCE`, it was done, and its answer held a secret that is not kept"
        ),
    },
}


class IdempotentRoute(InPlaceRoute):
    """Lets a router's POST routes that answer 201 accept `Idempotency-Key`, others as they are.

    Without the header nothing happens. With it, the caller is proved and the key claimed before
    the route runs, and its answer kept before it is sent.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **settings: Any) -> None:
        self._creates = (
            settings["status_code"] == HTTPStatus.CREATED and "POST" in settings["methods"]
        )
        if self._creates:
            settings["responses"] = _RESPONSES | settings["responses"]
            extra = settings["openapi_extra"] or {}
            parameters = [*extra.get("parameters", []), _PARAMETER]
            settings["openapi_extra"] = extra | {"parameters": parameters}
        super().__init__(path, endpoint, **settings)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        key = request.headers.get(_HEADER)
        if key is None or not self._creates or request.method != "POST":
            await super().handle(scope, receive, send)
            return
        actor = await current_actor(request)
        demand_key(key)
        body = await request.body()
        asked = KeyedRequest(
            organization_id=actor.organization_id,
            user_id=actor.user_id,
            key=key,
            fingerprint=_fingerprint(scope, body),
        )
        claimed = claim(asked)
        if isinstance(claimed, Answer):
            await _replay(claimed)(scope, receive, send)
            return
        held: list[Message] = []

        async def hold(message: Message) -> None:
            held.append(message)

        try:
            await super().handle(scope, _readable_again(body, receive), hold)
        except Exception:
            _settle(claimed, None)
            raise
        _settle(claimed, _answer(held))
        for message in held:
            await send(message)


def _fingerprint(scope: Scope, body: bytes) -> str:
    """Keyed, because a body may carry a password."""
    parts = [scope["method"].encode(), scope["path"].encode(), scope["query_string"], body]
    return tokens().keyed_hash("".join(sha256(part).hexdigest() for part in parts))


def _readable_again(body: bytes, receive: Receive) -> Receive:
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive_again() -> Message:
        return next(messages, None) or await receive()

    return receive_again


def _answer(messages: list[Message]) -> Answer:
    """What repetitions get: not a secret, which is marked by ``Cache-Control: no-store``."""
    start, *rest = messages
    headers = Headers(raw=start["headers"])
    is_done = start["status"] < HTTPStatus.MULTIPLE_CHOICES
    if is_done and headers.get("cache-control") == "no-store":
        refusal = refuse(Conflict("ANSWER_SHOWN_ONCE", "It is done; its answer was shown once"))
        return Answer(
            status_code=refusal.status_code,
            content_type=refusal.media_type,
            body=bytes(refusal.body),
        )
    return Answer(
        status_code=start["status"],
        content_type=headers.get("content-type"),
        body=b"".join(message.get("body", b"") for message in rest),
    )


def _settle(claim_id: UUID, answer: Answer | None) -> None:
    """End a claim. Where the database is gone by now, it lapses; the caller is answered anyway."""
    try:
        if answer is not None and _is_final(answer.status_code):
            keep(claim_id, answer)
        else:
            release(claim_id)
    except Unavailable:
        logger.warning("idempotency_claim_left", extra={"claim_id": str(claim_id)})


def _is_final(status_code: int) -> bool:
    return status_code < HTTPStatus.INTERNAL_SERVER_ERROR and status_code not in _PASSING


def _replay(answer: Answer) -> Response:
    headers = {_REPLAYED: "true"}
    if answer.content_type is not None:
        headers["Content-Type"] = answer.content_type
    return Response(answer.body, answer.status_code, headers)
