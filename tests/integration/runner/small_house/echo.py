"""Answers with what arrived."""

import asyncio
import os
from typing import Any

from fastapi import Request, Response

from shared.infrastructure.http import create_app, lambda_handler

app = create_app("Echo", largest_body=10 * 1024 * 1024)  # as much as the gateway lets through
_METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]


@app.api_route("/api/v1/echo/{rest:path}", methods=_METHODS, include_in_schema=False)
async def echo(request: Request, rest: str) -> Any:
    if rest == "cookies":
        response = Response(b"\xff\x00", media_type="image/png")
        response.set_cookie("a", "1")
        response.set_cookie("b", "2")
        return response
    if rest == "slow":
        await asyncio.sleep(0.5)
    return {
        "method": request.method,
        "rest": rest,
        "query": request.url.query,
        "scheme": request.url.scheme,
        "client": request.client.host if request.client else None,
        "headers": dict(request.headers),
        "process": os.getpid(),
        "body": (await request.body()).decode("latin-1"),
    }


@app.get("/api/v1/echo")
def described() -> dict[str, str]:
    return {}


handler = lambda_handler(app)
