"""Answers that begin in time and end too late, whichever network gives them."""

import asyncio
from contextvars import ContextVar

from starlette.types import ASGIApp, Message, Receive, Scope, Send

slowly: ContextVar[float] = ContextVar("slowly", default=0.0)
"""Seconds between the first byte of the answer to this request and the rest of it."""


class AnswersSlowly:
    """An answer without a body is late as a whole."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun: list[Message] = []

        async def held(message: Message) -> None:
            if not (seconds := slowly.get()):
                await send(message)
            elif message["type"] == "http.response.start":
                begun.append(message)
            else:
                body = message.get("body", b"")
                if body:
                    await send(begun.pop())
                    await send({**message, "body": body[:1], "more_body": True})
                await asyncio.sleep(seconds)
                for start in begun:
                    await send(start)
                await send({**message, "body": body[1:]})

        await self._app(scope, receive, held)
